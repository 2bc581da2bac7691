"""What a Checkout Session's events lead to."""

from __future__ import annotations

from donate.fulfillment.apply_checkout import apply_checkout
from donate.fulfillment.sweep import settle_lost_answer
from donate.giving.queries import find_donation, find_donation_of_session
from donate.payments.checkout import retrieve_session


def changed(session_id: str) -> bool:
    """Apply a session that changed; say whether it is ours."""
    donation = find_donation_of_session(session_id)
    if donation is None:
        # Its opening was never answered to us; our row knows the reference, not yet the session.
        donation = find_donation(retrieve_session(session_id).reference)
        if donation is None or donation.stripe_checkout_session_id is not None:
            return False
        settle_lost_answer(donation.id)
        return True
    apply_checkout(donation.id)
    return True
