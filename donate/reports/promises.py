"""Recurring gifts for the finance desk: what ran, what moved it month by month, and how long promises last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select

from donate import clock
from donate.db import db
from donate.money import Money
from donate.newsroom.models import Fund
from donate.recurring.models import RecurringDonation, RecurringMovement, RecurringMovementDay
from donate.recurring.status import TERMINAL
from donate.reports.movements import Span, list_spans, mrr

#: Movements after which a promise runs that did not, and the other way round.
_BEGINS, _ENDS = ("new", "returned"), ("paused", "failed", "cancelled")
LOST = ("failed", "cancelled")


@dataclass(frozen=True)
class Month:
    """What became of the monthly promise in one month, or the part of it up to today.

    Args:
        first: Its first day.
        span: The sums, a year.
        running: Promises that ran at its beginning.
        is_open: Whether it is not over.
    """

    first: date
    span: Span
    running: int
    is_open: bool

    def moved(self, kind: str) -> Money:
        """Give what movements of a kind come to in a month."""
        return mrr(sum(each.annual_minor for each in self.span.moved if each.kind == kind), self.span.currency)

    def changes(self, *kinds: str) -> int:
        """Count movements of some kinds."""
        return sum(each.changes for each in self.span.moved if each.kind in kinds)

    @property
    def opening(self) -> Money:
        """The monthly promise at the end of the day before."""
        return mrr(self.span.opening_minor, self.span.currency)

    @property
    def closing(self) -> Money:
        """The monthly promise at its end."""
        return mrr(self.span.closing_minor, self.span.currency)

    @property
    def churn(self) -> float | None:
        """Tell how many percent of the promises that ran were lost; None where none ran."""
        return round(100 * self.changes(*LOST) / self.running, 1) if self.running else None


def list_months(firsts: list[date], today: date, currency: str, fund: str = "") -> list[Month]:
    """Tell what became of the monthly promise in each of some months.

    Args:
        firsts: First days of months that follow one another.
        today: The newsroom's; the month it is in ends with it.
        currency: Of the promises.
        fund: A fund's code; empty is all.
    """
    fund_id = db.session.scalar(select(Fund.id).where(Fund.code == fund)) if fund else None
    bounds = [*firsts, min(_next(firsts[-1]), today + timedelta(days=1))]
    spans = {each.since: each for each in list_spans(bounds, fund_id=fund_id) if each.currency == currency}
    running, found = _running_before(firsts[0], currency, fund_id), list[Month]()
    for first, until in zip(firsts, bounds[1:], strict=True):
        span = spans.get(first) or Span(first, until, currency, 0, (), 0)
        month = Month(first, span, running, is_open=today < _next(first))
        found.append(month)
        running += month.changes(*_BEGINS) - month.changes(*_ENDS)
    return found


def count_running(today: date, currency: str, fund: str = "") -> int:
    """Count the promises that run at the end of a day."""
    fund_id = db.session.scalar(select(Fund.id).where(Fund.code == fund)) if fund else None
    return _running_before(today + timedelta(days=1), currency, fund_id)


def find_first_moved() -> date | None:
    """Tell the day of the first movement."""
    return db.session.scalar(select(func.min(RecurringMovementDay.moved_on)))


def list_promise_currencies() -> list[str]:
    """List the currencies of promises, the one with most movements first."""
    day = RecurringMovementDay
    asked = select(day.currency).group_by(day.currency).order_by(func.sum(day.changes).desc())
    return list(db.session.scalars(asked))


def promise_cohorts(since: date, today: date, zone: str) -> list[tuple[date, int, list[int]]]:
    """Count, of the promises that began in each month, how many had not ended after so many months.

    Args:
        since: The first day of the first month.
        today: The newsroom's.
        zone: Its own.

    Returns:
        For each month its first day, how many began, and how many were left at the end of each month from it on.
    """
    rows = db.session.execute(
        select(RecurringMovement.moved_on, RecurringDonation.status, RecurringDonation.ended_at)
        .join(RecurringDonation, RecurringDonation.id == RecurringMovement.recurring_id)
        .where(RecurringMovement.number == 1, RecurringMovement.moved_on >= since)
    )
    lives: dict[date, list[date | None]] = {}
    for begun_on, status, ended_at in rows:
        ended_on = clock.on(ended_at, zone) if status in TERMINAL and ended_at is not None else None
        lives.setdefault(begun_on.replace(day=1), []).append(ended_on)
    found, first = [], since.replace(day=1)
    while first <= today:
        ends, left, month = lives.get(first, []), list[int](), first
        while month <= today:
            left.append(sum(end is None or end >= _next(month) for end in ends))
            month = _next(month)
        found.append((first, len(ends), left))
        first = _next(first)
    return found


def _running_before(day: date, currency: str, fund_id: int | None) -> int:
    table = RecurringMovementDay
    signed = case((table.kind.in_(_BEGINS), table.changes), (table.kind.in_(_ENDS), -table.changes), else_=0)
    asked = select(func.sum(signed)).where(table.moved_on < day, table.currency == currency)
    if fund_id is not None:
        asked = asked.where(table.fund_id == fund_id)
    return int(db.session.scalar(asked) or 0)


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
