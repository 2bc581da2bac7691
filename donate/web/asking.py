"""What asks on a page: gathers what is known of the page and its reader, and hands it to the chooser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request

from donate.appeals.campaign import Ask
from donate.appeals.choose import PageAsks, choose_for_page
from donate.appeals.situation import GUEST, PageFacts, ReaderFacts
from donate.appeals.tally import Tally
from donate.articles.body import count_paragraphs
from donate.articles.flags import since_by_flag
from donate.articles.plain import PlainArticle
from donate.web.cookies import is_somebodys
from donate.web.language import current_language
from donate.web.reader import reader_facts
from donate.web.shelf import OutNow, shelf

_ASKED = "donate.asked"


@dataclass(frozen=True)
class Asked:
    """What asks on the page being drawn, and what that was chosen by.

    Args:
        page: What is known of the page; kept with it, so that the next reader's ask needs no look-up.
        asks: What asks there.
    """

    page: PageFacts
    asks: PageAsks


_ON_A_LIST, _ON_THE_FRONT = frozenset({"header", "footer"}), frozenset({"header", "inline", "footer"})


def asks_for_article(article: PlainArticle) -> PageAsks:
    """Choose the asks of a story."""
    return _choose(facts_of_article(article, shelf().out_now()))


def facts_of_article(article: PlainArticle, out: OutNow, on: date | None = None) -> PageFacts:
    """Gather what is known of a story's page.

    Args:
        article: The story.
        out: What is out.
        on: Another day than today, in the newsroom's zone.
    """
    return PageFacts(
        language=article.language,
        on=on or out.day,
        currency=out.newsroom.default_currency,
        article=article.slug,
        section=article.section.slug if article.section else "",
        topics=frozenset(topic.slug for topic in article.topics),
        flags=since_by_flag(article.flags),
        paragraphs=count_paragraphs(article.body_html),
    )


def asks_for_list(*, section: str = "", topic: str = "", is_front: bool = False) -> PageAsks:
    """Choose the asks of a page that lists stories: the front page, a section, a topic.

    Args:
        section: Its slug, of a section's page.
        topic: Likewise, of a topic's.
        is_front: Whether it is the front page, which has room for an ask beside its stories.
    """
    out = shelf().out_now()
    return _choose(facts_of_list(current_language(), out, out.day, section=section, topic=topic, is_front=is_front))


def facts_of_list(
    language: str, out: OutNow, on: date, *, section: str = "", topic: str = "", is_front: bool = False
) -> PageFacts:
    """Gather what is known of a page that lists stories.

    Args:
        language: The page's.
        out: What is out.
        on: The newsroom's day.
        section: As ``asks_for_list`` takes it.
        topic: Likewise.
        is_front: Likewise.
    """
    return PageFacts(
        language=language,
        on=on,
        currency=out.newsroom.default_currency,
        section=section,
        topics=frozenset({topic} - {""}),
        places=_ON_THE_FRONT if is_front else _ON_A_LIST,
    )


def asks_here(page: PageFacts) -> PageAsks:
    """Choose the asks of a page that was drawn before, for the reader who asks now.

    Args:
        page: What was known of it when it was drawn.
    """
    out = shelf().out_now()
    return choose_for_page(out.index, page, facts_here(out), out.off)


def facts_here(out: OutNow) -> ReaderFacts:
    """Gather what is known of the reader: nothing of those who sent no cookie of ours.

    Args:
        out: What is out, for the newsroom's day.
    """
    return reader_facts(out.day) if is_somebodys(request.environ) else GUEST


def asked() -> Asked | None:
    """Tell what the page being drawn has chosen; None where it has chosen nothing yet, or never asks."""
    found: Asked | None = request.environ.get(_ASKED)
    return found


def page_asks() -> PageAsks:
    """Give the asks of the page being drawn; of one that chose none itself, those of a page that lists stories."""
    found = asked()
    return found.asks if found is not None else asks_for_list()


def tally_of(ask: Ask | None) -> Tally | None:
    """Tell what an ask's appeal has raised in its goal's currency; none where it has no goal or no gift yet."""
    if ask is None or ask.goal is None:
        return None
    return shelf().out_now().tallies.get((ask.slug, ask.goal.currency))


def _choose(page: PageFacts) -> PageAsks:
    asks = asks_here(page)
    request.environ[_ASKED] = Asked(page, asks)
    return asks
