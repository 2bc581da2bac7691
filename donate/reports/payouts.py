"""The payouts export: one row a payout, with the sums of what it is made of and what is missing to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import RowMapping

from donate.money import Money
from donate.reports.queries import iterate_payouts

#: Columns are only ever added at the end.
COLUMNS = (
    "payout_id", "arrival_on", "status", "currency", "amount", "gross", "fees", "refunds", "disputes", "adjustments",
    "outside", "rows", "difference",
)  # fmt: skip


def export_payouts(period: Any) -> Iterator[dict[str, Any]]:
    """Give the payouts that arrived in a period.

    Args:
        period: A ``reports.export.Period``.
    """
    for row in iterate_payouts(period.since, period.until):
        yield _row(row)


def _row(row: RowMapping) -> dict[str, Any]:
    currency = row["currency"]

    def plain(*names: str) -> str:
        return Money(sum(int(row[name] or 0) for name in names), currency).plain()

    return {
        "payout_id": row["stripe_payout_id"],
        "arrival_on": row["arrival_on"].isoformat(),
        "status": row["status"],
        "currency": currency,
        "amount": plain("amount_minor"),
        "gross": plain("gross"),
        "fees": plain("charged_fees", "account_fees"),
        "refunds": plain("refunds"),
        "disputes": plain("disputes"),
        "adjustments": plain("adjustments"),
        "outside": plain("outside"),
        "rows": row["rows"] or 0,
        "difference": plain("difference_minor"),
    }
