"""The recurring export: one row a promise that began, as it stands now, with what it brought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from donate import clock
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.reports.queries import iterate_recurring

#: Columns are only ever added at the end.
COLUMNS = (
    "recurring_id", "status", "interval", "currency", "amount", "fee_covered", "started_on", "next_charge_on",
    "is_paused", "resumes_on", "ends_at_period_end", "ended_on", "ended_because", "stop_reason", "restarts", "gifts",
    "received", "last_gift_on", "donor_id", "donor_name", "donor_email", "anonymous", "country", "language", "fund",
    "gl_code", "restriction", "appeal", "variant", "placement", "article", "source", "card_brand", "last4",
    "stripe_subscription_id", "stripe_customer_id",
)  # fmt: skip


def export_recurring(period: Any) -> Iterator[dict[str, Any]]:
    """Give the promises that began in a period, by the newsroom's days.

    Args:
        period: A ``reports.export.Period``; gifts from its end on are not counted.
    """
    zone = get_newsroom().time_zone
    first, last = (clock.start_of(day, zone) if day is not None else None for day in (period.since, period.until))
    for row in iterate_recurring(first, last, period.until, fund=period.fund, appeal=period.appeal):
        yield _row(row, zone)


def _row(row: RowMapping, zone: str) -> dict[str, Any]:
    currency = row["currency"]

    def day(moment: datetime | None) -> str:
        return clock.on(moment, zone).isoformat() if moment is not None else ""

    return {
        **{name: row[name] for name in ("status", "interval", "currency", "is_paused", "ended_because", "stop_reason",
                                        "restarts", "anonymous", "country", "language", "gl_code", "restriction",
                                        "variant", "placement", "source", "card_brand")},
        "recurring_id": row["reference"],
        "amount": Money(row["amount_minor"], currency).plain(),
        "fee_covered": Money(row["fee_cover_minor"], currency).plain(),
        "started_on": day(row["started_at"]),
        "next_charge_on": day(row["next_charge_at"]) if row["ended_at"] is None else "",
        "resumes_on": day(row["resumes_at"]),
        "ends_at_period_end": row["cancel_at_period_end"],
        "ended_on": day(row["ended_at"]),
        "gifts": row["gifts"] or 0,
        "received": Money(int(row["received_minor"] or 0), currency).plain(),
        "last_gift_on": row["last_gift_on"].isoformat() if row["last_gift_on"] is not None else "",
        "donor_id": row["donor_reference"] or "",
        "donor_name": f"{row['first_name']} {row['last_name']}".strip(),
        "donor_email": row["email"],
        "fund": row["fund_code"],
        "appeal": row["appeal_slug"] or "",
        "article": row["article"] or "",
        "last4": row["card_last4"],
        "stripe_subscription_id": row["stripe_subscription_id"] or "",
        "stripe_customer_id": row["stripe_customer_id"] or "",
    }  # fmt: skip
