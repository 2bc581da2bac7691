"""How a donor stands follows from the days of their kept gifts alone: held to a calendar that asks on every day."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from donate.ledger.standing import NEVER, Part, given_in, moves_of, rows_of, sum_of, years_of
from donate.newsroom.fiscal import fiscal_year

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)


def parts_of(gifts: list[tuple[date, str, int]], month: int) -> list[Part]:
    """Sum gifts by fiscal year and currency, worked out here."""
    found: dict[tuple[int, str], list[tuple[date, int]]] = {}
    for day, currency, minor in gifts:
        found.setdefault((fiscal_year(day, month).number, currency), []).append((day, minor))
    return [
        (year, currency, len(those), sum(each[1] for each in those), min(those)[0], max(those)[0])
        for (year, currency), those in found.items()
    ]


def some_gifts(dice: random.Random) -> list[tuple[date, str, int]]:
    span = (LAST - FIRST).days
    return [
        (FIRST + timedelta(dice.randrange(span)), dice.choice(["USD", "USD", "EUR"]), dice.randrange(1, 9000))
        for _ in range(dice.randrange(1, 9))
    ]


def stands(gifts: list[date], today: date, month: int) -> set[str]:
    """Tell how somebody stands at the end of a day, by asking all of their gifts."""
    given = [day for day in gifts if day <= today]
    if not given:
        return set()
    years, now = {fiscal_year(day, month).number for day in given}, fiscal_year(today, month).number
    said = {"lapsed"} if (today - max(given)).days > 365 else set()
    if now not in years:
        return said
    return said | {"first_time" if min(years) == now else "retained" if now - 1 in years else "regained"}


@pytest.mark.parametrize("month", [1, 3, 12])
@pytest.mark.parametrize("dice", range(12))
def test_on_every_day_the_moves_until_then_say_how_a_donor_stands(month: int, dice: int) -> None:
    gifts = some_gifts(random.Random(dice))
    moves = moves_of(years_of(parts_of(gifts, month)))
    day = FIRST
    while day < LAST + timedelta(days=800):
        year = fiscal_year(day, month)
        said = {name for (on, name, _cohort), by in moves.items() for _ in range(by)
                if name != "lapsed" and year.first <= on <= day}  # fmt: skip
        lapsed = sum(by for (on, name, _cohort), by in moves.items() if name == "lapsed" and on <= day)
        assert said | ({"lapsed"} if lapsed else set()) == stands([each[0] for each in gifts], day, month)
        assert lapsed in (0, 1)
        day += timedelta(days=1)


@pytest.mark.parametrize("dice", range(12))
def test_rows_hold_all_that_years_do_and_add_up(dice: int) -> None:
    gifts = some_gifts(random.Random(100 + dice))
    given = years_of(parts_of(gifts, 7))
    rows = rows_of(given)
    assert given_in(reversed(rows)) == given
    assert sum_of(given) == (len(gifts), min(gifts)[0], max(gifts)[0])
    for row in rows:
        those = [each for each in gifts if fiscal_year(each[0], 7).number <= row.year and each[1] == row.currency]
        assert row.ever_minor == sum(each[2] for each in those)
        assert row.kept_minor == sum(each[2] for each in those if fiscal_year(each[0], 7).number == row.year)
        later = {fiscal_year(each[0], 7).number for each in gifts} - set(range(row.year + 1))
        assert row.next_year == min(later, default=NEVER)


def test_a_year_and_a_day_without_a_gift_is_what_lapsing_takes() -> None:
    begun = date(2023, 3, 1)
    for back, lapses in ((date(2024, 2, 29), False), (date(2024, 3, 1), False), (date(2024, 3, 2), True)):
        moves = moves_of(years_of(parts_of([(begun, "USD", 1), (back, "USD", 1)], 1)))
        on = [(day, by) for (day, name, _cohort), by in moves.items() if name == "lapsed" and day <= back]
        assert on == ([(date(2024, 3, 1), 1), (back, -1)] if lapses else [])
