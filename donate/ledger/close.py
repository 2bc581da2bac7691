"""Close a month: its totals are written down and never change; what is learned later counts in an open one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from donate import clock
from donate.db import db
from donate.errors import PeriodRefused
from donate.ledger.models import LedgerBook, LedgerPeriod
from donate.ledger.post import open_books
from donate.ledger.queries import (
    find_book,
    find_first_booked_on,
    find_period,
    list_unclassified,
    total_entries,
)
from donate.team.history import Who, record_history


def days_of(month: str) -> tuple[date, date]:
    """Give a month's first day and the first day after it.

    Args:
        month: Such as ``2026-03``.

    Raises:
        PeriodRefused: ``month_unreadable``.
    """
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise PeriodRefused("month_unreadable", month=month)
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1)


def close_period(month: str, who: Who, *, zone: str) -> LedgerPeriod:
    """Close a month of the books; call inside ``committed()``. Closed once, it stays closed.

    Args:
        month: Such as ``2026-03``; months are closed in their order.
        who: Whose act it is.
        zone: The newsroom's: the month must be over there.

    Raises:
        PeriodRefused: ``month_unreadable``, ``month_not_over``, ``month_before_open`` (with ``open``), or
            ``month_unclassified`` (with ``entries``).
    """
    first, after = days_of(month)
    open_books()
    book = find_book()
    assert book is not None
    # Asked only under the lock: whoever closed it at the same moment is through by now.
    found = find_period(month)
    if found is not None:
        return found
    if clock.today(zone) < after:
        raise PeriodRefused("month_not_over", month=month)
    _refuse_gap(book, first, month)
    unknown = list_unclassified(first, after)
    if unknown:
        raise PeriodRefused("month_unclassified", month=month, entries=[entry.source_key for entry in unknown])
    period = LedgerPeriod(
        month=month,
        closed_at=clock.now(),
        closed_by=f"staff:{who.row_id}" if who.kind == "staff" else "command",
        totals=month_totals(month),
    )
    db.session.add(period)
    book.closed_until = after - timedelta(days=1)
    db.session.flush()
    record_history(who, "close_period", "period", month)
    return period


def month_totals(month: str) -> list[dict[str, Any]]:
    """Sum what is booked in a month, by type and currencies.

    Args:
        month: Such as ``2026-03``.
    """
    return total_entries(*days_of(month))


def _refuse_gap(book: LedgerBook, first: date, month: str) -> None:
    if book.closed_until is not None:
        opens = book.closed_until + timedelta(days=1)
    else:
        opens = (find_first_booked_on() or first).replace(day=1)
    if first > opens:
        raise PeriodRefused("month_before_open", month=month, open=f"{opens:%Y-%m}")
