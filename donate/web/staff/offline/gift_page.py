"""One recorded offline gift: what is known of it, its receipt and its entries; and its withdrawal."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.errors import NotFound, OfflineRefused
from donate.fulfillment.apply_offline import withdraw_gift
from donate.giving.models import Donation
from donate.giving.offline.queries import find_batch_of, find_offline
from donate.giving.queries import get_donation, get_donation_by_reference
from donate.money import Money
from donate.reports.givers import giver_of
from donate.reports.trail import trail_of
from donate.team.queries import list_emails
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.receipt_pdf import receipt_pdf
from donate.web.staff.door import staff
from donate.web.staff.finance.words import say_entry_type
from donate.web.staff.happened_acts import say_act
from donate.web.staff.offline.frame import offline_frame
from donate.web.staff.offline.words import say_refusal
from donate.web.who import colleague


@staff.get("/offline/gifts/<reference>")
@needs("record_offline_gifts")
def offline_gift(reference: str) -> ResponseReturnValue:
    """Show an offline gift with its receipt, its entries of the books and its history."""
    gift = _offline(reference)
    known = find_offline(gift.id)
    return render_template(
        "staff/offline/gift.html",
        gift=gift,
        known=known,
        trail=trail_of(gift),
        donor=giver_of(gift.donor_id) if gift.donor_id is not None else None,
        batch=find_batch_of(known) if known is not None else None,
        is_recorded_now="recorded" in request.args,
        is_withdrawn_now="withdrawn" in request.args,
        emails=list_emails(),
        say_type=say_entry_type,
        say_act=say_act,
        as_money=Money,
        **offline_frame(),
    )


@staff.get("/offline/gifts/<reference>/receipts/<number>")
@needs("record_offline_gifts")
def offline_receipt(reference: str, number: str) -> ResponseReturnValue:
    """Draw one of its receipts, to be printed for whoever has no e-mail address."""
    receipts = {each.number: each for each in trail_of(_offline(reference)).receipts}
    if number not in receipts:
        raise NotFound("receipt_missing", number=number[:20])
    return receipt_pdf(receipts[number])


@staff.get("/offline/gifts/<reference>/withdraw")
@needs("refund_gifts", fresh=True)
def confirm_withdrawal(reference: str) -> ResponseReturnValue:
    """Say what a withdrawal does, and give its button; here the second factor is asked for anew."""
    return _withdrawal(_offline(reference))


@staff.post("/offline/gifts/<reference>/withdraw")
@needs("refund_gifts", fresh=True)
def withdraw_offline_gift(reference: str) -> ResponseReturnValue:
    """Withdraw an offline gift."""
    donation_id = _offline(reference).id
    try:
        withdraw_gift(donation_id, request.form.get("reason", ""), colleague().as_who())
    except OfflineRefused as refused:
        return _withdrawal(get_donation(donation_id), say_refusal(refused)), 422
    return redirect(url_for("staff.offline_gift", reference=reference, withdrawn=1), 303)


def _withdrawal(gift: Donation, problem: str = "") -> str:
    return render_template("staff/offline/withdraw.html", gift=gift, problem=problem, **offline_frame())


def _offline(reference: str) -> Donation:
    gift = get_donation_by_reference(reference)
    if gift.kind != "offline":
        raise NotFound("gift_missing", reference=reference[:20])
    return gift
