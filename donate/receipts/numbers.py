"""Numbers of receipts: each series and year counts from one, without gaps, because a void one keeps its number."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from donate.db import db
from donate.receipts.models import ReceiptSeries
from donate.receipts.queries import find_series_for_update

#: What numbers of a kind begin with.
MARKS = {"gift": "", "statement": "S"}


def next_number(kind: str, year: int) -> str:
    """Take the next number of a series; call inside ``committed()``, in the transaction that writes its row.

    Args:
        kind: ``gift`` or ``statement``.
        year: Of the series.
    """
    series = find_series_for_update(kind, year)
    if series is None:
        try:
            with db.session.begin_nested():
                db.session.add(ReceiptSeries(kind=kind, year=year, last_number=0))
                db.session.flush()
        except IntegrityError:
            pass  # the year's first two gifts arrived together; the row stands now
        series = find_series_for_update(kind, year)
        assert series is not None
    series.last_number += 1
    return number_of(kind, year, series.last_number)


def number_of(kind: str, year: int, at: int) -> str:
    """Write a number, such as ``2026-004183`` or ``S2026-000012``."""
    return f"{MARKS[kind]}{year}-{at:06d}"
