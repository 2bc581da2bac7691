"""The calendar: what runs, rests or comes in twelve weeks, and what is in the way, in sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate.appeals.conflicts import Conflict
from donate.appeals.models import AppealTarget
from donate.appeals.queries import find_appeal
from donate.appeals.switch import switch_off_placement
from donate.db import committed
from donate.money import Money
from donate.team.history import SYSTEM
from donate.web.staff.calendar_words import say_conflict, say_state, say_window
from tests.make.campaigns import TODAY, campaign
from tests.make.signing_in import Comings

CALENDAR = "/staff/appeals/calendar"


@pytest.fixture
def desk(comings: Comings) -> FlaskClient:
    """Return the browser of somebody who asks for money."""
    return comings.colleague("fundraising")


def change(slug: str, **values: object) -> None:
    with committed():
        appeal = find_appeal(slug)
        assert appeal is not None
        for name, value in values.items():
            setattr(appeal, name, value)


def sentences(page: str) -> list[str]:
    start = page.index('id="conflicts"')
    return [unescape(each) for each in re.findall(r"<p>(.*?)</p>", page[start : page.index('id="weeks"')])]


def test_each_appeal_has_its_bar_and_its_days_in_words(desk: FlaskClient) -> None:
    change("misinformation", starts_on=date(2026, 3, 9), ends_on=date(2026, 3, 22))
    change("student-newsroom", status="draft", starts_on=date(2026, 4, 6), ends_on=None)
    page = desk.get(CALENDAR).text
    # From Monday, 2 March: the second and third week of twelve; then from the sixth on.
    assert '<rect x="8.33%" width="16.67%"' in page
    assert "from 9 March 2026 to 22 March 2026" in page
    assert '<rect x="41.67%" width="58.33%"' in page
    assert "from 6 April 2026 on" in page
    assert "without beginning or end" in page
    assert "2 March 2026" in page
    for state in ("Planned", "Draft", "Running"):
        assert f">{state}</span>" in page


def test_what_is_over_or_comes_later_is_not_there(desk: FlaskClient) -> None:
    change("misinformation", starts_on=None, ends_on=date(2026, 3, 1))
    change("student-newsroom", starts_on=date(2026, 5, 25), ends_on=None)
    page = desk.get(CALENDAR).text
    assert "A false picture" not in page
    assert "A student’s first story" not in page
    assert "The second pair of eyes" in page


def test_where_nothing_is_in_the_way_it_says_so(desk: FlaskClient) -> None:
    change("student-newsroom", status="ended")
    assert "Nothing stands in the way" in desk.get(CALENDAR).text


def test_two_for_one_section_are_told_with_who_goes_first_and_why(desk: FlaskClient) -> None:
    with committed():
        for slug in ("misinformation", "student-newsroom"):
            appeal = find_appeal(slug)
            assert appeal is not None
            appeal.starts_on, appeal.ends_on = date(2026, 3, 1), date(2026, 4, 30)
            appeal.targets = [AppealTarget(kind="section", slug="culture")]
            appeal.priority = 5
    (told,) = sentences(desk.get(CALENDAR).text)
    assert (
        "both ask for the section “culture” in العربية, English and עברית, from 2 March 2026 to 30 April 2026." in told
    )
    assert told.endswith(
        "“A false picture travels in a minute” goes first by its address alone: their priorities are the same."
    )
    change("student-newsroom", priority=9)
    (told,) = sentences(desk.get(CALENDAR).text)
    assert told.endswith("“A student’s first story” goes first: its priority is higher.")


def test_a_goal_that_nobody_can_give_to_and_an_appeal_of_no_story_are_told(desk: FlaskClient) -> None:
    change("misinformation", placements=["end"])
    with committed():
        switch_off_placement("end", SYSTEM)
        student = find_appeal("student-newsroom")
        assert student is not None
        student.targets = [AppealTarget(kind="article", slug="never-written")]
    told = sentences(desk.get(CALENDAR).text)
    assert "“A false picture travels in a minute” has a goal, and every place it was made for is switched off." in told
    assert any(each.startswith("“A student’s first story” meets no story") for each in told)


def test_every_conflict_state_and_window_has_its_words(app: Flask, newsroom: None) -> None:
    one, other = campaign("one", ("all", "")), campaign("other", ("all", ""))
    ties = (("all", ""), ("article", "a"), ("section", "s"), ("topic", "t"), ("topic", "u"))
    with app.test_request_context("/staff"):
        told = [say_conflict(Conflict(kind, one)) for kind in ("no_place", "no_page", "no_words")]
        told.append(say_conflict(Conflict("no_place", replace(one, goal=Money(100, "USD")))))
        rivals = Conflict("contend", one, other, ties, ("en",), TODAY, TODAY, "priority", is_certain=False)
        told.append(say_conflict(rivals))
        assert len(set(told)) == 5
        assert told[-1] == (
            "Once both run, “Headline” and “Headline” ask for all pages, the story “a”, the section “s” and 2 more in "
            "English, on 20 March 2026. “Headline” goes first: its priority is higher."
        )
        states = [say_state(replace(one, status=status), TODAY) for status in ("live", "paused", "draft", "ended")]
        states.append(say_state(replace(one, starts_on=date(2026, 3, 21)), TODAY))
        assert len({words for words, _badge in states}) == 5
        windows = [say_window(first, last) for first in (None, TODAY) for last in (None, date(2026, 4, 1))]
        assert windows == [
            "without beginning or end",
            "until 1 April 2026",
            "from 20 March 2026 on",
            "from 20 March 2026 to 1 April 2026",
        ]


def test_who_may_not_see_appeals_sees_no_calendar(comings: Comings) -> None:
    assert comings.colleague("support").get(CALENDAR).status_code == 403
