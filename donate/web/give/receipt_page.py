"""A gift's receipt for whoever holds the gift's key: as PDF, and by mail once more to the address given with it."""

from __future__ import annotations

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from donate import references
from donate.db import committed
from donate.errors import NotFound
from donate.giving.models import Donation
from donate.giving.queries import get_donation_by_reference
from donate.limits.take import take
from donate.newsroom.queries import get_newsroom
from donate.receipts.models import Receipt
from donate.receipts.queries import find_receipt_of, get_receipt
from donate.receipts.reissue import COPIES, NETWORK_COPIES, send_again
from donate.web.give.door import give
from donate.web.give.ways import gift_path
from donate.web.headers import keep_nothing, site_url
from donate.web.language import current_language
from donate.web.origin import is_from_elsewhere, network
from donate.web.receipt_pdf import receipt_pdf as pdf_of
from donate.web.wait import wait_page


@give.get("/gifts/<reference>/receipt.pdf")
def receipt_pdf(reference: str) -> ResponseReturnValue:
    """Give the receipt that holds now as PDF."""
    _donation, receipt = _found(reference, request.args.get("key", ""))
    return pdf_of(receipt)


@give.post("/gifts/<reference>/receipt")
def send_receipt(reference: str) -> ResponseReturnValue:
    """Mail the receipt again, to the address given with the gift and to no other."""
    if is_from_elsewhere(request, site_url()):
        abort(400)
    donation, receipt = _found(reference, request.form.get("key", ""))
    back, receipt_id = gift_path(donation.reference, current_language(), sent="1"), receipt.id
    wait = take((NETWORK_COPIES, network()), (COPIES, receipt.number))
    if wait:
        return wait_page(wait, gift_path(reference, current_language()))
    with committed():
        send_again(get_receipt(receipt_id), zone=get_newsroom().time_zone, who_kind="giver")
    return keep_nothing(redirect(back, 303))  # type: ignore[arg-type]


def _found(reference: str, key: str) -> tuple[Donation, Receipt]:
    if not references.is_reference(reference) or not references.is_signed(key, "gift", reference):
        raise NotFound("receipt_missing")
    donation = get_donation_by_reference(reference)
    receipt = find_receipt_of(donation.id)
    if receipt is None:
        raise NotFound("receipt_missing")
    return donation, receipt
