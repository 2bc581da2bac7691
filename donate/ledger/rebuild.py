"""Compute the sums by day, month and year anew from the entries, and say where what was kept differed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from donate.db import Base, db
from donate.ledger.close import days_of
from donate.ledger.models import LedgerDay, LedgerDayBy, LedgerSpanBy
from donate.ledger.post import open_books
from donate.ledger.queries import (
    find_book,
    list_kept_sums,
    list_months_of_sums,
    list_spans,
    list_spans_kept,
    total_by_day,
    total_by_facet,
    total_by_span,
)
from donate.ledger.sums import KEYS, SUMS, days_of_span

#: Rows that are written with one statement.
_AT_ONCE = 5_000
_TOTALS = {LedgerDay: total_by_day, LedgerDayBy: total_by_facet}


@dataclass(frozen=True)
class Difference:
    """A row of sums that was not what its entries say.

    Args:
        table: Which sums.
        key: Of which day, type and so on.
        kept: What stood there, by name; None where nothing did.
        booked: What the entries say; None where there are none.
    """

    table: str
    key: tuple[Any, ...]
    kept: tuple[Any, ...] | None
    booked: tuple[Any, ...] | None

    def __str__(self) -> str:
        """Say it in a line."""
        where = " ".join(str(part) or "-" for part in self.key)
        return f"{self.table} {where}: kept {self.kept or 'nothing'}, the entries say {self.booked or 'nothing'}"


def months_to_rebuild() -> list[str]:
    """List the months that have entries or sums, such as ``2026-03``."""
    return list_months_of_sums()


def rebuild_month(month: str) -> list[Difference]:
    """Make one month's sums what its entries say; call inside ``committed()``.

    Posting waits meanwhile, so that nothing is counted twice or missed.

    Args:
        month: Such as ``2026-03``.

    Returns:
        What differed before; nothing of it does now.
    """
    open_books()
    find_book()
    found = list(compare_month(month))
    for model in _TOTALS:
        write_differences(model, [difference for difference, of in found if of is model])
    return [difference for difference, _model in found]


def compare_month(month: str) -> list[tuple[Difference, type[Base]]]:
    """Compare one month's sums with its entries.

    Args:
        month: Such as ``2026-03``.
    """
    first, after = days_of(month)
    found: list[tuple[Difference, type[Base]]] = []
    for model, total in _TOTALS.items():
        kept, booked = list_kept_sums(model, KEYS[model], SUMS[model], first, after), total(first, after)
        found += [
            (Difference(model.__tablename__, key, kept.get(key), booked.get(key)), model)
            for key in sorted(kept.keys() | booked.keys(), key=str)
            if kept.get(key) != booked.get(key)
        ]
    return found


def spans_to_rebuild() -> list[str]:
    """List the months and years that have entries or sums by month and year."""
    return sorted({*list_spans_kept(), *(span for month in list_months_of_sums() for span in (month[:4], month))})


def rebuild_span(span: str) -> list[Difference]:
    """Make the sums of stories and sources of a month or year what its entries say; call inside ``committed()``.

    Posting waits meanwhile.

    Args:
        span: Such as ``2026-03`` or ``2026``.

    Returns:
        What differed before; nothing of it does now.
    """
    open_books()
    find_book()
    found = compare_span(span)
    write_differences(LedgerSpanBy, found)
    return found


def compare_span(span: str) -> list[Difference]:
    """Compare the sums of a month or year with its entries.

    Args:
        span: Such as ``2026-03`` or ``2026``.
    """
    first, after = days_of_span(span)
    kept, booked = list_spans(span), total_by_span(first, after)
    return [
        Difference(LedgerSpanBy.__tablename__, (*key[:3], span, key[3]), kept.get(key), booked.get(key))
        for key in sorted(kept.keys() | booked.keys())
        if kept.get(key) != booked.get(key)
    ]


def write_differences(model: type[Base], differences: list[Difference]) -> None:
    """Make rows of sums what the entries say; call inside ``committed()``.

    Args:
        model: One of ``SUMS``.
        differences: Of that table, each once.
    """
    for each in differences:
        if each.kept is not None:
            values = zip(KEYS[model], each.key, strict=True)
            db.session.execute(sa.delete(model).where(*(getattr(model, name) == value for name, value in values)))
    names = (*KEYS[model], *SUMS[model])
    new = [dict(zip(names, (*each.key, *each.booked), strict=True)) for each in differences if each.booked is not None]
    for at in range(0, len(new), _AT_ONCE):
        db.session.execute(sa.insert(model), new[at : at + _AT_ONCE])
