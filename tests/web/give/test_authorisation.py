"""The words a donor agrees to: who, how much, on which day, until when."""

from __future__ import annotations

from datetime import date

import pytest

from donate.web.authorisation import SLOT, VERSION, authorisation, rule

pytestmark = pytest.mark.usefixtures("words")


def test_a_monthly_promise_names_newsroom_sum_and_day() -> None:
    text = authorisation("month", "The Plumb Line", "$15.78", date(2026, 3, 20)).text
    assert (
        "You allow The Plumb Line to charge $15.78 today and then on the 20th of each month until you stop it." in text
    )


def test_a_yearly_promise_names_the_date() -> None:
    assert "every year on 20 March until you stop it" in rule("year", "The Plumb Line", "$50.00", date(2026, 3, 20))


def test_a_day_that_some_months_lack_is_explained() -> None:
    assert "on the 31st of each month, or on the last day of a shorter one" in rule(
        "month", "X", "$5.00", date(2026, 3, 31)
    )


@pytest.mark.parametrize(
    ("day", "spoken"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (12, "12th"), (22, "22nd")]
)
def test_days_are_spoken(day: int, spoken: str) -> None:
    assert f"the {spoken} of" in rule("month", "X", "$5.00", date(2026, 3, day))


def test_the_page_can_put_a_sum_for_each_choice_into_the_same_words() -> None:
    before, after = rule("month", "X", SLOT, date(2026, 3, 20)).split(SLOT)
    assert f"{before}$5.00{after}" == rule("month", "X", "$5.00", date(2026, 3, 20))


def test_the_wording_has_a_version() -> None:
    assert authorisation("month", "X", "$5.00", date(2026, 3, 20)).version == VERSION
