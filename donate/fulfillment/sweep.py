"""Sweep: ask Stripe about every gift whose payment page should have ended, and whose end nobody told us."""

from __future__ import annotations

from datetime import timedelta

import structlog

from donate import clock
from donate.db import committed, lock
from donate.errors import DonateError
from donate.fulfillment.apply_checkout import apply_checkout
from donate.giving.complete import move_donation
from donate.giving.models import Donation
from donate.giving.queries import get_donation, list_unsettled_donation_ids
from donate.newsroom.queries import get_newsroom
from donate.payments.checkout import expire_session, find_session
from donate.recurring.follow import abandon
from donate.recurring.models import RecurringDonation

_log = structlog.get_logger("sweep")
#: Stripe needs a moment to say that a session has expired.
GRACE = timedelta(minutes=5)
_BATCH = 200


def sweep() -> int:
    """Settle the gifts whose session ended a while ago; call outside ``committed()``.

    One gift that can't be settled does not keep the others waiting.

    Returns:
        How many have come to an end.
    """
    settled = 0
    for donation_id in list_unsettled_donation_ids(clock.now() - GRACE, _BATCH):
        try:
            donation = _settle(donation_id)
        except DonateError as error:
            _log.warning("gift_not_settled", donation_id=donation_id, error=repr(error))
            continue
        settled += donation.status not in ("pending", "processing")
    return settled


def _settle(donation_id: int) -> Donation:
    donation = get_donation(donation_id)
    if donation.stripe_checkout_session_id is None:
        donation = settle_lost_answer(donation_id)
    return apply_checkout(donation.id)


def settle_lost_answer(donation_id: int) -> Donation:
    """Find out what became of a session whose opening was never answered; call outside ``committed()``.

    The session is looked up by our reference and closed; where there is none, the attempt has expired.

    Raises:
        StripeUnanswered: Nobody knows yet; the row is as it was.
    """
    donation = get_donation(donation_id)
    found = find_session(
        donation.reference, donation.created_at - timedelta(minutes=5), donation.created_at + timedelta(hours=25)
    )
    if found is not None and found.status == "open":
        found = expire_session(found.session_id)
    zone = get_newsroom().time_zone
    with committed():
        donation = lock(Donation, donation_id)
        if donation.stripe_checkout_session_id is None and donation.status == "pending":
            if found is not None:
                donation.stripe_checkout_session_id = found.session_id
            else:
                move_donation(donation, "expired", None, zone=zone)
                if donation.recurring_id is not None:
                    abandon(lock(RecurringDonation, donation.recurring_id))
    return apply_checkout(donation_id)
