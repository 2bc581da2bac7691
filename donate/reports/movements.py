"""Movements of MRR for the finance desk: where it stood at the end of a day, what moved it, and each that did.

Sums are in minor units **a year**, by currency: MRR is a twelfth, and ``mrr`` alone divides, where it is shown. They
are read from the sums kept by day, so that a page reads few rows however many promises there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from donate.db import db
from donate.money import Money
from donate.recurring.models import MOVEMENT_KINDS, RecurringDonation, RecurringMovement, RecurringMovementDay


@dataclass(frozen=True)
class Moved:
    """The movements of one kind in one currency.

    Args:
        kind: Of ``recurring.models.MOVEMENT_KINDS``.
        currency: ISO 4217.
        changes: How many.
        annual_minor: What they come to in a year; negative where less is given.
    """

    kind: str
    currency: str
    changes: int
    annual_minor: int


@dataclass(frozen=True)
class Span:
    """What became of the MRR of one currency from one day to another: the opening and all that moved is the closing.

    Args:
        since: The first day.
        until: The first day left out.
        currency: ISO 4217.
        opening_minor: A year, at the end of the day before ``since``.
        moved: By kind, in the order of ``MOVEMENT_KINDS``; kinds without movements are left out.
        closing_minor: A year, at the end of the last day.
    """

    since: date
    until: date
    currency: str
    opening_minor: int
    moved: tuple[Moved, ...]
    closing_minor: int


def mrr(annual_minor: int, currency: str) -> Money:
    """Give a twelfth of a sum a year, rounded half up to a minor unit: for showing, never for adding up."""
    return Money(int((Decimal(annual_minor) / 12).quantize(Decimal(1), ROUND_HALF_UP)), currency)


def total_annual(at_end_of: date, *, fund_id: int | None = None) -> dict[str, int]:
    """Tell what all promises counted in a year at the end of a day, in minor units by currency.

    Args:
        at_end_of: The newsroom's day.
        fund_id: Of this fund only.
    """
    day = RecurringMovementDay
    asked = select(day.currency, func.sum(day.annual_minor)).where(day.moved_on <= at_end_of, *_of_fund(fund_id))
    return {currency: int(minor) for currency, minor in db.session.execute(asked.group_by(day.currency))}


def total_movements(since: date, until: date, *, fund_id: int | None = None) -> list[Moved]:
    """Sum up the movements of some days by currency and kind.

    Args:
        since: The first day.
        until: The first day left out.
        fund_id: Of this fund only.
    """
    day = RecurringMovementDay
    asked = (
        select(day.kind, day.currency, func.sum(day.changes), func.sum(day.annual_minor))
        .where(day.moved_on >= since, day.moved_on < until, *_of_fund(fund_id))
        .group_by(day.kind, day.currency)
    )
    found = [Moved(kind, currency, int(many), int(minor)) for kind, currency, many, minor in db.session.execute(asked)]
    return sorted(found, key=lambda each: (each.currency, MOVEMENT_KINDS.index(each.kind)))


def list_spans(bounds: Sequence[date], *, fund_id: int | None = None) -> list[Span]:
    """Tell what became of the MRR between days that follow one another, such as the firsts of months.

    Args:
        bounds: At least two days; each span begins on one and ends before the next.
        fund_id: Of this fund only.

    Returns:
        For each span one of every currency that counted or moved by its end.
    """
    standing = total_annual(bounds[0] - timedelta(days=1), fund_id=fund_id)
    spans: list[Span] = []
    for since, until in pairwise(bounds):
        moved = total_movements(since, until, fund_id=fund_id)
        for currency in sorted(standing.keys() | {each.currency for each in moved}):
            its_own = tuple(each for each in moved if each.currency == currency)
            opening = standing.get(currency, 0)
            standing[currency] = opening + sum(each.annual_minor for each in its_own)
            spans.append(Span(since, until, currency, opening, its_own, standing[currency]))
    return spans


@dataclass(frozen=True)
class MovementLine:
    """One movement and the promise that moved.

    Args:
        movement_id: The row's key, for going on after it.
        reference: The promise's.
        donor_id: Whose it is; none before its first gift arrived.
    """

    movement_id: int
    moved_on: date
    kind: str
    currency: str
    annual_before_minor: int
    annual_after_minor: int
    fund_id: int
    reference: str
    interval: str
    donor_id: int | None


def list_movements(
    since: date,
    until: date,
    *,
    kind: str = "",
    currency: str = "",
    fund_id: int | None = None,
    after: tuple[date, int] | None = None,
    at_most: int = 50,
) -> list[MovementLine]:
    """List the movements of some days, the oldest first: what a sum of ``total_movements`` is made of.

    Args:
        since: The first day.
        until: The first day left out.
        kind: Only these; empty for all.
        currency: Only these; empty for all.
        fund_id: Of this fund only.
        after: (day, key) of the line before the first one wanted.
        at_most: So many.
    """
    each, promise = RecurringMovement, RecurringDonation
    asked: Any = (
        select(
            each.id, each.moved_on, each.kind, each.currency, each.annual_before_minor, each.annual_after_minor,
            each.fund_id, promise.reference, promise.interval, promise.donor_id,
        )
        .join(promise, promise.id == each.recurring_id)
        .where(each.moved_on >= since, each.moved_on < until)
        .order_by(each.moved_on, each.id)
        .limit(at_most)
    )  # fmt: skip
    if kind:
        asked = asked.where(each.kind == kind)
    if currency:
        asked = asked.where(each.currency == currency)
    if fund_id is not None:
        asked = asked.where(each.fund_id == fund_id)
    if after is not None:
        day, key = after
        asked = asked.where((each.moved_on > day) | ((each.moved_on == day) & (each.id > key)))
    return [MovementLine(*row) for row in db.session.execute(asked)]


def _of_fund(fund_id: int | None) -> list[Any]:
    return [] if fund_id is None else [RecurringMovementDay.fund_id == fund_id]
