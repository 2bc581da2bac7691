"""The donations export: one row a gift, in the columns others build on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping

from donate.money import Money
from donate.reports.queries import iterate_donations

#: Columns are only ever added at the end. What a later step fills is empty, never left out.
COLUMNS = (
    "donation_id", "received_at", "received_on", "kind", "interval", "status", "currency", "amount",
    "settlement_currency", "settlement_amount", "fee", "net", "exchange_rate", "refunded", "disputed", "fee_covered",
    "deductible", "benefit_value", "donor_id", "donor_name", "donor_email", "anonymous", "country", "language", "fund",
    "gl_code", "restriction", "appeal", "variant", "placement", "article", "source", "payment_method", "card_brand",
    "last4", "receipt_number", "recurring_id", "stripe_payment_intent_id", "stripe_charge_id", "stripe_invoice_id",
    "stripe_balance_transaction_id", "stripe_payout_id",
)  # fmt: skip


def export_donations(period: Any) -> Iterator[dict[str, Any]]:
    """Give the export's rows for a period, oldest first.

    Args:
        period: A ``reports.export.Period``.
    """
    for row in iterate_donations(period.since, period.until, fund=period.fund, appeal=period.appeal):
        yield _row(row)


def _row(row: RowMapping) -> dict[str, Any]:
    currency = row["currency"]
    received_at: datetime = row["received_at"]
    return {
        "donation_id": row["reference"],
        "received_at": received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "received_on": row["received_on"].isoformat(),
        "kind": row["kind"],
        "interval": "" if row["frequency"] == "once" else row["frequency"],
        "status": _status(row),
        "currency": currency,
        "amount": Money(row["amount_minor"], currency).plain(),
        **_settled(row),
        "refunded": Money(int(row["refunded_minor"] or 0), currency).plain(),
        "disputed": Money(int(row["disputed_minor"] or 0), currency).plain(),
        "fee_covered": Money(row["fee_cover_minor"], currency).plain(),
        "deductible": _part(row["deductible_minor"], currency),
        "benefit_value": _part(row["benefit_value_minor"], currency),
        "donor_id": row["donor_reference"] or "",
        "donor_name": f"{row['first_name']} {row['last_name']}".strip(),
        "donor_email": row["email"],
        "anonymous": row["anonymous"],
        "country": row["country"],
        "language": row["language"],
        "fund": row["fund_code"],
        "gl_code": row["gl_code"],
        "restriction": row["restriction"],
        "appeal": row["appeal_slug"] or "",
        "variant": row["variant"],
        "placement": row["placement"],
        "article": row["known_article_slug"] or row["article_slug"],
        "source": row["source"],
        "payment_method": row["payment_method"],
        "card_brand": row["card_brand"],
        "last4": row["card_last4"],
        "receipt_number": row["receipt_number"] or "",
        "recurring_id": row["recurring_reference"] or "",
        "stripe_payment_intent_id": row["stripe_payment_intent_id"] or "",
        "stripe_charge_id": row["stripe_charge_id"] or "",
        "stripe_invoice_id": row["stripe_invoice_id"] or "",
        "stripe_payout_id": row["stripe_payout_id"] or "",
    }


def _settled(row: RowMapping) -> dict[str, str]:
    """Say what a gift brought and cost, once the books know it."""
    currency = row["settlement_currency"]
    if currency is None:
        return {}
    return {
        "settlement_currency": currency,
        "settlement_amount": Money(row["settlement_gross_minor"], currency).plain(),
        "fee": Money(row["settlement_fee_minor"], currency).plain(),
        "net": Money(row["settlement_net_minor"], currency).plain(),
        "exchange_rate": row["exchange_rate"],
        "stripe_balance_transaction_id": row["source_key"] if row["kind"] != "offline" else "",
    }


def _part(minor: int | None, currency: str) -> str:
    """Write what a gift's receipt says of it now; empty where it says nothing."""
    return Money(minor, currency).plain() if minor is not None else ""


def _status(row: RowMapping) -> str:
    refunded = int(row["refunded_minor"] or 0)
    if int(row["disputed_minor"] or 0) > 0:
        return "disputed"
    if refunded >= row["amount_minor"]:
        return "refunded"
    return "partially_refunded" if refunded > 0 else str(row["status"])
