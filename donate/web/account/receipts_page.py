"""A member's receipts and statements: as PDF, and by mail once more."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.errors import NotFound
from donate.limits.take import take
from donate.receipts.models import Receipt
from donate.receipts.queries import get_receipt
from donate.receipts.reissue import COPIES, NETWORK_COPIES, send_again
from donate.reports.gifts_of import find_receipt_of_donor
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.account.mine import zone
from donate.web.language import current_language, prefixed
from donate.web.origin import network
from donate.web.receipt_pdf import receipt_pdf as pdf_of
from donate.web.wait import wait_page
from donate.web.who import member


@account.get("/receipts/<number>.pdf")
@for_members
def receipt_pdf(number: str) -> ResponseReturnValue:
    """Give one of the member's own receipts or statements as PDF; void ones say that they are."""
    return pdf_of(_mine(number))


@account.post("/receipts/<number>")
@for_members
def send_receipt(number: str) -> ResponseReturnValue:
    """Mail a receipt or statement that holds again, to the address it is about."""
    here, receipt = member().donor.id, _mine(number)
    if receipt.status != "issued":
        raise NotFound("receipt_missing")
    receipt_id, back = receipt.id, prefixed("/account", current_language())
    wait = take((NETWORK_COPIES, network()), (COPIES, number))
    if wait:
        return wait_page(wait, back)
    with committed():
        send_again(get_receipt(receipt_id), zone=zone(), who_kind="member", who_id=here)
    return redirect(f"{back}?sent={number}", 303)


def _mine(number: str) -> Receipt:
    receipt = find_receipt_of_donor(number, member().donor.id)
    if receipt is None:
        # Also where it is somebody else's: nobody learns that it exists.
        raise NotFound("receipt_missing")
    return receipt
