"""The newsroom's fiscal year, where it is not the calendar's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class FiscalYear:
    """Twelve months from the month the newsroom's year begins with.

    Args:
        first: Its first day.
        after: The first day after it.
    """

    first: date
    after: date

    @property
    def name(self) -> str:
        """Name it by the calendar years it is of, such as ``2026`` or ``2025–26``."""
        if self.first.month == 1:
            return str(self.first.year)
        return f"{self.first.year}–{self.after.year % 100:02}"

    @property
    def number(self) -> int:
        """Tell the calendar year it begins in."""
        return self.first.year

    def before(self) -> FiscalYear:
        """Give the year before it."""
        return FiscalYear(self.first.replace(year=self.first.year - 1), self.first)


def fiscal_year(day: date, month: int) -> FiscalYear:
    """Give the fiscal year a day is of.

    Args:
        day: Of the newsroom's zone.
        month: The month fiscal years begin with, 1 to 12.
    """
    begins = day.year if day.month >= month else day.year - 1
    return FiscalYear(date(begins, month, 1), date(begins + 1, month, 1))
