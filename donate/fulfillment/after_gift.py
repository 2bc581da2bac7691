"""What follows a gift that arrived, in the transaction that made it succeed: donor, membership, receipt, mail."""

from __future__ import annotations

from typing import Any

from donate.connections.tell import tell_received
from donate.db import db
from donate.donors.find_or_create import find_or_create_donor, remember_customer
from donate.donors.words import note_words
from donate.fulfillment.staff_mail import tell_staff_of_gift
from donate.giving.models import Donation
from donate.giving.offline.entry import is_receipted
from donate.giving.offline.queries import find_offline
from donate.mail.queue import Letter, queue_mail
from donate.members.renew import renew_membership
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom
from donate.receipts.issue import fund_name, issue_receipt
from donate.receipts.letters import grant_letter, offline_letter, paper_path
from donate.receipts.models import Receipt
from donate.receipts.statement import renew_statement
from donate.recurring.acts import LIVE
from donate.recurring.letters import second_promise_letter
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import find_earlier_live
from donate.recurring.schedule import schedule
from donate.recurring.terms import terms_of


def after_gift(donation: Donation, promise: RecurringDonation | None, *, customer_id: str | None) -> None:
    """Do what every gift is followed by; call inside ``committed()``, with the gift's row locked.

    Args:
        donation: Just succeeded; an offline one knows its donor already.
        promise: What it is an instalment of, if any.
        customer_id: Stripe's customer who paid, if any.
    """
    if donation.kind == "offline":
        _after_offline(donation)
        return
    if not donation.email:
        # An instalment that was on its way when its giver was forgotten: it belongs to their row, and to nobody's name.
        assert promise is not None
        donation.donor_id = promise.donor_id
        _receipt(donation)
        tell_staff_of_gift(donation, None)
        tell_received(donation)
        return
    donor = find_or_create_donor(donation.email, donation.first_name, donation.last_name, donation.language)
    donation.donor_id = donor.id
    # A gift nobody proved changes no name, and whoever calls about it gives the name they typed.
    note_words(donor.id, donation.first_name, donation.last_name)
    if promise is not None and promise.donor_id is None:
        promise.donor_id = donor.id
    remember_customer(donor, customer_id, livemode=donation.livemode)
    renew_membership(donor.id)
    queue_mail(_receipt_letter(donation, promise, _receipt(donation)))
    begun = promise if promise is not None and donation.created_at <= promise.created_at else None
    tell_staff_of_gift(donation, begun)
    if begun is not None:
        _ask_about_a_second(begun)
    tell_received(donation)


def _after_offline(donation: Donation) -> None:
    """Do the same for a gift whose donor a colleague named; where no address is known, no letter goes out."""
    assert donation.donor_id is not None
    renew_membership(donation.donor_id)
    if is_receipted(donation.payment_method):
        receipt = _receipt(donation)
        if donation.email:
            queue_mail(offline_letter(donation, receipt))
    elif donation.email:
        known, fund = find_offline(donation.id), db.session.get_one(Fund, donation.fund_id)
        organisation = known.organisation if known is not None else ""
        queue_mail(grant_letter(donation, fund_name(fund, donation.language), organisation))


def _receipt(donation: Donation) -> Receipt:
    zone = get_newsroom().time_zone
    receipt = issue_receipt(donation, zone=zone)
    if donation.donor_id is not None:
        # A bank that takes days: the year's statement may be out already.
        renew_statement(donation.donor_id, receipt.year, "correction", zone=zone)
    return receipt


def _ask_about_a_second(promise: RecurringDonation) -> None:
    """Ask who gave a second recurring gift whether that was meant, in their mailbox, so that no stranger learns it."""
    first = find_earlier_live(promise)
    if first is not None and not promise.restarts:
        queue_mail(second_promise_letter(promise, first))


def _receipt_letter(donation: Donation, promise: RecurringDonation | None, receipt: Receipt) -> Letter:
    legal = get_newsroom().words.get("legal", {})
    fund = db.session.get_one(Fund, donation.fund_id)
    assert donation.received_on is not None
    return letter_from_newsroom(
        f"receipt:{donation.reference}",
        "receipt",
        donation.email,
        donation.language,
        to_name=donation.donor_name,
        number=receipt.number,
        reference=donation.reference,
        received_on=donation.received_on.isoformat(),
        first_name=donation.first_name,
        donor_name=donation.donor_name,
        amount_minor=donation.amount_minor,
        fee_cover_minor=donation.fee_cover_minor,
        currency=donation.currency,
        frequency=donation.frequency,
        fund=fund.names.get(donation.language, fund.name),
        card_last4=donation.card_last4,
        sentences=receipt.content["sentences"],
        notice=receipt.content["notice"],
        paper_path=paper_path(donation.reference),
        legal=legal.get(donation.language) or legal.get("en", ""),
        **(_what_next(promise) if promise is not None else {}),
    )


def _what_next(promise: RecurringDonation) -> dict[str, Any]:
    """Tell the next charge as the promise is by now, which may be other than what was just paid; none where it ends."""
    lines = schedule(terms_of(promise), zone=get_newsroom().time_zone, charges=1) if promise.status in LIVE else []
    if not lines or lines[-1].what != "charge":
        return {"promise": promise.reference}
    coming = lines[-1]
    return {
        "promise": promise.reference,
        "next_on": coming.on.isoformat(),
        "next_minor": coming.amount.minor,
        "next_interval": promise.interval,
    }
