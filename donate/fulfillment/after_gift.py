"""What follows a gift that arrived, in the transaction that made it succeed: donor, receipt, mail."""

from __future__ import annotations

from datetime import datetime

from donate import clock
from donate.appeals.tally import count_gift
from donate.db import db
from donate.donors.find_or_create import find_or_create_donor, remember_customer
from donate.giving.models import Donation
from donate.mail.queue import Letter, queue_mail
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom
from donate.receipts.issue import issue_receipt
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation


def after_gift(donation: Donation, promise: RecurringDonation | None, *, customer_id: str | None) -> None:
    """Do what every gift is followed by; call inside ``committed()``, with the gift's row locked.

    Args:
        donation: Just succeeded.
        promise: What it is an instalment of, if any.
        customer_id: Stripe's customer who paid, if any.
    """
    donor = find_or_create_donor(donation.email, donation.first_name, donation.last_name, donation.language)
    donation.donor_id = donor.id
    if promise is not None and promise.donor_id is None:
        promise.donor_id = donor.id
    remember_customer(donor, customer_id, livemode=donation.livemode)
    if donation.appeal_id is not None:
        count_gift(donation.appeal_id, donor.id, donation.gift)
    receipt = issue_receipt(donation, zone=get_newsroom().time_zone)
    queue_mail(_receipt_letter(donation, promise, receipt))


def _day(moment: datetime | None) -> str | None:
    return clock.on(moment, get_newsroom().time_zone).isoformat() if moment is not None else None


def _receipt_letter(donation: Donation, promise: RecurringDonation | None, receipt: Receipt) -> Letter:
    newsroom = get_newsroom()
    fund = db.session.get_one(Fund, donation.fund_id)
    assert donation.received_on is not None
    return Letter(
        key=f"receipt:{donation.reference}",
        template="receipt",
        to_address=donation.email,
        to_name=donation.donor_name,
        sender_address=newsroom.reply_address,
        sender_name=newsroom.name,
        language=donation.language,
        values={
            "number": receipt.number,
            "reference": donation.reference,
            "received_on": donation.received_on.isoformat(),
            "first_name": donation.first_name,
            "donor_name": donation.donor_name,
            "amount_minor": donation.amount_minor,
            "fee_cover_minor": donation.fee_cover_minor,
            "currency": donation.currency,
            "frequency": donation.frequency,
            "fund": fund.names.get(donation.language, fund.name),
            "card_last4": donation.card_last4,
            "legal": newsroom.words.get("legal", {}).get(donation.language)
            or newsroom.words.get("legal", {}).get("en", ""),
            "newsroom": newsroom.words.get("name", {}).get(donation.language) or newsroom.name,
            "next_charge_on": _day(promise.next_charge_at) if promise is not None else None,
        },
    )
