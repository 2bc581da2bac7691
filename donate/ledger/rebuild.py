"""Compute the sums by day anew from the entries, and say where what was kept differed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from donate.db import Base, db, insert_of
from donate.ledger.close import days_of
from donate.ledger.models import LedgerDay, LedgerDayBy
from donate.ledger.post import open_books
from donate.ledger.queries import find_book, list_kept_sums, list_months_of_sums, total_by_day, total_by_facet
from donate.ledger.sums import KEYS, SUMS

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
    kept: tuple[int, ...] | None
    booked: tuple[int, ...] | None

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
    for difference, model in found:
        _write(model, difference)
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


def _write(model: type[Base], difference: Difference) -> None:
    key: dict[str, date | str | int] = dict(zip(KEYS[model], difference.key, strict=True))
    db.session.execute(sa.delete(model).where(*(getattr(model, name) == value for name, value in key.items())))
    if difference.booked is not None:
        sums = dict(zip(SUMS[model], difference.booked, strict=True))
        db.session.execute(insert_of(model).values(**key, **sums))
