"""The donors export: one row a donor and currency, with what they gave in a period and what of it was kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import RowMapping

from donate import clock
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.reports.queries import iterate_donors

#: Columns are only ever added at the end.
COLUMNS = (
    "donor_id", "first_name", "last_name", "email", "language", "currency", "gifts", "given", "refunded", "disputed",
    "kept", "first_gift_on", "last_gift_on", "recurring_live", "created_on", "erased_on",
)  # fmt: skip


def export_donors(period: Any) -> Iterator[dict[str, Any]]:
    """Give who gave in a period; first and last day are those of the period's gifts.

    Args:
        period: A ``reports.export.Period``.
    """
    zone = get_newsroom().time_zone
    for row in iterate_donors(period.since, period.until, fund=period.fund, appeal=period.appeal):
        yield _row(row, zone)


def _row(row: RowMapping, zone: str) -> dict[str, Any]:
    currency = row["currency"]
    given, refunded, disputed = (int(row[f"{name}_minor"]) for name in ("given", "refunded", "disputed"))
    return {
        "donor_id": row["reference"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "email": row["email"] or "",
        "language": row["language"],
        "currency": currency,
        "gifts": row["gifts"],
        "given": Money(given, currency).plain(),
        "refunded": Money(-refunded, currency).plain(),
        "disputed": Money(-disputed, currency).plain(),
        "kept": Money(given - refunded - disputed, currency).plain(),
        "first_gift_on": row["first_gift_on"].isoformat(),
        "last_gift_on": row["last_gift_on"].isoformat(),
        "recurring_live": row["recurring_live"] or 0,
        "created_on": clock.on(row["created_at"], zone).isoformat(),
        "erased_on": clock.on(row["erased_at"], zone).isoformat() if row["erased_at"] is not None else "",
    }
