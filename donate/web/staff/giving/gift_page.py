"""One gift: what became of it and all that hangs on it; and what answers a reader who asks about it."""

from __future__ import annotations

import structlog
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from donate.appeals.campaign import campaign_from
from donate.appeals.models import Appeal
from donate.articles.models import Article
from donate.db import committed, db
from donate.donors.models import Donor
from donate.errors import DonateError, NotFound
from donate.fulfillment.apply_checkout import apply_checkout
from donate.giving.models import Donation
from donate.giving.queries import get_donation_by_reference
from donate.giving.refund import left_to_refund
from donate.ledger.queries import list_charge_sums
from donate.limits.take import take
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.receipts.queries import find_receipt_of, get_receipt
from donate.receipts.reissue import COPIES, send_again
from donate.reports.trail import trail_of
from donate.reports.twins import twins_of
from donate.team.history import record_history
from donate.web.access import needs
from donate.web.language import current_language
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.finance.words import say_method
from donate.web.staff.giving.words import say_gift_status, say_reason
from donate.web.staff.happened import Happened, say_deeds
from donate.web.staff.home import frame
from donate.web.who import colleague

_log = structlog.get_logger("desk")


@staff.get("/gifts/<reference>")
@needs("see_donors")
def gift(reference: str) -> ResponseReturnValue:
    """Show a gift."""
    trail = trail_of(found_gift(reference))
    donation = trail.donation
    article = db.session.get(Article, donation.article_id) if donation.article_id is not None else None
    appeal = db.session.get(Appeal, donation.appeal_id) if donation.appeal_id is not None else None
    words = campaign_from(appeal).words(current_language()) if appeal is not None else None
    return render_template(
        "staff/giving/gift.html",
        gift=donation,
        trail=trail,
        donor=db.session.get(Donor, donation.donor_id) if donation.donor_id is not None else None,
        article=article,
        appeal=words.headline if words is not None else "",
        nets=list_charge_sums(donation.id),
        left=left_to_refund(donation) if donation.status == "succeeded" else None,
        receipt=next((each for each in trail.receipts if each.status == "issued"), None),
        twins=twins_of(donation),
        done=_done(request.args.get("done", "")),
        say_status=say_gift_status,
        say_reason=say_reason,
        say_method=say_method,
        happened=Happened(say_deeds(trail.history[::-1]), ""),
        as_money=Money,
        **frame(),
    )


@staff.post("/gifts/<reference>/receipt")
@needs("answer_donors")
def send_gift_receipt(reference: str) -> ResponseReturnValue:
    """Mail the receipt again, to the address given with the gift and to no other."""
    donation, here = found_gift(reference), colleague()
    receipt = find_receipt_of(donation.id)
    if receipt is None:
        raise NotFound("receipt_missing")
    if not donation.email:
        return to_gift(reference, done="no_address")
    if take((COPIES, receipt.number)):
        return to_gift(reference, done="wait")
    who, receipt_id, number, zone = here.as_who(), receipt.id, receipt.number, get_newsroom().time_zone
    with committed():
        send_again(get_receipt(receipt_id), zone=zone, who_kind="staff", who_id=who.row_id)
        record_history(who, "send_receipt", "donation", donation.reference, after={"receipt": number})
    return to_gift(reference, done="sent")


@staff.post("/gifts/<reference>/look")
@needs("answer_donors")
def look_at_stripe(reference: str) -> ResponseReturnValue:
    """Bring a gift to what Stripe holds now, by the one path that everything from Stripe takes."""
    donation = found_gift(reference)
    if donation.stripe_checkout_session_id is None:
        return to_gift(reference, done="not_at_stripe")
    donation_id, who = donation.id, colleague().as_who()
    try:
        apply_checkout(donation_id)
    except DonateError as error:
        _log.warning("gift_not_known", gift=reference, error=repr(error))
        return to_gift(reference, done="unknown")
    with committed():
        record_history(who, "look_at_stripe", "donation", reference)
    return to_gift(reference, done="looked")


def found_gift(reference: str) -> Donation:
    """Find a gift as its reference is written anywhere, with dashes or without.

    Raises:
        NotFound: ``gift_missing``.
    """
    return get_donation_by_reference(reference.replace("-", "").upper())


def to_gift(reference: str, *, done: str = "") -> Response:
    """Lead to a gift's page.

    Args:
        reference: The gift's.
        done: What was just done.
    """
    return redirect(url_for("staff.gift", reference=reference, done=done or None), 303)


def _done(what: str) -> str:
    words: dict[str, str] = {
        "sent": _("The receipt is in the mail again, marked as a duplicate."),
        "no_address": _("No address was given with this gift, so nothing can be sent."),
        "wait": _("This was sent several times within the hour. Wait a little."),
        "looked": _("This is what Stripe has now."),
        "unknown": _("Stripe does not answer just now. What stands here is what it told last; press again later."),
        "not_at_stripe": _("Stripe has nothing of this gift: no payment page was opened for it."),
        "refunded": _("The refund is on its way. The donor is told by letter, and their receipt is replaced."),
        "refund_unknown": _("Stripe did not answer. The refund is not lost: we ask until it is known."),
        "corrected": _("Corrected. Where the receipt said otherwise, it was replaced and the donor told."),
        "unchanged": _("Nothing was changed."),
    }
    return words.get(what, "")
