"""What stands in each other's way among appeals, and what can never stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from donate.appeals.conflicts import Conflict, find_conflicts, is_coming
from donate.appeals.rules import PLACEMENTS, Rules
from tests.make.campaigns import EVERGREEN, TODAY, WORDS, campaign

WATER, ALL = ("section", "water"), ("all", "")
EN_AR = (("ar", "a", WORDS), ("en", "a", WORDS))


def in_days(days: int) -> Any:
    return TODAY + timedelta(days=days)


def contend(first: dict[str, Any], second: dict[str, Any]) -> Conflict | None:
    """Find how two appeals for one section contend."""
    one, other = campaign("aleph", WATER, **first), campaign("bet", WATER, **second)
    found = [each for each in find_conflicts([one, other, EVERGREEN], TODAY) if each.kind == "contend"]
    assert len(found) < 2
    return found[0] if found else None


def test_of_two_for_one_section_the_higher_priority_is_asked_first_and_said_so() -> None:
    found = contend({}, {"priority": 3})
    assert found is not None
    assert found.other is not None
    assert (found.campaign.slug, found.other.slug, found.why) == ("bet", "aleph", "priority")
    assert (found.ties, found.languages, found.first, found.last) == ((WATER,), ("en",), TODAY, None)


def test_of_one_priority_the_address_decides() -> None:
    found = contend({}, {})
    assert found is not None
    assert (found.campaign.slug, found.why) == ("aleph", "address")


def test_they_contend_on_the_days_that_both_have() -> None:
    found = contend({"starts_on": in_days(3)}, {"starts_on": in_days(1), "ends_on": in_days(9)})
    assert found is not None
    assert (found.first, found.last) == (in_days(3), in_days(9))
    same_day = contend({"ends_on": in_days(3)}, {"starts_on": in_days(3)})
    assert same_day is not None
    assert contend({"ends_on": in_days(3)}, {"starts_on": in_days(4)}) is None


@pytest.mark.parametrize(
    ("first", "second", "meets"),
    [
        ({"texts": (("ar", "a", WORDS),)}, {}, False),
        ({"texts": EN_AR}, {"texts": (("ar", "a", WORDS),)}, True),
        ({"placements": frozenset({"end"})}, {"placements": frozenset({"header"})}, False),
        ({"rules": Rules(audience=frozenset({"member"}))}, {}, False),
        ({"rules": Rules(countries=frozenset({"JO"}))}, {"rules": Rules(countries=frozenset({"CA"}))}, False),
        ({"rules": Rules(countries=frozenset({"JO"}))}, {"rules": Rules(not_countries=frozenset({"JO"}))}, False),
        ({"rules": Rules(countries=frozenset({"JO", "CA"}))}, {"rules": Rules(countries=frozenset({"CA"}))}, True),
        ({"rules": Rules(countries=frozenset({"JO"}))}, {}, True),
        ({"rules": Rules(not_countries=frozenset({"JO"}))}, {}, True),
        ({"excluded": frozenset({WATER})}, {}, False),
        ({"status": "ended"}, {}, False),
    ],
)
def test_only_those_contend_that_one_reader_could_be_asked_by(
    first: dict[str, Any], second: dict[str, Any], meets: bool
) -> None:
    assert (contend(first, second) is not None) is meets


@pytest.mark.parametrize("status", ["draft", "paused"])
def test_what_is_only_possible_is_told_as_that(status: str) -> None:
    found = contend({"status": status}, {})
    assert found is not None
    assert not found.is_certain


def test_an_appeal_for_all_pages_contends_where_its_priority_puts_it_before_a_closer_one() -> None:
    near = campaign("near", WATER)
    loud, quiet = campaign("loud", ALL, priority=9), campaign("quiet", ALL)
    assert [(each.campaign.slug, each.ties) for each in find_conflicts([near, loud], TODAY)] == [("loud", (WATER,))]
    assert find_conflicts([near, quiet], TODAY) == []
    assert [each.ties for each in find_conflicts([loud, quiet], TODAY)] == [(ALL,)]


def test_the_evergreen_appeal_stands_in_nobodys_way() -> None:
    assert find_conflicts([EVERGREEN, campaign("tied", ALL, priority=-5)], TODAY) == []


def test_an_appeal_whose_places_are_all_off_is_told() -> None:
    only_end = campaign("only-end", ALL, placements=frozenset({"end"}))
    for off, kinds in ((frozenset({"end"}), ["no_place"]), (frozenset({"header"}), [])):
        assert [each.kind for each in find_conflicts([only_end], TODAY, off)] == kinds
    assert [each.kind for each in find_conflicts([EVERGREEN], TODAY, frozenset(PLACEMENTS))] == ["no_place"]
    nowhere = campaign("nowhere", ALL, placements=frozenset())
    assert [each.kind for each in find_conflicts([nowhere], TODAY)] == ["no_place"]


def test_an_appeal_that_no_story_meets_is_told() -> None:
    known = {"en": frozenset({WATER}), "ar": frozenset({("topic", "cities")})}

    def kinds(*targets: tuple[str, str], **changes: Any) -> list[str]:
        return [each.kind for each in find_conflicts([campaign("one", *targets, **changes)], TODAY, known=known)]

    assert kinds(WATER) == []
    assert kinds(ALL) == []
    assert kinds(("topic", "cities")) == ["no_page"], "there are such stories, and none in its language"
    assert kinds(("topic", "cities"), texts=EN_AR) == []
    assert kinds(("article", "gone")) == ["no_page"]
    assert kinds() == ["no_page"]
    assert kinds(WATER, excluded=frozenset({WATER})) == ["no_page"]
    assert kinds(WATER, texts=()) == ["no_words"]
    assert find_conflicts([campaign("one", WATER)], TODAY) == [], "where stories were not asked for, none is missed"


@pytest.mark.parametrize(
    ("changes", "coming"),
    [
        ({}, True),
        ({"status": "draft"}, True),
        ({"status": "ended"}, False),
        ({"ends_on": in_days(0)}, True),
        ({"ends_on": in_days(-1)}, False),
        ({"starts_on": in_days(83)}, True),
        ({"starts_on": in_days(84)}, False),
    ],
)
def test_the_calendar_holds_what_runs_or_may_in_twelve_weeks(changes: dict[str, Any], coming: bool) -> None:
    assert is_coming(campaign("one", ALL, **changes), TODAY) is coming
