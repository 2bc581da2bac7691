"""Read one article again, at once: its site says that it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote, urlsplit, urlunsplit

from donate import clock
from donate.articles.bring_in import bring_in
from donate.articles.fetch import Fetched, Limits, fetch
from donate.articles.import_story import ImportResult
from donate.articles.importers.detect import detect
from donate.articles.importers.html_page import read_html_page
from donate.articles.importers.identity import site_of
from donate.articles.importers.wordpress_rest import read_wordpress_site, with_query
from donate.articles.queries import list_sources
from donate.articles.story import Skipped, Story
from donate.errors import Unreadable

#: Someone waits for the answer.
TOTAL_SECONDS = 10


def reread_article(url: str, *, zone: str) -> ImportResult:
    """Read one article again from where it came; called outside ``committed()``.

    A followed WordPress site is asked for the post itself; where there is none, or it does not know the page, the
    page is read.

    Args:
        url: The article's own address; its host is that of a followed source.
        zone: The newsroom's.

    Raises:
        Unreadable: ``host_not_followed`` (host), ``address_bad``.
    """
    site = site_of(url)
    if not site or not url.startswith(("http://", "https://")):
        raise Unreadable("address_bad")
    followed = [source for source in list_sources() if site_of(source.url) == site]
    if not followed:
        raise Unreadable("host_not_followed", host=site)
    lists = [source.url for source in followed if source.format == "wordpress_rest"]
    return bring_in(_Again(url, site, zone).stories(lists), url)


class _Again:
    """One article's second reading, within its time."""

    def __init__(self, url: str, site: str, zone: str) -> None:
        self.url, self.site, self.zone = url, site, zone
        self._ends = clock.real_now() + timedelta(seconds=TOTAL_SECONDS)

    def stories(self, lists: list[str]) -> Iterator[Story | Skipped]:
        """Ask each list of posts for the article, then its page."""
        for address in lists:
            try:
                found = [story for story in self._posts(address) if self._is_it(story)]
            except Unreadable:
                # An API that is closed to strangers, or slow: the page itself is open.
                continue
            if found:
                yield found[0]
                return
        yield from self._page()

    def _posts(self, address: str) -> Iterator[Story | Skipped]:
        slug = unquote(urlsplit(self.url).path.rstrip("/").rpartition("/")[2])
        # The followed address may name a page of its list, or a part of it: here it is the whole list's.
        bare = urlunsplit(urlsplit(address)._replace(query="")) if "rest_route" not in address else address
        if slug:
            yield from read_wordpress_site(with_query(bare, slug=slug), self._fetch, zone=self.zone)

    def _page(self) -> Iterator[Story | Skipped]:
        answer = self._fetch(self.url)
        with answer.file:
            if site_of(answer.url) != self.site:
                raise Unreadable("host_not_followed", host=site_of(answer.url))
            if detect(answer.file, answer.url) != "html_page":
                raise Unreadable("no_story")
            yield from read_html_page(answer.file, answer.url, zone=self.zone, address=answer.url, told=answer.charset)

    def _is_it(self, story: Story | Skipped) -> bool:
        return isinstance(story, Story) and _page_of(story.canonical_url) == _page_of(self.url)

    def _fetch(self, address: str) -> Fetched:
        left = (self._ends - clock.real_now()).total_seconds()
        if left <= 0:
            raise Unreadable("too_slow", seconds=TOTAL_SECONDS)
        return fetch(address, limits=Limits(most=5 * 1024 * 1024, connect=min(5, left), total=left))


def _page_of(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    return site_of(address), unquote(parts.path).rstrip("/"), parts.query
