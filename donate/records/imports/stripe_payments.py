"""Stripe's own export of payments (Dashboard, Payments, Export): times in UTC, a refund in columns of its payment.

https://docs.stripe.com/reports/options names the export; its columns are in the samples.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from donate.money import Money
from donate.records.imports.basic import read_basic, refund_of, refuse_other_mode
from donate.records.imports.gift import PastGift, Refunded, RowRefused
from donate.records.imports.read_cells import Habits, read_amount, read_moment, read_yes
from donate.records.imports.table import Row

COLUMNS = {
    "id": ("id",),
    "donor_id": ("Customer ID",),
    "email": ("Customer Email", "Receipt Email"),
    "name": ("Customer Name", "Card Name", "Billing Details Name"),
    # Older exports say "Created (UTC)".
    "date": ("Created date (UTC)", "Created (UTC)"),
    "amount": ("Amount",),
    "currency": ("Currency",),
    "status": ("Status",),
    "captured": ("Captured",),
    "refunded": ("Amount Refunded",),
    "refunded_on": ("Refunded date (UTC)",),
    "disputed": ("Disputed Amount",),
    "dispute_status": ("Dispute Status",),
    "disputed_on": ("Dispute Date (UTC)",),
    "method": ("Payment Source Type", "Payment Method Type"),
    "card_brand": ("Card Brand",),
    "last4": ("Card Last4",),
    "invoice": ("Invoice ID",),
    "postcode": ("Card Address Zip",),
    "country": ("Card Address Country", "Card Issue Country"),
    "intent_id": ("PaymentIntent ID",),
    "mode": ("Mode",),
}
NEEDS = (("id",), ("date",), ("amount",), ("currency",), ("status",), ("email", "donor_id"))
ZONE = "UTC"
_CAME = frozenset({"paid", "succeeded", "partially refunded"})
_WENT_BACK = frozenset({"refunded"})


def read(row: Row, habits: Habits, *, livemode: bool) -> PastGift:
    """Read a row; one with an invoice is an instalment, and a dispute that was lost went back."""
    status = row.get("status").lower()
    if status not in _CAME | _WENT_BACK:
        raise RowRefused("did_not_arrive", status=row.get("status")[:40])
    refuse_other_mode(row, livemode=livemode)
    if row.get("captured") and not read_yes(row.get("captured"), row.column("captured")):
        raise RowRefused("did_not_arrive", status="not captured")
    gift = read_basic(row, habits)
    if not gift.old_id.startswith(("ch_", "py_", "pi_")):
        raise RowRefused("not_a_payment", column=row.column("id"))
    gift = replace(gift, **_paid(row, gift))
    refunded = refund_of(gift, row, habits, whole=status in _WENT_BACK)
    return replace(gift, refunded=_with_dispute(gift, refunded, row, habits))


def _paid(row: Row, gift: PastGift) -> dict[str, Any]:
    found: dict[str, Any] = {"payment_method": row.get("method", 40).lower() or "card", "card_last4": row.get("last4")}
    if row.get("invoice").startswith("in_"):
        # The file does not say how often: a month is what nearly all are.
        found |= {"kind": "recurring", "frequency": "month"}
    if gift.old_id.startswith("pi_"):
        found["intent_id"] = gift.old_id
    else:
        found["charge_id"] = gift.old_id
    return found


def _with_dispute(gift: PastGift, refunded: Refunded | None, row: Row, habits: Habits) -> Refunded | None:
    text = row.get("disputed")
    if row.get("dispute_status").lower() != "lost" or not text:
        return refunded
    lost = read_amount(text.lstrip("-"), gift.amount.currency, habits)
    before = refunded.amount if refunded is not None else Money(0, gift.amount.currency)
    whole = min(lost + before, gift.amount)
    if not whole:
        return refunded
    day = row.get("disputed_on")
    at, on = read_moment(day, habits) if day else (gift.received_at, gift.received_on)
    return Refunded(whole, max(at, gift.received_at), max(on, gift.received_on))
