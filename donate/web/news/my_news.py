"""My news: a reader's own sections and topics, added and taken away by one press beside each; without a sign-in too."""

from __future__ import annotations

from urllib.parse import quote

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from donate.articles.models import Section, Topic
from donate.articles.queries import (
    Page,
    Teaser,
    find_section,
    find_topic,
    list_articles_followed,
    list_topics_of,
    list_topics_with_counts,
)
from donate.db import committed
from donate.donors import follow as account
from donate.donors.follow import Followed
from donate.errors import NotFound
from donate.web.headers import keep_nothing, site_url
from donate.web.kept import kept, page_number
from donate.web.language import current_language, prefixed
from donate.web.news.door import news
from donate.web.next_path import safe_next
from donate.web.origin import is_from_elsewhere
from donate.web.reader import Reader, forget_follows, keep_reader, kept_here, reader
from donate.web.reader_cookie import Kept, plain_words
from donate.web.shelf import shelf
from donate.web.who import member

#: Topics offered beside those that are followed: the rest are a press away, each on its own page.
_OFFERED = 40
# What the front page shows of what is followed, and how much stands above it.
_BESIDE = 3


@news.get("/my-news")
@kept
def my_news() -> str:
    """Show the newest of what the reader follows, and everything there is to follow."""
    sections, topics = _chosen(reader())
    return render_template(
        "news/my_news.html",
        page=_newest(reader(), page_number()),
        is_member=reader().is_member,
        kept_words=plain_words(Kept(follows=kept_here().follows)),
        chosen=[*sections, *topics],
        offered=_offered(topics),
        # Said to whom it happened; a page for everybody depends on no such word of its address.
        is_full=bool(reader().follows) and request.args.get("full") == "1",
    )


@news.post("/my-news")
def follow() -> ResponseReturnValue:
    """Follow or drop one section or topic, and lead back to the page of the press."""
    _refuse_from_elsewhere()
    kind, _, slug = (request.form.get("follow") or request.form.get("unfollow") or "").partition("/")
    chosen = _known(kind, slug)
    back = safe_next(request.form.get("back", ""), _here())
    response = redirect(f"{back}#{quote(anchor(kind, slug))}", 303)
    if not _write(response, chosen, drop="follow" not in request.form):
        response = redirect(f"{_here()}?full=1", 303)
    return keep_nothing(response)  # type: ignore[arg-type]


@news.post("/my-news/forget")
def forget() -> ResponseReturnValue:
    """Forget all that the reader follows: in this browser, and in their account."""
    _refuse_from_elsewhere()
    response = redirect(_here(), 303)
    if reader().is_member:
        with committed():
            account.unfollow(member().donor.id)
    forget_follows(response)
    return keep_nothing(response)  # type: ignore[arg-type]


@news.app_template_global("anchor")
def anchor(kind: str, slug: str) -> str:
    """Name the press of a section or topic within its page, so that a reader comes back to it.

    Args:
        kind: ``section`` or ``topic``.
        slug: Its address.
    """
    return f"{kind}-{slug}"


def mine_beside(page: Page) -> list[Teaser]:
    """List the newest of what the reader follows, but for what stands at the top of the front page already.

    Args:
        page: The front page's own stories.
    """
    if not reader().follows or page.number > 1 or not page.teasers:
        return []
    # The first story with three beside it, or with two below it where it has no picture.
    top = {story.slug for story in page.teasers[: 4 if page.teasers[0].image else 6]}
    found = _newest(reader(), 1)
    return [story for story in found.teasers if story.slug not in top][:_BESIDE] if found is not None else []


def _newest(who: Reader, number: int) -> Page | None:
    if not who.follows:
        return None
    sections, topics = ([slug for each, slug in who.follows if each == kind] for kind in ("section", "topic"))
    return list_articles_followed(sections, topics, current_language(), number)


def _chosen(who: Reader) -> tuple[list[Section], list[Topic]]:
    """Give what is followed and still there, sections in the newsroom's order."""
    sections = [each for each in shelf().out_now().sections if ("section", each.slug) in who.follows]
    slugs = [slug for kind, slug in who.follows if kind == "topic"]
    return sections, list_topics_of(slugs) if slugs else []


def _offered(followed: list[Topic]) -> list[Topic]:
    """Offer the topics that most is written about, by name, after those that are followed."""
    counted = sorted(list_topics_with_counts(current_language()), key=lambda each: -each.stories)[:_OFFERED]
    known = {each.slug for each in followed}
    rest = sorted((each.topic for each in counted if each.topic.slug not in known), key=lambda each: each.name)
    return [*followed, *rest]


def _write(response: Response, chosen: Followed, *, drop: bool) -> bool:
    """Write a choice where the reader's choices are; tell whether it fits there."""
    if not reader().is_member:
        return keep_reader(response, reader().unfollow(chosen) if drop else reader().follow(chosen))
    with committed():
        if drop:
            account.unfollow(member().donor.id, chosen)
        else:
            account.follow(member().donor.id, [chosen])
    return True


def _known(kind: str, slug: str) -> Followed:
    if kind == "section" and find_section(slug) is not None:
        return kind, slug
    if kind == "topic" and find_topic(slug) is not None:
        return kind, slug
    raise NotFound("topic_missing", slug=slug)


def _refuse_from_elsewhere() -> None:
    if is_from_elsewhere(request, site_url()):
        abort(400)


def _here() -> str:
    return prefixed("/my-news", current_language())
