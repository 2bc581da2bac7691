"""Each rule by which an appeal may stand somewhere: what it stops, and what it lets pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from donate.appeals import filters
from donate.appeals.filters import ANYWHERE, FILTERS, FOR_ALL, IN_THE_PLACE
from donate.appeals.rules import ASKED, PLACEMENTS, Rules
from donate.appeals.situation import ReaderFacts, Situation
from tests.make.campaigns import FACTS, TODAY, WORDS, campaign

CLEAR = campaign("asked", ("article", "lost-water"))
CHECKED = datetime(2026, 3, 10, tzinfo=UTC)
BEFORE, AFTER = CHECKED - timedelta(days=1), CHECKED + timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """One situation and what a rule makes of it.

    Args:
        rule: The filter's name.
        may: Whether it lets the appeal pass.
        appeal: What is otherwise with the appeal.
        rules: What the appeal asks for.
        page: What is otherwise with the page.
        reader: What is known of the reader.
    """

    rule: str
    may: bool
    appeal: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    page: Mapping[str, Any] = field(default_factory=dict)
    reader: Mapping[str, Any] = field(default_factory=dict)
    placement: str = "inline"
    off: frozenset[str] = frozenset()

    def answer(self) -> bool:
        """Ask the rule."""
        appeal = replace(CLEAR, rules=Rules(**self.rules), **self.appeal)
        at = Situation(replace(FACTS, **self.page), self.placement, ReaderFacts(**self.reader), self.off)
        answer: bool = getattr(filters, self.rule)(appeal, at)
        return answer


def some(*names: str) -> frozenset[str]:
    return frozenset(names)


def days_ago(days: int) -> Any:
    return TODAY - timedelta(days=days)


def seen(*days: int, slug: str = "asked") -> tuple[tuple[str, Any], ...]:
    return tuple((slug, days_ago(day)) for day in days)


CASES = (
    Case("page_has_the_place", False, page={"places": some("header", "footer")}),
    Case("page_has_the_place", True, page={"places": some("header", "inline")}),
    Case("placement_is_on", False, off=some("inline")),
    Case("placement_is_on", True, off=some("end")),
    *(Case("story_allows_asks", False, page={"flags": {flag: BEFORE}}) for flag in ("do_not_ask", "retraction")),
    Case("story_allows_asks", False, page={"flags": {"sensitive": BEFORE, "embargo": BEFORE}}),
    Case("story_allows_asks", True, page={"flags": {"sensitive": BEFORE, "correction": BEFORE}}),
    Case("reader_is_not_resting", False, reader={"quiet_until": TODAY}),
    Case("reader_is_not_resting", True, reader={"quiet_until": days_ago(1)}),
    Case("reader_is_not_resting", True),
    Case("card_comes_first", False, rules={"audience": some("failed_card")}, reader={"standing": "failed_card"}),
    Case("card_comes_first", True, reader={"standing": "donor"}),
    Case("reader_saw_few", False, reader={"views": seen(0, 1, 2, 29, slug="another")}),
    Case("reader_saw_few", True, reader={"views": seen(0, 1, 2, 30)}),
    Case("reader_saw_few", True, reader={"views": seen(0, 1, 2)}),
    *(Case("is_live", False, appeal={"status": status}) for status in ("draft", "paused", "ended")),
    Case("is_live", True),
    Case("has_begun", False, appeal={"starts_on": days_ago(-1)}),
    Case("has_begun", True, appeal={"starts_on": TODAY}),
    Case("has_begun", True),
    Case("has_not_ended", False, appeal={"ends_on": days_ago(1)}),
    Case("has_not_ended", True, appeal={"ends_on": TODAY}),
    Case("has_not_ended", True),
    Case("is_written_in_the_language", False, page={"language": "ar"}),
    Case("is_written_in_the_language", False, appeal={"texts": (("en", "b", WORDS),)}),
    Case("is_written_in_the_language", True, page={"language": "en"}),
    *(
        Case("is_tied_to_the_page", False, appeal={"targets": some(tie)})  # type: ignore[arg-type]
        for tie in (("article", "other"), ("section", "culture"), ("topic", "energy"))
    ),
    Case("is_tied_to_the_page", False, appeal={"targets": some()}),
    *(
        Case("is_tied_to_the_page", True, appeal={"targets": some(tie)})  # type: ignore[arg-type]
        for tie in (("article", "lost-water"), ("section", "environment"), ("topic", "water"), ("all", ""))
    ),
    Case("is_tied_to_the_page", True, appeal={"targets": some(), "is_evergreen": True}),
    *(
        Case("is_not_kept_off_the_page", False, appeal={"excluded": some(tie)})  # type: ignore[arg-type]
        for tie in (("article", "lost-water"), ("section", "environment"), ("topic", "water"))
    ),
    Case("is_not_kept_off_the_page", True, appeal={"excluded": some(("article", "other"))}),  # type: ignore[arg-type]
    Case("is_not_kept_off_the_page", True),
    Case("fits_a_sensitive_story", False, page={"flags": {"sensitive": BEFORE}}),
    Case("fits_a_sensitive_story", True, appeal={"is_evergreen": True}, page={"flags": {"sensitive": BEFORE}}),
    Case(
        "fits_a_sensitive_story", True, rules={"allowed_flags": some("sensitive")}, page={"flags": {"sensitive": AFTER}}
    ),
    Case("fits_a_sensitive_story", True, page={"flags": {"correction": BEFORE}}),
    Case("story_is_as_it_was", False, page={"flags": {"correction": BEFORE}}),
    Case("story_is_as_it_was", False, appeal={"checked_at": CHECKED}, page={"flags": {"correction": AFTER}}),
    Case("story_is_as_it_was", True, appeal={"checked_at": CHECKED}, page={"flags": {"correction": CHECKED}}),
    Case(
        "story_is_as_it_was",
        True,
        appeal={"checked_at": CHECKED},
        rules={"allowed_flags": some("correction")},
        page={"flags": {"correction": AFTER}},
    ),
    Case("story_is_as_it_was", True, appeal={"targets": some()}, page={"flags": {"correction": AFTER}}),
    Case("story_is_as_it_was", True),
    Case("members_are_thanked", False, reader={"standing": "member"}),
    Case("members_are_thanked", True, rules={"audience": some("member")}, reader={"standing": "member"}),
    Case("members_are_thanked", True, reader={"standing": "donor"}),
    Case("givers_are_left_alone", False, reader={"standing": "recurring"}),
    Case("givers_are_left_alone", True, rules={"audience": some("recurring")}, reader={"standing": "recurring"}),
    Case("givers_are_left_alone", True, reader={"standing": "lapsed"}),
    Case("single_gift_is_recent", False, reader={"gave_on": days_ago(89)}),
    Case("single_gift_is_recent", True, reader={"gave_on": days_ago(90)}),
    Case("single_gift_is_recent", True, rules={"audience": some("one_off")}, reader={"gave_on": TODAY}),
    Case("single_gift_is_recent", True),
    Case("asks_such_readers", False, reader={"standing": "one_off"}),
    Case("asks_such_readers", False, rules={"audience": some("lapsed")}),
    *(Case("asks_such_readers", True, reader={"standing": standing}) for standing in sorted(ASKED)),
    Case("fits_how_they_give", False, rules={"given": some("month")}, reader={"given": "once"}),
    Case("fits_how_they_give", False, rules={"given": some("month")}),
    Case("fits_how_they_give", True, rules={"given": some("month", "year")}, reader={"given": "year"}),
    Case("fits_how_they_give", True, reader={"given": "once"}),
    Case("fits_the_country", False, rules={"countries": some("JO")}, reader={"country": "CA"}),
    Case("fits_the_country", False, rules={"countries": some("JO")}),
    Case("fits_the_country", False, rules={"not_countries": some("CA")}, reader={"country": "CA"}),
    Case("fits_the_country", True, rules={"countries": some("JO", "CA")}, reader={"country": "CA"}),
    Case("fits_the_country", True, rules={"not_countries": some("CA")}),
    Case("fits_what_was_read", False, rules={"read_least": 3}, reader={"read": 2}),
    Case("fits_what_was_read", False, rules={"read_most": 3}, reader={"read": 4}),
    Case("fits_what_was_read", False, rules={"read_most": 3}),
    Case("fits_what_was_read", True, rules={"read_least": 3, "read_most": 3}, reader={"read": 3}),
    Case("fits_what_was_read", True),
    Case("was_shown_few", False, rules={"views_most": 2}, reader={"views": seen(0, 29)}),
    Case("was_shown_few", True, rules={"views_most": 2}, reader={"views": (*seen(0, 30), *seen(1, slug="another"))}),
    Case("was_shown_few", True, reader={"views": seen(0, 1, 2)}),
    Case("was_not_closed", False, reader={"closes": seen(29)}),
    Case("was_not_closed", False, rules={"rests_days": 90}, reader={"closes": seen(89)}),
    Case("was_not_closed", True, reader={"closes": (*seen(30), *seen(0, slug="another"))}),
    Case("was_not_closed", True, rules={"rests_days": 0}, reader={"closes": seen(0)}),
    Case("fits_the_source", False, rules={"sources": some("newsletter")}, reader={"source": "x"}),
    Case("fits_the_source", False, rules={"sources": some("newsletter")}),
    Case("fits_the_source", False, rules={"not_sources": some("x")}, reader={"source": "x"}),
    Case("fits_the_source", True, rules={"sources": some("newsletter")}, reader={"source": "newsletter"}),
    Case("fits_the_source", True, rules={"not_sources": some("x")}),
    Case("fits_the_referrer", False, rules={"referrers": some("news.google.com")}, reader={"referrer": "x.example"}),
    Case("fits_the_referrer", False, rules={"referrers": some("news.google.com")}),
    Case("fits_the_referrer", False, rules={"not_referrers": some("x.example")}, reader={"referrer": "x.example"}),
    Case("fits_the_referrer", True, rules={"referrers": some("x.example")}, reader={"referrer": "x.example"}),
    Case("fits_the_referrer", True, rules={"not_referrers": some("x.example")}),
    Case("stands_in_the_placement", False, appeal={"placements": some("end")}),
    Case("stands_in_the_placement", True, appeal={"placements": some("end", "inline")}),
    Case("story_is_long_enough", False, page={"paragraphs": 6}),
    Case("story_is_long_enough", True, page={"paragraphs": 7}),
    Case("story_is_long_enough", True, page={"paragraphs": 1}, placement="end"),
    Case("story_is_long_enough", True, page={"paragraphs": None}),
)


def number(at: int) -> str:
    return f"{CASES[at].rule}-{'passes' if CASES[at].may else 'stopped'}-{at}"


@pytest.mark.parametrize("at", range(len(CASES)), ids=number)
def test_a_rule_stops_what_it_should_and_nothing_else(at: int) -> None:
    assert CASES[at].answer() is CASES[at].may


@pytest.mark.parametrize("may", [True, False])
def test_every_rule_has_a_case_that_it_stops_and_one_that_passes(may: bool) -> None:
    assert {case.rule for case in CASES if case.may is may} == {rule.__name__ for rule in FILTERS}


def test_every_rule_is_in_one_group_and_every_one_of_the_file_is_asked() -> None:
    assert len(set(FILTERS)) == len(FILTERS) == len({*FOR_ALL, *ANYWHERE, *IN_THE_PLACE})
    asked = {rule.__name__ for rule in FILTERS}
    told = {
        name
        for name, found in vars(filters).items()
        if getattr(found, "__module__", "") == filters.__name__
        and not name.startswith("_")
        and "Situation" in getattr(found, "__annotations__", {}).values()
        and name != "passes"
    }
    assert told == asked


@pytest.mark.parametrize("at", range(len(CASES)), ids=number)
def test_what_is_looked_at_once_is_the_same_for_every_appeal_and_in_every_placement(at: int) -> None:
    """A group is looked at once, for all appeals or for all placements: no rule in it may look further."""
    case, rule = CASES[at], getattr(filters, CASES[at].rule)
    if rule in FOR_ALL:
        situation = Situation(replace(FACTS, **case.page), case.placement, ReaderFacts(**case.reader), case.off)
        assert rule(None, situation) is case.may
    elif rule in ANYWHERE:
        assert {replace(case, placement=placement).answer() for placement in PLACEMENTS} == {case.may}
