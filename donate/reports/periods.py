"""Months of the books for the finance desk: what each moved, and what was booked in it late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import extract, func, select

from donate.db import db
from donate.ledger.models import LedgerDay, LedgerEntry, LedgerPeriod


@dataclass(frozen=True)
class Late:
    """What was booked in one month of another, closed one.

    Args:
        booked: The month it counts in, such as ``2026-04``.
        occurred: The month it is of.
        entries: How many.
        net: What they moved, in minor units of the settlement currency.
    """

    booked: str
    occurred: str
    entries: int
    currency: str
    net: int


def list_periods() -> dict[str, LedgerPeriod]:
    """List the closed months by their names, such as ``2026-03``."""
    return {each.month: each for each in db.session.scalars(select(LedgerPeriod))}


def find_book_span() -> tuple[date, date] | None:
    """Tell the first and the last day of the books; None while they are empty."""
    first, last = db.session.execute(select(func.min(LedgerDay.booked_on), func.max(LedgerDay.booked_on))).one()
    return (first, last) if first is not None else None


def total_months() -> dict[str, dict[str, tuple[int, int]]]:
    """Sum what each month moved at Stripe and by hand, payouts left out: month to currency to (entries, net)."""
    rows = db.session.execute(
        select(
            LedgerDay.booked_on,
            LedgerDay.settlement_currency,
            func.sum(LedgerDay.entries),
            func.sum(LedgerDay.settlement_net_minor),
        )
        .where(LedgerDay.entry_type.not_in(("payout", "payout_failure", "topup")))
        .group_by(LedgerDay.booked_on, LedgerDay.settlement_currency)
    )
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for day, currency, entries, net in rows:
        month = found.setdefault(f"{day:%Y-%m}", {})
        before = month.get(currency, (0, 0))
        month[currency] = (before[0] + int(entries), before[1] + int(net))
    return found


def list_late() -> list[Late]:
    """List what was booked later than its own month because that was closed, by month and currency."""
    months = [
        extract(part, day) for day in (LedgerEntry.booked_on, LedgerEntry.occurred_on) for part in ("year", "month")
    ]
    rows = db.session.execute(
        select(
            *months,
            LedgerEntry.settlement_currency,
            func.count(LedgerEntry.id),
            func.sum(LedgerEntry.settlement_net_minor),
        )
        .where(LedgerEntry.booked_on > LedgerEntry.occurred_on)
        .group_by(*months, LedgerEntry.settlement_currency)
        .order_by(*months, LedgerEntry.settlement_currency)
    )
    return [Late(_month(row[0], row[1]), _month(row[2], row[3]), int(row[5]), str(row[4]), int(row[6])) for row in rows]


def _month(year: int, month: int) -> str:
    return f"{int(year)}-{int(month):02}"
