"""Choose the one ask of a page: pure, over plain values."""

from __future__ import annotations

from collections.abc import Iterable

from donate.appeals.campaign import Ask, Campaign, ask_from
from donate.appeals.filters import FILTERS, PageFacts, closeness

#: Where a story goes on for fewer paragraphs than this after the inline ask, it has only the one at its end.
PARAGRAPHS_AFTER_INLINE = 3


def choose_ask(campaigns: Iterable[Campaign], facts: PageFacts) -> Ask | None:
    """Choose which appeal asks on a page, or none.

    The higher priority goes first, then the closer tie, then the address, so that a page never changes its
    mind between two requests; the evergreen appeal comes after every other.

    Args:
        campaigns: All that may be considered.
        facts: What is known of the page.
    """
    fitting = [each for each in campaigns if all(rule(each, facts) for rule in FILTERS)]
    if not fitting:
        return None
    first = min(fitting, key=lambda each: (each.is_evergreen, -each.priority, -closeness(each, facts), each.slug))
    words = first.words(facts.language)
    return ask_from(first, words, facts.currency) if words else None


def stands_inline(ask: Ask, paragraphs: int) -> bool:
    """Tell whether a story is long enough for the inline ask beside the one at its end.

    Args:
        ask: The page's ask.
        paragraphs: How many the story has.
    """
    return paragraphs >= ask.paragraph + PARAGRAPHS_AFTER_INLINE
