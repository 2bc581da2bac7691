"""Which level a gift earns, for how long, and what several gifts earn together: pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from donate.members.choose_level import Rung, choose_level, counts_until, per_month
from donate.members.measure import GRACE, Earned, Period, measure
from donate.money import Money, from_major

READER = Rung(1, 1, {"USD": 6000, "ILS": 22000, "JOD": 42000})
FRIEND = Rung(2, 2, {"USD": 18000, "ILS": 66000, "JOD": 126000})
RUNGS = (FRIEND, READER)
D = date.fromisoformat


@pytest.mark.parametrize(
    ("amount", "currency", "frequency", "earned"),
    [
        ("5.00", "USD", "month", READER),  # 12 × 5 = 60
        ("4.99", "USD", "month", None),
        ("15.00", "USD", "month", FRIEND),
        ("14.99", "USD", "month", READER),
        ("59.99", "USD", "year", None),
        ("60.00", "USD", "year", READER),
        ("60.00", "USD", "once", READER),
        ("179.99", "USD", "once", READER),
        ("180.00", "USD", "once", FRIEND),
        ("5000.00", "USD", "once", FRIEND),
        ("55.00", "ILS", "month", FRIEND),  # in its own currency, and not as so many dollars
        ("60.00", "ILS", "once", None),
        ("3.500", "JOD", "month", READER),  # a currency of three decimals
        ("3.499", "JOD", "month", None),
        ("1000", "JPY", "once", None),  # a currency the levels don't name earns none
    ],
)
def test_a_gift_earns_the_highest_level_its_year_reaches(
    amount: str, currency: str, frequency: str, earned: Rung | None
) -> None:
    assert choose_level(RUNGS, from_major(amount, currency), frequency) is earned


def test_without_levels_nothing_is_earned() -> None:
    assert choose_level((), Money(100_000, "USD"), "month") is None


@pytest.mark.parametrize(
    ("day", "frequency", "until"),
    [
        ("2026-03-20", "month", "2026-04-20"),
        ("2026-01-31", "month", "2026-02-28"),
        ("2026-12-15", "month", "2027-01-15"),
        ("2026-03-20", "year", "2027-03-20"),
        ("2026-03-20", "once", "2027-03-20"),
        ("2028-02-29", "once", "2029-02-28"),
    ],
)
def test_a_monthly_gift_counts_a_month_and_every_other_twelve(day: str, frequency: str, until: str) -> None:
    assert counts_until(D(day), frequency) == D(until)


@pytest.mark.parametrize(("yearly", "monthly"), [(6000, 500), (18000, 1500), (5500, 459)])
def test_the_monthly_sum_named_for_a_level_reaches_it(yearly: int, monthly: int) -> None:
    assert per_month(Money(yearly, "USD")) == Money(monthly, "USD")
    assert choose_level((Rung(1, 1, {"USD": yearly}),), Money(monthly, "USD"), "month") is not None
    assert choose_level((Rung(1, 1, {"USD": yearly}),), Money(monthly - 1, "USD"), "month") is None


def month(day: str, rung: Rung = READER, promise: str = "P") -> Period:
    return Period(rung.level_id, rung.rank, "USD", D(day), counts_until(D(day), "month"), promise)


def single(day: str, rung: Rung = READER) -> Period:
    return Period(rung.level_id, rung.rank, "USD", D(day), counts_until(D(day), "once"))


def earned(since: str, until: str, rung: Rung = READER, lapsed: str = "") -> Earned:
    return Earned(rung.level_id, "USD", D(since), D(until), D(lapsed) if lapsed else None)


def test_nobody_is_a_member_without_a_gift_that_earned_it() -> None:
    assert measure([], {}, D("2026-03-01")) is None


def test_each_monthly_gift_carries_the_membership_on_and_its_first_day_stays() -> None:
    gifts = [month("2026-01-20"), month("2026-02-20"), month("2026-03-20")]
    assert measure(reversed(gifts), {}, D("2026-03-25")) == earned("2026-01-20", "2026-04-20")


def test_it_waits_thirty_days_for_the_next_gift_and_then_lapses() -> None:
    gifts = [month("2026-01-20")]
    last = D("2026-02-20") + GRACE
    assert measure(gifts, {}, last - timedelta(days=1)) == earned("2026-01-20", "2026-02-20")
    assert measure(gifts, {}, last) == earned("2026-01-20", "2026-02-20", lapsed="2026-03-22")


def test_a_gift_within_those_days_keeps_the_first_day_and_one_after_them_begins_anew() -> None:
    within, after = single("2026-03-21"), single("2026-03-22")
    assert measure([month("2026-01-20"), within], {}, D("2026-04-01")) == earned("2026-01-20", "2027-03-21")
    assert measure([month("2026-01-20"), after], {}, D("2026-04-01")) == earned("2026-03-22", "2027-03-22")


def test_a_promise_that_goes_on_is_carried_to_its_next_charge_over_a_skip_and_a_rest() -> None:
    gifts = [month("2026-01-20"), month("2026-02-20")]
    skipped = measure(gifts, {"P": D("2026-04-20")}, D("2026-04-19"))
    assert skipped == earned("2026-01-20", "2026-04-20")
    rests = measure(gifts, {"P": D("2026-08-20")}, D("2026-08-01"))
    assert rests == earned("2026-01-20", "2026-08-20")
    assert measure([*gifts, month("2026-08-20")], {}, D("2026-08-21")) == earned("2026-01-20", "2026-09-20")


def test_the_higher_level_wins_while_it_counts_and_the_lower_one_takes_over_when_it_ends() -> None:
    gifts = [single("2025-06-01", FRIEND), month("2026-05-10"), month("2026-06-10")]
    assert measure(gifts, {}, D("2026-05-31")) == earned("2025-06-01", "2026-06-01", FRIEND)
    assert measure(gifts, {}, D("2026-06-15")) == earned("2025-06-01", "2026-07-10")


def test_a_lesser_gift_of_a_promise_lowers_the_level_from_its_day() -> None:
    gifts = [month("2026-01-20", FRIEND), month("2026-02-20", READER)]
    assert measure(gifts, {}, D("2026-02-19")) == earned("2026-01-20", "2026-02-20", FRIEND)
    assert measure(gifts, {}, D("2026-02-20")) == earned("2026-01-20", "2026-03-20", READER)
