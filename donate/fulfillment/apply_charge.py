"""Apply a failed try: what the bank said is noted on the gift it was for."""

from __future__ import annotations

from donate.fulfillment.apply_checkout import apply_checkout
from donate.giving.queries import find_donation, find_donation_of_payment_intent
from donate.payments.checkout import retrieve_payment_mark


def apply_failed_try(payment_intent_id: str) -> bool:
    """Look again at the session of a payment that was declined; call outside ``committed()``.

    Args:
        payment_intent_id: Any of the account; only those of our gifts take effect.

    Returns:
        Whether it is ours.
    """
    donation = find_donation_of_payment_intent(payment_intent_id) or find_donation(
        retrieve_payment_mark(payment_intent_id)
    )
    if donation is None:
        return False
    apply_checkout(donation.id)
    return True
