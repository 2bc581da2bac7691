"""Follow a source: read it now, and again every quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urljoin

from donate import clock
from donate.articles.bring_in import bring_in
from donate.articles.fetch import Fetched, Limits, fetch
from donate.articles.import_story import ImportResult
from donate.articles.importers.detect import detect
from donate.articles.importers.encoding import read_markup
from donate.articles.importers.feed_link import find_feed_link
from donate.articles.importers.wordpress_rest import is_rest_address, read_wordpress_site
from donate.articles.models import ArticleSource
from donate.articles.queries import find_source, list_sources
from donate.articles.read_source import read_answer
from donate.articles.sentences import say_why
from donate.articles.story import Skipped, Story
from donate.db import committed, db
from donate.errors import Unreadable
from donate.newsroom.queries import find_newsroom
from donate.queue.enqueue import enqueue

# A job's lease is a minute and a half: what a source has new since the last reading must fit in it.
_JOB_LIMITS = Limits(most=20 * 1024 * 1024, total=20)
_JOB_TIME = timedelta(seconds=50)
# Clocks differ, and a story may be saved while its list is drawn: look a little further back than needed.
_MARGIN = timedelta(hours=1)


def follow_source(url: str, *, zone: str, on_progress: Callable[[int], None] = lambda _count: None) -> ImportResult:
    """Read a source whole and keep its address; called outside ``committed()``.

    Args:
        url: Of an RSS or Atom feed, or of WordPress's REST API.
        zone: The newsroom's.
        on_progress: As ``bring_in`` takes it.

    Raises:
        Unreadable: ``followed_already``, ``not_followable`` (kind), ``page_with_feed`` (feed), and what fetching says.
    """
    if find_source(url) is not None:
        raise Unreadable("followed_already")
    # Looked at before anything is kept: a mistyped address is told at once.
    answer = fetch(url)
    with answer.file:
        kind = _followable(answer)
        begun = clock.real_now()
        if kind == "feed":
            result = bring_in(read_answer(answer, zone=zone), url, on_progress=on_progress)
        else:
            result = bring_in(read_wordpress_site(url, fetch, zone=zone), url, on_progress=on_progress)
    with committed() as session:
        source = ArticleSource(url=url, format=kind, created_at=begun)
        _note(source, answer, begun)
        session.add(source)
    return result


def unfollow_source(url: str) -> None:
    """Follow a source no more; its stories stay.

    Raises:
        Unreadable: ``not_followed``.
    """
    with committed() as session:
        source = find_source(url)
        if source is None:
            raise Unreadable("not_followed")
        session.delete(source)


def queue_sources(slot: str) -> None:
    """Ask for a job for each followed source.

    Args:
        slot: Which quarter of an hour it is, so that each is read once in it.
    """
    with committed():
        for source in list_sources():
            enqueue("read_source", f"read_source:{source.id}:{slot}", source_id=source.id)


def read_followed(source_id: int) -> None:
    """Read what is new in a followed source; what goes wrong is noted, and the next quarter tries again.

    Args:
        source_id: Its key; a source that is no longer followed is none.
    """
    source = db.session.get(ArticleSource, source_id)
    if source is None:
        return
    begun = clock.real_now()
    newsroom = find_newsroom()
    reading = _Reading(source, newsroom.time_zone if newsroom else "UTC")
    result = bring_in(reading.stories(), source.url)
    broken = [each.why for each in result.skipped if each.what == reading.url]
    with committed() as session:
        kept = session.get(ArticleSource, source_id)
        if kept is None:
            return
        kept.last_tried_at = begun
        kept.last_error = say_why(broken[0]) if broken else ""
        if not broken:
            _note(kept, reading.answer, begun)


class _Reading:
    """One reading of a source in a job: what it holds that is new."""

    def __init__(self, source: ArticleSource, zone: str) -> None:
        # Plain values: the row itself is let go of while the site answers.
        self.url, self.format = source.url, source.format
        self.etag, self.last_modified = source.etag, source.last_modified
        self.since = source.last_read_at - _MARGIN if source.last_read_at else None
        self.zone = zone
        self.answer: Fetched | None = None
        self._ends = clock.real_now() + _JOB_TIME

    def stories(self) -> Iterator[Story | Skipped]:
        """Fetch and read; a feed that is as it was gives nothing."""
        if self.format == "wordpress_rest":
            yield from read_wordpress_site(
                self.url, self._fetch, zone=self.zone, since=self.since, go_on=lambda: clock.real_now() < self._ends
            )
            return
        self.answer = fetch(self.url, limits=_JOB_LIMITS, etag=self.etag, last_modified=self.last_modified)
        with self.answer.file:
            if self.answer.status != 304:
                _followable(self.answer)
                yield from read_answer(self.answer, zone=self.zone)

    def _fetch(self, address: str) -> Fetched:
        return fetch(address, limits=_JOB_LIMITS)


def _followable(answer: Fetched) -> str:
    """Tell a feed or a list of posts from what can't be followed."""
    kind = "wordpress_rest" if is_rest_address(answer.url) else detect(answer.file, answer.url)
    if kind in ("feed", "wordpress_rest"):
        return kind
    if kind == "html_page":
        page = read_markup(answer.file, answer.url, most=Limits().most_html, told=answer.charset)
        if link := find_feed_link(page):
            raise Unreadable("page_with_feed", feed=urljoin(answer.url, link))
    kinds = {"html_page": "a page", "wxr": "an export", "capture": "plain text"}
    raise Unreadable("not_followable", kind=kinds.get(kind, kind))


def _note(source: ArticleSource, answer: Fetched | None, at: object) -> None:
    source.last_read_at = source.last_tried_at = at  # type: ignore[assignment]
    source.last_error = ""
    if answer is not None and answer.status == 200:
        source.etag = answer.headers.get("etag", "")[:300]
        source.last_modified = answer.headers.get("last-modified", "")[:100]
