"""Appeals as plain values, and the page they are chosen for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from donate.appeals.campaign import Campaign, Presets, Words
from donate.appeals.situation import PageFacts
from donate.money import Money

TODAY = date(2026, 3, 20)
WORDS = Words("From us", "Headline", "Two. Sentences.", "<p>Letter</p>", "M. C.", "editor", "Give", "Title", "Thanks")
FACTS = PageFacts(
    "en", TODAY, "USD", article="lost-water", section="environment", topics=frozenset({"water", "cities"})
)


def campaign(slug: str, *targets: tuple[str, str], **changes: Any) -> Campaign:
    """Make a live campaign in English with one amount.

    Args:
        slug: Its address.
        targets: What it is tied to.
        changes: Fields that are otherwise.
    """
    five = Presets((Money(1500, "USD"), Money(500, "USD")), Money(1500, "USD"))
    made = Campaign(
        slug=slug,
        status="live",
        is_evergreen=False,
        starts_on=None,
        ends_on=None,
        priority=0,
        paragraph=4,
        goal=None,
        targets=frozenset(targets),
        texts=(("en", "a", WORDS),),
        presets=(("USD", "month", five),),
    )
    return replace(made, **changes)


EVERGREEN = campaign("evergreen", ("all", ""), is_evergreen=True)
