"""What a promise will do, day by day: the lines that are shown before a change, mailed after it, and kept. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from donate import clock
from donate.money import Money
from donate.recurring.terms import Terms

#: Stripe leaves an invoice a draft for about an hour before it charges:
#: https://docs.stripe.com/billing/invoices/subscription#subscription-invoice-lifecycle
CHARGED_AFTER = timedelta(hours=1)
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True)
class Line:
    """One day of a schedule.

    Args:
        on: The newsroom's day.
        what: ``charge``, ``skipped`` (nothing charged, it goes on) or ``ends`` (nothing charged, it is over).
        amount: Charged then; what would have been where nothing is.
    """

    on: date
    what: str
    amount: Money

    def plain(self) -> dict[str, Any]:
        """Write it as JSON keeps it."""
        return {
            "on": self.on.isoformat(),
            "what": self.what,
            "amount_minor": self.amount.minor,
            "currency": self.amount.currency,
        }


def schedule(terms: Terms, *, zone: str, charges: int = 3) -> list[Line]:
    """Write what happens next.

    Args:
        terms: Of the promise.
        zone: The newsroom's.
        charges: So many charges are shown; what is left out before and between them stands there too.
    """
    if terms.is_over or terms.next_at is None:
        return []
    lines: list[Line] = []
    for moment in _moments(terms):
        on = charged_on(moment, zone)
        if terms.ends:
            return [*lines, Line(on, "ends", terms.amount)]
        rests = is_left_out(terms, moment)
        lines.append(Line(on, "skipped" if rests else "charge", terms.amount))
        if sum(line.what == "charge" for line in lines) == charges or (rests and terms.resumes_at is None):
            break
    return lines


def is_left_out(terms: Terms, moment: datetime) -> bool:
    """Tell whether a charge that falls due then is voided."""
    return terms.is_paused and (terms.resumes_at is None or moment < terms.resumes_at)


def charged_on(moment: datetime, zone: str) -> date:
    """Tell the newsroom's day on which what falls due at a moment is charged."""
    return clock.on(moment + CHARGED_AFTER, zone)


def due_after(terms: Terms, number: int) -> datetime:
    """Tell when the charge after so many others falls due.

    Args:
        terms: Of a promise that goes on.
        number: 0 is the next one.
    """
    moments = _moments(terms)
    for _ in range(number):
        next(moments)
    return next(moments)


def due_until(terms: Terms, last: datetime) -> int:
    """Count the charges that fall due until a moment."""
    return sum(1 for _ in takewhile(lambda moment: moment <= last, _moments(terms)))


def _moments(terms: Terms) -> Iterator[datetime]:
    """Give when charges fall due, as Stripe counts: whole periods from the anchor, on a short month's last day."""
    assert terms.next_at is not None
    anchor, step = terms.anchor_at or terms.next_at, _MONTHS[terms.interval]
    passed = (terms.next_at.year - anchor.year) * 12 + terms.next_at.month - anchor.month
    yield terms.next_at
    while True:
        passed += step
        yield add_months(anchor, passed)


def add_months(moment: datetime, months: int) -> datetime:
    """Move a moment by whole months; a day that the month lacks becomes its last one."""
    count = moment.month - 1 + months
    year, month = moment.year + count // 12, count % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
