"""How a donor stands by what is kept of their gifts: year by year, and on which days that changed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

#: What a donor is in a fiscal year they gave in: never before, the year before too, or some year before that.
GAVE = ("first_time", "retained", "regained")
#: The year after the last one somebody gave in.
NEVER = 9999
#: Whoever gave nothing for longer has lapsed.
LAPSED_AFTER = timedelta(days=365)

#: (year, currency, gifts, minor units, first day, last day) of what is kept.
Part = tuple[int, str, int, int, date, date]
#: (day, standing, cohort), as ``DonorDay`` keeps them.
Move = tuple[date, str, int]


@dataclass(frozen=True)
class Given:
    """What is kept of a donor's gifts of one fiscal year.

    Args:
        year: The calendar year it begins in.
        begun_on: The day of its first kept gift.
        last_on: Of its last.
        sums: (gifts, minor units) by currency.
    """

    year: int
    begun_on: date
    last_on: date
    sums: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Row:
    """A donor's fiscal year in one currency, or in none; as ``DonorYear`` keeps it."""

    year: int
    currency: str
    standing: str
    next_year: int
    begun_on: date
    last_on: date
    gifts: int
    kept_minor: int
    ever_minor: int


def years_of(parts: Iterable[Part]) -> list[Given]:
    """Put what is kept of a donor's gifts into their years, in order.

    Args:
        parts: One a year and currency.
    """
    found: dict[int, list[Part]] = {}
    for part in parts:
        found.setdefault(part[0], []).append(part)
    return [
        Given(year, min(each[4] for each in those), max(each[5] for each in those),
              {currency: (gifts, minor) for _year, currency, gifts, minor, _first, _last in those})
        for year, those in sorted(found.items())
    ]  # fmt: skip


def sum_of(given: Sequence[Given]) -> tuple[int, date, date]:
    """Sum a donor's years, at least one: gifts, first day, last day."""
    many = sum(gifts for each in given for gifts, _minor in each.sums.values())
    return many, given[0].begun_on, given[-1].last_on


def given_in(rows: Iterable[Row]) -> list[Given]:
    """Read a donor's years back from their rows, in order."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.year, []).append(row)
    return [
        Given(year, those[0].begun_on, those[0].last_on,
              {row.currency: (row.gifts, row.kept_minor) for row in those if row.currency and row.gifts})
        for year, those in sorted(found.items())
    ]  # fmt: skip


def rows_of(given: Sequence[Given]) -> list[Row]:
    """Write a donor's years as rows: one of the year itself, and one of each currency they had given in by then.

    Args:
        given: In the order of years.
    """
    rows, ever = list[Row](), dict[str, int]()
    for at, each in enumerate(given):
        following = given[at + 1].year if at + 1 < len(given) else NEVER
        for currency, (_gifts, minor) in each.sums.items():
            ever[currency] = ever.get(currency, 0) + minor
        days: dict[str, Any] = {"begun_on": each.begun_on, "last_on": each.last_on}
        of_year: dict[str, Any] = {"standing": _standing(given, at), "next_year": following, **days}
        many = sum(gifts for gifts, _minor in each.sums.values())
        rows.append(Row(each.year, "", **of_year, gifts=many, kept_minor=0, ever_minor=0))
        for currency, minor in sorted(ever.items()):
            gifts, kept = each.sums.get(currency, (0, 0))
            rows.append(Row(each.year, currency, **of_year, gifts=gifts, kept_minor=kept, ever_minor=minor))
    return rows


def moves_of(given: Sequence[Given]) -> Counter[Move]:
    """Tell on which days a donor came to stand how; sums of everybody's are what pages count.

    Args:
        given: In the order of years. Within one year nobody can lapse and come back.
    """
    moves: Counter[Move] = Counter()
    for at, each in enumerate(given):
        moves[(each.begun_on, _standing(given, at), given[0].year)] += 1
        lapses_on = each.last_on + LAPSED_AFTER + timedelta(days=1)
        back_on = given[at + 1].begun_on if at + 1 < len(given) else date.max
        if lapses_on < back_on:
            moves[(lapses_on, "lapsed", 0)] += 1
            if back_on < date.max:
                moves[(back_on, "lapsed", 0)] -= 1
    return moves


def _standing(given: Sequence[Given], at: int) -> str:
    if at == 0:
        return "first_time"
    return "retained" if given[at - 1].year == given[at].year - 1 else "regained"
