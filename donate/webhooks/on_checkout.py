"""What a Checkout Session's events lead to."""

from __future__ import annotations

from donate.fulfillment.apply_checkout import apply_checkout
from donate.fulfillment.change_card import apply_card_change
from donate.fulfillment.sweep import settle_lost_answer
from donate.giving.queries import find_donation, find_donation_of_session
from donate.payments.checkout import retrieve_session
from donate.recurring.queries import find_card_change_of_session


def changed(session_id: str) -> bool:
    """Apply a session that changed; say whether it is ours."""
    visit = find_card_change_of_session(session_id)
    if visit is not None:
        apply_card_change(visit.id)
        return True
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
