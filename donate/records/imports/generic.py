"""Any system's gifts in columns of plain names: what a newsroom writes itself when its system is not known here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from donate.records.imports.basic import method_of, read_basic, refund_of, refuse_other_mode
from donate.records.imports.gift import PastGift, RowRefused
from donate.records.imports.read_cells import Habits, read_interval, read_yes
from donate.records.imports.table import Row

COLUMNS = {
    "id": ("id", "donation_id", "gift_id", "transaction_id"),
    "donor_id": ("donor_id", "contact_id", "constituent_id"),
    "email": ("email", "email_address", "donor_email"),
    "first_name": ("first_name",),
    "last_name": ("last_name",),
    "name": ("name", "donor_name"),
    "company": ("organisation", "organization", "company"),
    "date": ("date", "received_on", "received_at"),
    "time": ("time",),
    "amount": ("amount",),
    "currency": ("currency",),
    "status": ("status",),
    "refunded": ("refunded", "amount_refunded"),
    "refunded_on": ("refunded_on",),
    "recurring": ("recurring", "interval", "frequency"),
    "method": ("method", "payment_method"),
    "card_brand": ("card_brand",),
    "last4": ("last4",),
    "anonymous": ("anonymous",),
    "note": ("note", "comment"),
    "fund": ("fund",),
    "appeal": ("appeal", "campaign"),
    "phone": ("phone",),
    "address_line1": ("address_line1", "address"),
    "address_line2": ("address_line2",),
    "city": ("city",),
    "region": ("region", "state"),
    "postcode": ("postcode", "zip"),
    "country": ("country",),
    "charge_id": ("stripe_charge_id",),
    "intent_id": ("stripe_payment_intent_id",),
    "mode": ("mode",),
}
NEEDS = (("id",), ("date",), ("amount",), ("email", "donor_id"))
_CAME = frozenset({"", "succeeded", "complete", "completed", "paid", "received", "partially_refunded"})
_WENT_BACK = frozenset({"refunded"})
_ONCE = frozenset({"", "once", "one-time", "one_time", "single"})


def read(row: Row, habits: Habits, *, livemode: bool) -> PastGift:
    """Read a row."""
    status = row.get("status").lower()
    if status not in _CAME | _WENT_BACK:
        raise RowRefused("did_not_arrive", status=row.get("status")[:40])
    refuse_other_mode(row, livemode=livemode)
    gift = replace(read_basic(row, habits), **_repeats(row), card_last4=row.get("last4", 4))
    gift = replace(gift, **method_of(row.get("method")))
    return replace(gift, refunded=refund_of(gift, row, habits, whole=status in _WENT_BACK))


def _repeats(row: Row) -> dict[str, Any]:
    text = row.get("recurring")
    if text.lower() in _ONCE:
        return {}
    if interval := read_interval(text):
        return {"kind": "recurring", "frequency": interval}
    return {"kind": "recurring"} if read_yes(text, row.column("recurring")) else {}
