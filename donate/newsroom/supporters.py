"""From which sum a year a giver is named on the page of supporters, and what a year is: set here, off until then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from donate.money import Money
from donate.newsroom.fiscal import FiscalYear, fiscal_year
from donate.newsroom.models import Newsroom

CALENDAR, FISCAL = "calendar", "fiscal"


@dataclass(frozen=True)
class Listing:
    """What names a giver.

    Args:
        line: {currency: minor units that a year's gifts in it must come to}; other currencies are not counted.
        year: ``calendar`` or ``fiscal``.
        month: The month that year begins with.
    """

    line: Mapping[str, int]
    year: str
    month: int

    def line_in(self, currency: str) -> Money | None:
        """Give the line in a currency; none where gifts in it are not counted."""
        return Money(self.line[currency], currency) if currency in self.line else None

    @property
    def lines(self) -> list[Money]:
        """List the lines, the newsroom's own currency first."""
        return [Money(minor, currency) for currency, minor in self.line.items()]

    def year_of(self, day: date) -> FiscalYear:
        """Give the year a day is of."""
        return fiscal_year(day, self.month)


def listing_of(newsroom: Newsroom) -> Listing | None:
    """Tell what names a giver; none while nobody is named."""
    kept = newsroom.supporters or {}
    if not kept.get("line"):
        return None
    order = [newsroom.default_currency, *newsroom.currencies, *kept["line"]]
    line = {currency: int(kept["line"][currency]) for currency in dict.fromkeys(order) if currency in kept["line"]}
    year = kept.get("year", CALENDAR)
    return Listing(line, year, newsroom.fiscal_month if year == FISCAL else 1)


def set_listing(newsroom: Newsroom, line: Mapping[str, int], year: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set from which sum givers are named; call inside ``committed()``.

    Args:
        newsroom: Its row, locked.
        line: {currency: minor units above zero}; nothing names nobody.
        year: ``calendar`` or ``fiscal``.

    Returns:
        What was set before and is now, as the history keeps it.
    """
    if year not in (CALENDAR, FISCAL) or any(minor <= 0 for minor in line.values()):
        raise ValueError("a line is a sum above zero, of a calendar or fiscal year")
    before = _plain(newsroom.supporters or {})
    newsroom.supporters = {"line": dict(line), "year": year}
    return before, _plain(newsroom.supporters)


def _plain(kept: Mapping[str, Any]) -> dict[str, Any]:
    line = {f"line_{currency}": minor for currency, minor in kept.get("line", {}).items()}
    return {"on": bool(line), "year": kept.get("year", CALENDAR), **line}
