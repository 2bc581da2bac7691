"""GiveWP's export of donations (Donations, Tools, Export): each payment a row, a renewal's status says Renewal.

https://github.com/impress-org/givewp/blob/develop/includes/admin/tools/export/give-export-donations-exporter.php
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from donate.records.imports.basic import method_of, read_basic, refund_of, refuse_other_mode
from donate.records.imports.gift import PastGift, RowRefused
from donate.records.imports.read_cells import Habits, read_interval
from donate.records.imports.table import Row

COLUMNS = {
    "id": ("Donation ID",),
    "donor_id": ("Donor ID",),
    "email": ("Email Address", "Email"),
    "first_name": ("First Name",),
    "last_name": ("Last Name",),
    "company": ("Company Name",),
    "date": ("Donation Date",),
    "time": ("Donation Time",),
    "amount": ("Donation Total",),
    "currency": ("Currency Code",),
    "status": ("Donation Status",),
    "gateway": ("Payment Gateway",),
    "transaction": ("_give_payment_transaction_id", "Transaction ID", "Gateway Transaction ID"),
    "period": ("period", "Subscription Period", "_give_subscription_period"),
    "subscription": ("subscription_id", "Subscription ID"),
    "anonymous": ("_give_anonymous_donation", "Anonymous Donation"),
    "note": ("_give_donation_comment", "Donor Comment", "Comment"),
    "appeal": ("Form Title",),
    "phone": ("Donor Phone Number", "Phone Number"),
    "address_line1": ("Address 1",),
    "address_line2": ("Address 2",),
    "city": ("City",),
    "region": ("State",),
    "postcode": ("Zip",),
    "country": ("Country",),
    "mode": ("Payment Mode", "_give_payment_mode"),
}
NEEDS = (("id",), ("date",), ("amount",), ("status",), ("email", "donor_id"))
#: The plugin's own words and those that WordPress keeps.
_CAME = frozenset({"complete", "publish", "completed"})
_RENEWAL = frozenset({"renewal", "give_subscription"})
_WENT_BACK = frozenset({"refunded"})


def read(row: Row, habits: Habits, *, livemode: bool) -> PastGift:
    """Read a row; its day and time are those of the WordPress site, which is taken for the newsroom's."""
    status = row.get("status").lower()
    if status not in _CAME | _RENEWAL | _WENT_BACK:
        raise RowRefused("did_not_arrive", status=row.get("status")[:40])
    refuse_other_mode(row, livemode=livemode)
    gift = replace(read_basic(row, habits), **_paid(row, is_renewal=status in _RENEWAL))
    return replace(gift, refunded=refund_of(gift, row, habits, whole=status in _WENT_BACK))


def _paid(row: Row, *, is_renewal: bool) -> dict[str, Any]:
    gateway, transaction = row.get("gateway").lower(), row.get("transaction", 80)
    found: dict[str, Any] = method_of("offline" if gateway in ("offline", "manual", "manual_donation") else gateway)
    if (is_renewal or row.get("subscription") not in ("", "0")) and "kind" not in found:
        found |= {"kind": "recurring", "frequency": read_interval(row.get("period")) or "month"}
    if gateway.startswith("stripe"):
        found["payment_method"] = "card"
    if transaction.startswith(("ch_", "py_")):
        found["charge_id"] = transaction
    if transaction.startswith("pi_"):
        found["intent_id"] = transaction
    return found
