"""Which appeal asks on a page: pure rules over plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donate.appeals.campaign import Ask, Campaign
from donate.appeals.choose import NOTHING, Index, PageAsks, choose_for_page, copy_of, explain, order
from donate.appeals.filters import closeness
from donate.appeals.rules import PLACEMENTS, STANDINGS, Rules
from donate.appeals.situation import GUEST, PageFacts, ReaderFacts
from donate.appeals.tally import Tally
from donate.money import Money
from tests.make.campaigns import EVERGREEN, FACTS, TODAY, WORDS, campaign


def chosen(*campaigns: Campaign, facts: PageFacts = FACTS) -> str | None:
    """Name the appeal that was chosen."""
    ask = choose_for_page(Index(campaigns), facts).end
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


@pytest.mark.parametrize("flag", ["do_not_ask", "retraction", "embargo"])
def test_beside_such_a_story_nothing_asks(flag: str) -> None:
    facts = replace(FACTS, flags={flag: datetime(2026, 3, 1, tzinfo=UTC)})
    assert choose_for_page(Index([EVERGREEN, campaign("tied", ("all", ""))]), facts) == NOTHING


def test_the_ask_carries_the_amounts_of_the_pages_currency() -> None:
    ask = choose_for_page(Index([EVERGREEN]), FACTS).end
    assert ask is not None
    presets = ask.presets("month")
    assert presets is not None
    assert presets.default == Money(1500, "USD")
    assert presets.least == Money(500, "USD")
    assert ask.presets("year") is None
    other = choose_for_page(Index([EVERGREEN]), replace(FACTS, currency="ILS")).end
    assert other is not None
    assert other.presets("month") is None


@given(st.permutations([EVERGREEN, *(campaign(slug, ("all", "")) for slug in "abc")]))
def test_the_order_of_rows_never_decides(rows: list[Campaign]) -> None:
    assert chosen(*rows) == "a"


@pytest.mark.parametrize(("paragraphs", "stands"), [(6, False), (7, True)])
def test_a_short_story_has_only_the_ask_at_its_end(paragraphs: int, stands: bool) -> None:
    asks = choose_for_page(Index([EVERGREEN]), replace(FACTS, paragraphs=paragraphs))
    assert (asks.inline is not None) is stands
    assert asks.end is not None


def test_the_goal_is_never_called_reached_early() -> None:
    tally = Tally(Money(4_799_999, "USD"), 412, datetime(2026, 3, 20, tzinfo=UTC))
    goal = Money(4_800_000, "USD")
    assert tally.percent(goal) == Decimal("99.9")
    assert replace(tally, raised=Money(9_000_000, "USD")).percent(goal) == 100
    assert replace(tally, raised=Money(-5, "USD")).percent(goal) == 0
    assert not tally.counts_towards(Money(1, "EUR"))


# -- copies and the holdback group -------------------------------------------------------------------------------------

TWO_COPIES = campaign("two-copies", ("all", ""), share_b=30, holdback=10)
B_WORDS = replace(WORDS, headline="The other headline")


def copies(asked: Campaign, **changes: object) -> list[str]:
    """Deal a copy to each of the hundred buckets."""
    facts = replace(FACTS, **changes)  # type: ignore[arg-type]
    return [copy_of(asked, facts, ReaderFacts(bucket=bucket)) for bucket in range(100)]


def test_one_browser_sees_one_copy_over_articles_and_days() -> None:
    first = copies(TWO_COPIES)
    assert copies(TWO_COPIES, article="another") == first
    assert copies(TWO_COPIES, on=TODAY + timedelta(days=40)) == first
    assert copies(replace(TWO_COPIES, slug="another-appeal")) != first, "no reader is always in the group of nobody"


@pytest.mark.parametrize(("share_b", "holdback"), [(30, 10), (50, 0), (0, 100), (100, 20), (0, 1)])
def test_copies_are_dealt_exactly_by_weight(share_b: int, holdback: int) -> None:
    for slug in ("winter", "summer", "a-third"):
        dealt = copies(replace(TWO_COPIES, slug=slug, share_b=share_b, holdback=holdback))
        assert dealt.count("held") == holdback
        assert dealt.count("b") == share_b * (100 - holdback) // 100


def test_a_guest_sees_one_copy_for_an_article_and_a_day_and_each_about_as_often_as_it_weighs() -> None:
    days = [replace(FACTS, on=TODAY + timedelta(days=day)) for day in range(2000)]
    dealt = [copy_of(TWO_COPIES, facts, GUEST) for facts in days]
    assert dealt == [copy_of(TWO_COPIES, facts, GUEST) for facts in days]
    assert 150 < dealt.count("held") < 250
    assert 440 < dealt.count("b") < 640


def test_an_appeal_of_one_copy_names_none() -> None:
    assert set(copies(campaign("one", ("all", "")))) == {""}


def test_each_copy_has_its_words_and_where_one_was_not_written_the_first_stands() -> None:
    def headlines(asked: Campaign) -> set[tuple[str, str]]:
        asks = [choose_for_page(Index([asked]), FACTS, ReaderFacts(bucket=bucket)).end for bucket in range(100)]
        return {(ask.variant, ask.headline) for ask in asks if ask is not None}

    both = replace(TWO_COPIES, texts=(("en", "a", WORDS), ("en", "b", B_WORDS)))
    assert headlines(both) == {("a", "Headline"), ("b", "The other headline")}
    assert headlines(TWO_COPIES) == {("a", "Headline"), ("b", "Headline")}


@pytest.mark.parametrize("places", [frozenset(PLACEMENTS), frozenset({"header", "footer"})])
def test_who_is_held_back_sees_no_ask_and_a_gift_by_the_headers_line_is_credited_so(places: frozenset[str]) -> None:
    asks = choose_for_page(
        Index([replace(TWO_COPIES, holdback=100), EVERGREEN]), replace(FACTS, places=places), ReaderFacts(bucket=7)
    )
    assert (asks.inline, asks.end, asks.footer, asks.held) == (None, None, None, "two-copies")
    assert asks.header is not None
    assert (asks.header.slug, asks.header.variant) == ("two-copies", "held")


# -- one in view -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("priority", "stands"), [(1, "inline"), (-1, "end")])
def test_two_appeals_are_never_in_view_and_the_first_to_be_asked_stays(priority: int, stands: str) -> None:
    inline = campaign("inline", ("all", ""), placements=frozenset({"inline"}), priority=priority)
    end = campaign("end", ("all", ""), placements=frozenset({"end"}))
    asks = choose_for_page(Index([inline, end]), FACTS)
    assert [ask.slug for ask in (asks.inline, asks.end) if ask is not None] == [stands]


def test_no_line_stands_below_a_letter() -> None:
    assert choose_for_page(Index([EVERGREEN]), FACTS).footer is None
    without_end = choose_for_page(Index([EVERGREEN]), FACTS, off=frozenset({"end"}))
    assert without_end.footer is not None


def test_where_every_placement_is_switched_off_nothing_asks() -> None:
    assert choose_for_page(Index([EVERGREEN]), FACTS, off=frozenset(PLACEMENTS)) == NOTHING


# -- a second opinion over anything ------------------------------------------------------------------------------------

#: No time is asserted, the library's own neither.
ANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days))
SLUGS = ("a", "b", "c", "d", "e")
TIES = st.frozensets(
    st.sampled_from(
        [("all", ""), ("article", "story"), ("article", "other"), ("section", "news"), ("section", "culture"),
         ("topic", "water"), ("topic", "cities"), ("topic", "energy")]
    ),
    max_size=3,
)  # fmt: skip
NAMES = st.sampled_from(["", "x", "y"])
FLAGS = st.dictionaries(
    st.sampled_from(["sensitive", "correction", "do_not_ask"]),
    st.sampled_from([datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 19, tzinfo=UTC)]),
    max_size=2,
)


def seldom(value: st.SearchStrategy, otherwise: object) -> st.SearchStrategy:
    """Draw something only now and then: where every rule asks something, no appeal would ever stand."""
    return st.integers(0, 3).flatmap(lambda at: value if at == 0 else st.just(otherwise))


RULES = st.builds(
    Rules,
    audience=st.frozensets(st.sampled_from(STANDINGS), min_size=4),
    given=seldom(st.frozensets(st.sampled_from(["once", "month"])), frozenset()),
    countries=seldom(st.frozensets(NAMES), frozenset()),
    not_countries=seldom(st.frozensets(NAMES), frozenset()),
    read_least=seldom(st.integers(0, 5), None),
    read_most=seldom(st.integers(0, 5), None),
    views_most=seldom(st.integers(0, 2), None),
    rests_days=st.sampled_from([0, 10, 30]),
    sources=seldom(st.frozensets(NAMES), frozenset()),
    not_referrers=seldom(st.frozensets(NAMES), frozenset()),
    allowed_flags=seldom(st.frozensets(st.sampled_from(["sensitive", "correction"])), frozenset()),
)
APPEAL = st.builds(
    campaign,
    st.sampled_from(SLUGS),
    targets=TIES,
    status=seldom(st.sampled_from(["draft", "paused"]), "live"),
    starts_on=seldom(DAYS, None),
    ends_on=seldom(DAYS, None),
    priority=st.integers(0, 2),
    paragraph=st.sampled_from([1, 4]),
    texts=st.sampled_from(
        [(("en", "a", WORDS),), (("en", "a", WORDS), ("en", "b", B_WORDS)), (("ar", "a", WORDS), ("en", "a", WORDS)),
         (("ar", "a", WORDS),), (("en", "b", B_WORDS),)]
    ),
    excluded=seldom(TIES, frozenset()),
    placements=st.frozensets(st.sampled_from(PLACEMENTS), min_size=1),
    rules=RULES,
    share_b=seldom(st.just(50), 0),
    holdback=seldom(st.just(50), 0),
    checked_at=st.sampled_from([None, datetime(2026, 3, 10, tzinfo=UTC)]),
)  # fmt: skip
APPEALS = st.lists(APPEAL, max_size=5, unique_by=lambda each: each.slug).flatmap(
    lambda found: st.integers(0, len(found)).map(
        lambda at: [replace(each, is_evergreen=number == at) for number, each in enumerate(found)]
    )
)
PAGES = st.builds(
    PageFacts,
    language=seldom(st.just("ar"), "en"),
    on=DAYS,
    currency=st.just("USD"),
    article=st.sampled_from(["story", "story", ""]),
    section=st.sampled_from(["news", "culture", ""]),
    topics=st.frozensets(st.sampled_from(["water", "cities"])),
    flags=seldom(FLAGS, {}),
    places=seldom(st.frozensets(st.sampled_from(PLACEMENTS)), frozenset(PLACEMENTS)),
    paragraphs=st.sampled_from([None, 3, 30]),
)
SEEN = st.lists(st.tuples(st.sampled_from(SLUGS), DAYS), max_size=3).map(tuple)
READERS = st.builds(
    ReaderFacts,
    standing=st.sampled_from(STANDINGS),
    given=st.sampled_from(["", "once", "month"]),
    gave_on=seldom(DAYS, None),
    country=NAMES,
    read=st.one_of(st.none(), st.integers(0, 5)),
    views=SEEN,
    closes=SEEN,
    quiet_until=seldom(DAYS, None),
    source=NAMES,
    referrer=NAMES,
    bucket=st.one_of(st.none(), st.integers(0, 99)),
)
OFF = seldom(st.frozensets(st.sampled_from(PLACEMENTS)), frozenset())


def named(asks: PageAsks) -> dict[str, tuple[str, str] | None]:
    """Name the appeal and the copy of each placement."""

    def name(ask: Ask | None) -> tuple[str, str] | None:
        return (ask.slug, ask.variant) if ask is not None else None

    return {place: name(getattr(asks, place)) for place in PLACEMENTS}


@settings(ANY, max_examples=600)
@given(APPEALS, PAGES, READERS, OFF)
def test_the_long_way_names_what_the_page_gives_and_says_of_every_other_what_stopped_it(
    appeals: list[Campaign], page: PageFacts, reader: ReaderFacts, off: frozenset[str]
) -> None:
    asks = choose_for_page(Index(appeals), page, reader, off)
    told = explain(appeals, page, reader, off)
    standing = {
        place: [(each.campaign.slug, each.copy) for each in verdicts if not each.refusal]
        for place, verdicts in told.items()
    }
    assert standing == {place: [found] if found else [] for place, found in named(asks).items()}
    held = {each.campaign.slug for verdicts in told.values() for each in verdicts if each.refusal == "held_back"}
    assert held == ({asks.held} if asks.held else set())
    for verdicts in told.values():
        assert [each.campaign.slug for each in verdicts] == [
            each.slug for each in sorted(appeals, key=lambda each: order(each, page))
        ]
        assert all(each.copy or each.refusal or not each.campaign.share_b for each in verdicts)
    # One appeal in view, and no line below a letter.
    assert len({ask.slug for ask in (asks.inline, asks.end) if ask is not None}) < 2
    assert asks.end is None or asks.footer is None


@settings(ANY)
@given(APPEALS, PAGES)
def test_the_index_goes_through_the_tied_appeals_in_the_order_of_the_sorted_whole(
    appeals: list[Campaign], page: PageFacts
) -> None:
    tied = [each for each in appeals if closeness(each, page) and page.language in each.languages]
    found = [each for each in Index(appeals).candidates(page) if closeness(each, page)]
    assert found == sorted(tied, key=lambda each: order(each, page))


@settings(ANY)
@given(APPEALS, PAGES, READERS, OFF, st.randoms(use_true_random=False))
def test_the_order_in_which_appeals_are_read_changes_nothing(
    appeals: list[Campaign], page: PageFacts, reader: ReaderFacts, off: frozenset[str], shuffling: Any
) -> None:
    before = choose_for_page(Index(appeals), page, reader, off)
    shuffled = list(appeals)
    shuffling.shuffle(shuffled)
    assert choose_for_page(Index(shuffled), page, reader, off) == before
