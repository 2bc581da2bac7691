"""Release an attempt: close its payment page, so that another content may be tried without paying twice."""

from __future__ import annotations

from donate.errors import AttemptHeld
from donate.fulfillment.apply_checkout import apply_checkout
from donate.fulfillment.sweep import settle_lost_answer
from donate.giving.models import Donation
from donate.giving.queries import get_donation
from donate.payments.checkout import expire_session
from donate.payments.errors import StripeUnanswered


def release_attempt(donation_id: int) -> Donation:
    """Expire a donation's open session and apply how it ended; call outside ``committed()``.

    Args:
        donation_id: Of the earlier attempt.

    Returns:
        The row at an unpaid end: a new attempt may start.

    Raises:
        AttemptHeld: When it is paid, processing, or Stripe does not answer: with the ``reference`` to look at.
    """
    donation = get_donation(donation_id)
    try:
        if donation.status == "pending" and donation.stripe_checkout_session_id is None:
            donation = settle_lost_answer(donation_id)
        if donation.status == "pending" and donation.stripe_checkout_session_id is not None:
            expire_session(donation.stripe_checkout_session_id)
            donation = apply_checkout(donation_id)
    except StripeUnanswered as error:
        raise AttemptHeld("attempt_unanswered", reference=donation.reference) from error
    if donation.status in ("succeeded", "processing"):
        raise AttemptHeld("attempt_complete", reference=donation.reference)
    if donation.status == "pending":
        raise AttemptHeld("attempt_open", reference=donation.reference)
    return donation
