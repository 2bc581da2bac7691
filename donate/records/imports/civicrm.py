"""CiviCRM's export of contributions (Search, Find Contributions, Export): by label or by the API's own names.

https://github.com/civicrm/civicrm-core/blob/master/schema/Contribute/Contribution.entityType.php
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from donate.records.imports.basic import method_of, read_basic, refund_of, refuse_other_mode
from donate.records.imports.gift import PastGift, RowRefused
from donate.records.imports.read_cells import Habits
from donate.records.imports.table import Row

COLUMNS = {
    "id": ("Contribution ID", "contribution_id", "id"),
    "donor_id": ("Contact ID", "contact_id", "Internal Contact ID"),
    "email": ("Email", "Primary Email", "contact_id.email_primary.email"),
    "first_name": ("First Name", "contact_id.first_name"),
    "last_name": ("Last Name", "contact_id.last_name"),
    "company": ("Organization Name", "contact_id.organization_name"),
    "name": ("Display Name", "Contact Name", "contact_id.display_name"),
    # Before version 5.5x the label was "Date Received".
    "date": ("Contribution Date", "Date Received", "Received Date", "receive_date"),
    "amount": ("Total Amount", "total_amount", "Amount"),
    "currency": ("Currency", "currency"),
    "status": ("Contribution Status", "contribution_status_id:label", "contribution_status_id:name", "Status"),
    "refunded_on": ("Cancelled / Refunded Date", "Cancel Date", "cancel_date"),
    "method": ("Payment Method", "payment_instrument_id:label", "Payment Instrument", "payment_instrument"),
    "recurring": ("Recurring Contribution ID", "contribution_recur_id"),
    "transaction": ("Transaction ID", "trxn_id"),
    "note": ("Contribution Note", "Contribution Note(s)"),
    "fund": ("Financial Type", "financial_type_id:label"),
    "appeal": ("Campaign", "Campaign Title", "campaign_id:label"),
    "phone": ("Phone",),
    "address_line1": ("Street Address",),
    "address_line2": ("Supplemental Address 1",),
    "city": ("City",),
    "region": ("State", "State/Province"),
    "postcode": ("Postal Code",),
    "country": ("Country",),
    "is_test": ("Test Mode", "Test", "is_test"),
}
NEEDS = (("id",), ("date",), ("amount",), ("status",), ("email", "donor_id"))
_CAME = frozenset({"completed"})
_WENT_BACK = frozenset({"refunded", "chargeback"})


def read(row: Row, habits: Habits, *, livemode: bool) -> PastGift:
    """Read a row; a refund that CiviCRM writes as a payment of its own, below zero, is refused like every such row."""
    status = row.get("status").lower()
    if status not in _CAME | _WENT_BACK:
        raise RowRefused("did_not_arrive", status=row.get("status")[:40])
    refuse_other_mode(row, livemode=livemode)
    gift = replace(read_basic(row, habits), **_paid(row))
    return replace(gift, refunded=refund_of(gift, row, habits, whole=status in _WENT_BACK))


def _paid(row: Row) -> dict[str, Any]:
    method, transaction = row.get("method").lower(), row.get("transaction", 255)
    found: dict[str, Any] = method_of("card" if method in ("credit card", "debit card") else method)
    if row.get("recurring") and "kind" not in found:
        # The file does not say how often: a month is what nearly all are.
        found |= {"kind": "recurring", "frequency": "month"}
    # Stripe's extension writes several ids into one cell: "ch_1,pi_2" or "in_3,ch_4".
    for part in transaction.replace(";", ",").split(","):
        if part.strip().startswith(("ch_", "py_")):
            found["charge_id"] = part.strip()[:80]
        if part.strip().startswith("pi_"):
            found["intent_id"] = part.strip()[:80]
    return found
