"""The ledger export: one row an entry of the books, dated on its own day and booked in an open month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping

from donate.money import Money
from donate.reports.queries import iterate_entries

#: Columns are only ever added at the end.
COLUMNS = (
    "entry_id", "entry_type", "occurred_at", "occurred_on", "available_on", "currency", "gross",
    "settlement_currency", "settlement_gross", "settlement_fee", "settlement_net", "exchange_rate", "donation_id",
    "recurring_id", "donor_id", "fund", "gl_code", "restriction", "appeal", "article",
    "stripe_balance_transaction_id", "stripe_charge_id", "stripe_refund_id", "stripe_dispute_id", "stripe_payout_id",
    "period", "note", "variant", "placement", "source",
)  # fmt: skip


def export_ledger(period: Any) -> Iterator[dict[str, Any]]:
    """Give the entries booked in a period, in their order; gross less fee is net, as Stripe writes it.

    Args:
        period: A ``reports.export.Period``; what was learned after its month was closed
            is in the month it is booked in.
    """
    for row in iterate_entries(period.since, period.until, fund=period.fund, appeal=period.appeal):
        yield _row(row)


def _row(row: RowMapping) -> dict[str, Any]:
    occurred_at: datetime = row["occurred_at"]
    settled = row["settlement_currency"]
    return {
        "entry_id": row["reference"],
        "entry_type": row["entry_type"],
        "occurred_at": occurred_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "occurred_on": row["occurred_on"].isoformat(),
        "available_on": row["available_on"].isoformat(),
        "currency": row["currency"],
        "gross": Money(row["gross_minor"], row["currency"]).plain(),
        "settlement_currency": settled,
        "settlement_gross": Money(row["settlement_gross_minor"], settled).plain(),
        "settlement_fee": Money(row["settlement_fee_minor"], settled).plain(),
        "settlement_net": Money(row["settlement_net_minor"], settled).plain(),
        "exchange_rate": row["exchange_rate"],
        "donation_id": row["donation_reference"] or "",
        "recurring_id": row["recurring_reference"] or "",
        "donor_id": row["donor_reference"] or "",
        "fund": row["fund_code"] or "",
        "gl_code": row["gl_code"],
        "restriction": row["restriction"] or "",
        "appeal": row["appeal_slug"] or "",
        "article": row["article"] or "",
        "stripe_balance_transaction_id": "" if row["entry_type"] == "offline" else row["source_key"],
        "stripe_charge_id": row["stripe_charge_id"] or "",
        "stripe_refund_id": row["stripe_refund_id"] or "",
        "stripe_dispute_id": row["stripe_dispute_id"] or "",
        "stripe_payout_id": row["stripe_payout_id"] or row["left_with"] or "",
        "period": row["booked_on"].strftime("%Y-%m"),
        "note": row["note"],
        "variant": row["variant"] or "",
        "placement": row["placement"] or "",
        "source": row["gift_source"] or "",
    }
