"""Which appeal asks on a page: pure rules over plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.appeals.campaign import Campaign, Presets, Words
from donate.appeals.choose import choose_ask, stands_inline
from donate.appeals.filters import PageFacts
from donate.appeals.tally import Tally
from donate.money import Money

TODAY = date(2026, 3, 20)
WORDS = Words("From us", "Headline", "Two. Sentences.", "<p>Letter</p>", "M. C.", "editor", "Give", "Title", "Thanks")
FACTS = PageFacts(
    "en", TODAY, "USD", article="lost-water", section="environment", topics=frozenset({"water", "cities"})
)


def campaign(slug: str, *targets: tuple[str, str], **changes: object) -> Campaign:
    """Make a live campaign in English with one amount."""
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
        texts=(("en", WORDS),),
        presets=(("USD", "month", five),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


EVERGREEN = campaign("evergreen", ("all", ""), is_evergreen=True)


def chosen(*campaigns: Campaign, facts: PageFacts = FACTS) -> str | None:
    """Name the appeal that was chosen."""
    ask = choose_ask(campaigns, facts)
    return ask.slug if ask else None


@pytest.mark.parametrize(
    "target", [("article", "lost-water"), ("section", "environment"), ("topic", "water"), ("all", "")]
)
def test_an_appeal_tied_to_the_page_goes_before_the_evergreen_one(target: tuple[str, str]) -> None:
    assert chosen(EVERGREEN, campaign("tied", target)) == "tied"


@pytest.mark.parametrize("target", [("article", "other"), ("section", "culture"), ("topic", "energy")])
def test_an_appeal_tied_to_something_else_does_not_show(target: tuple[str, str]) -> None:
    assert chosen(EVERGREEN, campaign("other", target)) == "evergreen"


def test_an_appeal_tied_to_nothing_shows_nowhere() -> None:
    assert chosen(campaign("loose")) is None


def test_the_higher_priority_goes_first_even_where_its_tie_is_looser() -> None:
    near, far = campaign("near", ("article", "lost-water")), campaign("far", ("all", ""), priority=5)
    assert chosen(near, far) == "far"


def test_of_one_priority_the_closest_tie_goes_first() -> None:
    ties = [("all", ""), ("section", "environment"), ("topic", "water"), ("article", "lost-water")]
    for closest in range(1, 5):
        rivals = [campaign(kind, (kind, slug)) for kind, slug in ties[:closest]]
        assert chosen(*rivals) == ties[closest - 1][0]


def test_the_evergreen_appeal_is_last_whatever_its_priority() -> None:
    assert chosen(replace(EVERGREEN, priority=99), campaign("tied", ("all", ""))) == "tied"


def test_the_first_and_the_last_day_are_both_included() -> None:
    day = campaign("one-day", ("all", ""), starts_on=TODAY, ends_on=TODAY)
    assert chosen(day) == "one-day"
    assert chosen(day, facts=replace(FACTS, on=date(2026, 3, 19))) is None
    assert chosen(day, facts=replace(FACTS, on=date(2026, 3, 21))) is None


@pytest.mark.parametrize("status", ["draft", "paused", "ended"])
def test_only_a_live_appeal_asks(status: str) -> None:
    assert chosen(campaign("still", ("all", ""), status=status)) is None


def test_an_appeal_asks_only_in_a_language_it_was_written_in() -> None:
    assert chosen(campaign("english", ("all", "")), facts=replace(FACTS, language="ar")) is None


def test_a_story_whose_editor_said_so_has_no_ask_at_all() -> None:
    assert chosen(EVERGREEN, campaign("tied", ("all", "")), facts=replace(FACTS, no_asks=True)) is None


def test_the_ask_carries_the_amounts_of_the_pages_currency() -> None:
    ask = choose_ask([EVERGREEN], FACTS)
    assert ask is not None
    presets = ask.presets("month")
    assert presets is not None
    assert presets.default == Money(1500, "USD")
    assert presets.least == Money(500, "USD")
    assert ask.presets("year") is None
    other = choose_ask([EVERGREEN], replace(FACTS, currency="ILS"))
    assert other is not None
    assert other.presets("month") is None


@given(st.permutations([EVERGREEN, *(campaign(slug, ("all", "")) for slug in "abc")]))
def test_the_order_of_rows_never_decides(rows: list[Campaign]) -> None:
    assert chosen(*rows) == "a"


def test_a_short_story_has_only_the_ask_at_its_end() -> None:
    ask = choose_ask([EVERGREEN], FACTS)
    assert ask is not None
    assert not stands_inline(ask, 6)
    assert stands_inline(ask, 7)


def test_the_goal_is_never_called_reached_early() -> None:
    tally = Tally(Money(4_799_999, "USD"), 412, datetime(2026, 3, 20, tzinfo=UTC))
    goal = Money(4_800_000, "USD")
    assert tally.percent(goal) == Decimal("99.9")
    assert replace(tally, raised=Money(9_000_000, "USD")).percent(goal) == 100
    assert replace(tally, raised=Money(-5, "USD")).percent(goal) == 0
    assert not tally.counts_towards(Money(1, "EUR"))
