"""Donorbox's export of donations: amounts in the giver's currency, months before days, yes and no in words.

https://github.com/donorbox/donorbox-api names the same facts of a donation; the file's columns are in the samples.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from donate.records.imports.basic import method_of, read_basic, refund_of
from donate.records.imports.gift import PastGift, RowRefused
from donate.records.imports.read_cells import Habits, read_interval, read_yes
from donate.records.imports.table import Row

COLUMNS = {
    "id": ("Receipt Id", "Donation Id", "Id"),
    "donor_id": ("Donor Id",),
    "email": ("Donor Email", "Email"),
    "first_name": ("Donor's First Name", "First Name"),
    "last_name": ("Donor's Last Name", "Last Name"),
    "name": ("Name",),
    "company": ("Donating Company",),
    "date": ("Donated At", "Donation Date"),
    "amount": ("Amount",),
    "currency": ("Currency",),
    "status": ("Status",),
    "refunded": ("Amount Refunded", "Refunded Amount"),
    "refunded_on": ("Refunded At",),
    "method": ("Donation Type",),
    "card_brand": ("Card Type",),
    "last4": ("Last 4 Digits",),
    "recurring": ("Recurring Donation", "Recurring"),
    "interval": ("Donation Interval", "Recurring Plan Interval"),
    "anonymous": ("Make Donation Anonymous", "Anonymous Donation"),
    "note": ("Donor Comment", "Comment"),
    "fund": ("Designation",),
    "appeal": ("Campaign",),
    "phone": ("Phone",),
    "address_line1": ("Address",),
    "address_line2": ("Address 2",),
    "city": ("City",),
    "region": ("State / Province",),
    "postcode": ("Postal Code",),
    "country": ("Country",),
    "charge_id": ("Stripe Charge Id",),
}
NEEDS = (("id",), ("date",), ("amount",), ("email", "donor_id"))
#: Donorbox writes ``12/21/23 17:54:13``.
DATES = "mdy"
_CAME = frozenset({"", "paid", "partially refunded", "partially_refunded", "imported"})
_WENT_BACK = frozenset({"refunded", "disputed", "charged back"})
_BY_HAND = frozenset({"check", "cheque", "cash", "offline", "bank transfer", "in kind", "stock"})


def read(row: Row, habits: Habits, *, livemode: bool) -> PastGift:
    """Read a row; its export has live gifts only, and what covers a fee is a part of the amount."""
    status = row.get("status").lower()
    if status not in _CAME | _WENT_BACK:
        raise RowRefused("did_not_arrive", status=row.get("status")[:40])
    gift = replace(read_basic(row, habits), **_paid(row))
    return replace(gift, refunded=refund_of(gift, row, habits, whole=status in _WENT_BACK))


def _paid(row: Row) -> dict[str, Any]:
    kind = row.get("method").lower()
    found: dict[str, Any] = method_of(kind if kind in _BY_HAND else "card" if kind.startswith("stripe") else kind)
    found["card_last4"] = row.get("last4", 4)
    if read_yes(row.get("recurring"), row.column("recurring")) and "kind" not in found:
        found |= {"kind": "recurring", "frequency": read_interval(row.get("interval")) or "month"}
    return found
