"""The receipts export: one row a receipt or statement, void ones too, with what stands for which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import RowMapping

from donate.money import Money
from donate.reports.queries import iterate_receipts

#: Columns are only ever added at the end.
COLUMNS = (
    "number", "kind", "year", "status", "issued_on", "voided_on", "void_reason", "replaces", "replaced_by",
    "donation_id", "donor_id", "currency", "amount", "benefit_value", "deductible", "language", "content_hash",
)  # fmt: skip


def export_receipts(period: Any) -> Iterator[dict[str, Any]]:
    """Give the export's rows for a period of days of issue, in the order they were issued.

    Args:
        period: A ``reports.export.Period``; with a fund or an appeal, only receipts of its gifts.
    """
    for row in iterate_receipts(period.since, period.until, fund=period.fund, appeal=period.appeal):
        yield _row(row)


def _row(row: RowMapping) -> dict[str, Any]:
    currency = row["currency"]
    # A statement of several currencies has no single sum: they stand in its content.
    sums = (
        {name: _sum(row[f"{name}_minor"], currency) for name in ("amount", "benefit_value", "deductible")}
        if currency
        else {}
    )
    return {
        **{name: row[name] for name in ("number", "kind", "year", "status", "void_reason", "language", "content_hash")},
        "issued_on": row["issued_on"].isoformat(),
        "voided_on": row["voided_on"].isoformat() if row["voided_on"] is not None else "",
        "replaces": row["replaces"] or "",
        "replaced_by": row["replaced_by"] or "",
        "donation_id": row["donation_reference"] or "",
        "donor_id": row["donor_reference"] or "",
        "currency": currency,
        **sums,
    }


def _sum(minor: int | None, currency: str) -> str:
    return Money(minor, currency).plain() if minor is not None else ""
