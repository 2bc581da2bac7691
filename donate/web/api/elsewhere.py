"""What asks beside an article on another site: the story is recognised by its address, and nobody by anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from donate.appeals.campaign import Ask
from donate.appeals.choose import PageAsks, choose_for_page
from donate.appeals.situation import PageFacts
from donate.articles.plain import PlainArticle
from donate.articles.queries import find_slug_by_mark, read_article
from donate.articles.recognise import PageAddress, read_address
from donate.web.asking import facts_of_article
from donate.web.headers import site_url
from donate.web.language import LANGUAGES, main_language
from donate.web.shelf import OutNow

#: Where an ask from elsewhere may stand; the first is where it stands if its site says nothing.
PLACES = ("end", "inline")

_OUR_STORY = re.compile(rf"(?:/(?:{'|'.join(LANGUAGES)}))?/articles/([^/]+)")


@dataclass(frozen=True)
class Question:
    """What another site asks for.

    Args:
        address: The article's.
        language: What its page calls its language, such as ``ar-JO``; it counts where we don't know the article.
        placement: One of ``PLACES``; empty is any of them.
    """

    address: PageAddress
    language: str
    placement: str


@dataclass(frozen=True)
class Told:
    """The ask that was chosen.

    Args:
        page: What it was chosen by.
        places: Where on the page it may stand, the first by default.
    """

    ask: Ask
    page: PageFacts
    places: tuple[str, ...]


def read_question(args: Mapping[str, str]) -> Question | None:
    """Read what is asked for; none where it can't be made out.

    Args:
        args: The query.
    """
    address, placement = read_address(args.get("url", "")), args.get("placement", "")
    if address is None or placement not in ("", *PLACES):
        return None
    return Question(address, args.get("lang", ""), placement)


def find_story(address: PageAddress) -> PlainArticle | None:
    """Find the story that an address leads to: the one it came from there, or our own page of it."""
    ours = read_address(site_url())
    found = _OUR_STORY.fullmatch(address.path) if ours is not None and ours.host == address.host else None
    slug = found[1] if found else find_slug_by_mark(address.mark)
    return read_article(slug) if slug else None


def language_for(told: str, out: OutNow) -> str:
    """Tell which of our languages a page is in that calls it so; the newsroom's where it is none of ours.

    Args:
        told: Such as ``ar-JO``.
        out: What is out.
    """
    first = re.split(r"[-_]", told.strip().lower(), maxsplit=1)[0]
    return first if first in LANGUAGES else main_language()


def choose_elsewhere(story: PlainArticle | None, language: str, placement: str, out: OutNow) -> Told | None:
    """Choose what a guest is asked there, as on our own page of the story; none where nothing is.

    Args:
        story: The story; None where we don't know the article.
        language: The page's, where we don't know the article.
        placement: One of ``PLACES``; empty is any of them.
        out: What is out.
    """
    if story is not None:
        page = facts_of_article(story, out)
    else:
        page = PageFacts(language=language, on=out.day, currency=out.newsroom.default_currency)
    asks = choose_for_page(out.index, page, off=out.off)
    by_place = _by_place(asks)
    places = tuple(place for place in PLACES if place in by_place and placement in ("", place))
    return Told(by_place[places[0]], page, places) if places else None


def _by_place(asks: PageAsks) -> dict[str, Ask]:
    return {place: ask for place, ask in (("end", asks.end), ("inline", asks.inline)) if ask is not None}
