"""Give money back, in full or in part: what happens is said before the press, and a second factor asked for."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed, lock
from donate.donors.models import Donor
from donate.donors.notes import LONGEST_NOTE, write_note
from donate.errors import BadAmount, RefundRefused
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.models import Donation
from donate.giving.queries import get_donation
from donate.giving.refund import left_to_refund
from donate.ledger.queries import list_charge_sums
from donate.money import from_major, parse_amount
from donate.payments.errors import StripeRefused
from donate.receipts.queries import find_receipt_of
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.giving.gift_page import found_gift, to_gift
from donate.web.staff.giving.words import say_reason, say_refusal
from donate.web.staff.home import frame
from donate.web.who import colleague

REASONS = ("requested_by_customer", "duplicate", "fraudulent")


@staff.get("/gifts/<reference>/refund")
@needs("refund_gifts", fresh=True)
def refund(reference: str) -> ResponseReturnValue:
    """Ask how much goes back and why, and say what follows."""
    return _form(found_gift(reference))


@staff.post("/gifts/<reference>/refund")
@needs("refund_gifts", fresh=True)
def do_refund(reference: str) -> ResponseReturnValue:
    """Give the sum back that was typed."""
    donation, here = found_gift(reference), colleague()
    donation_id, reason = donation.id, request.form.get("reason", "")
    try:
        amount = parse_amount(request.form.get("amount", ""), donation.currency)
        seen = from_major(request.form.get("left", "0")[:20], donation.currency)
    except (BadAmount, ValueError, ArithmeticError):
        return _form(donation, problem=say_refusal(RefundRefused("refund_amount")))
    if reason not in REASONS:
        return _form(donation, problem=say_refusal(RefundRefused("refund_reason")))
    try:
        made = refund_gift(
            donation_id, amount, left_seen=seen, reason=reason, asked_by=here.staff.reference, who=here.as_who()
        )
    except RefundRefused as error:
        return _form(get_donation(donation_id), problem=say_refusal(error))
    except StripeRefused as error:
        return _form(get_donation(donation_id), refused=error.code)
    _keep_why(donation_id, request.form.get("why", ""))
    return to_gift(reference, done="refund_unknown" if made.status == "requested" else "refunded")


def _keep_why(donation_id: int, words: str) -> None:
    """Keep what the colleague wrote beside the refund as a note about the donor, who may be forgotten one day."""
    who, donation = colleague().as_who(), get_donation(donation_id)
    if not words.strip() or donation.donor_id is None:
        return
    donor_id, reference = donation.donor_id, donation.reference
    with committed():
        write_note(lock(Donor, donor_id), words.strip()[:LONGEST_NOTE], who, about_gift=reference)


def _form(donation: Donation, *, problem: str = "", refused: str = "") -> ResponseReturnValue:
    left = left_to_refund(donation)
    page = render_template(
        "staff/giving/refund.html",
        gift=donation,
        left=left,
        left_plain=left.plain(),
        typed=request.form.get("amount", left.plain()),
        why=request.form.get("why", ""),
        reason=request.form.get("reason", REASONS[0]),
        reasons=REASONS,
        receipt=find_receipt_of(donation.id),
        nets=list_charge_sums(donation.id),
        is_open=bool(left) and donation.status == "succeeded" and donation.stripe_payment_intent_id is not None,
        problem=problem,
        refused=refused,
        say_reason=say_reason,
        longest=LONGEST_NOTE,
        **frame(),
    )
    return page, 422 if problem or refused else 200
