"""Choose the level that a gift earns, by what a year of it comes to, and for how long it counts. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from donate.money import Money

_A_YEAR_OF = {"month": 12, "year": 1, "once": 1}
_COUNTS_FOR_MONTHS = {"month": 1, "year": 12, "once": 12}


@dataclass(frozen=True)
class Rung:
    """A level as it is compared.

    Args:
        level_id: Its row's.
        rank: The lowest is 1.
        yearly: What a year must come to: {currency: minor units}.
    """

    level_id: int
    rank: int
    yearly: dict[str, int]


def choose_level(rungs: Iterable[Rung], gift: Money, frequency: str) -> Rung | None:
    """Give the highest level that a gift reaches; none where it reaches none.

    Args:
        rungs: The levels that are offered.
        gift: What was given, without a covered fee; compared in its own currency and never converted.
        frequency: ``once``, ``month`` or ``year``: twelve monthly gifts make a year, each other gift is one.
    """
    a_year = gift.minor * _A_YEAR_OF[frequency]
    reached = (rung for rung in rungs if rung.yearly.get(gift.currency, a_year + 1) <= a_year)
    return max(reached, key=lambda rung: rung.rank, default=None)


def counts_until(received_on: date, frequency: str) -> date:
    """Tell the day from which a gift no longer counts: a month or a year after its own; a short month's last day."""
    months = received_on.month - 1 + _COUNTS_FOR_MONTHS[frequency]
    year, month = received_on.year + months // 12, months % 12 + 1
    return date(year, month, min(received_on.day, calendar.monthrange(year, month)[1]))


def per_month(yearly: Money) -> Money:
    """Give the smallest monthly gift whose year comes to so much."""
    return Money(-(-yearly.minor // 12), yearly.currency)
