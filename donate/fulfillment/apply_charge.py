"""Apply a charge: a failed try is noted on its gift, a paid one is booked with what it cost."""

from __future__ import annotations

from donate.db import committed, lock
from donate.fulfillment.apply_checkout import apply_checkout
from donate.fulfillment.apply_transaction import book, our_books
from donate.fulfillment.paid_gift import trace_payment
from donate.giving.models import Donation
from donate.giving.queries import find_donation, find_donation_of_payment_intent
from donate.payments.charges import retrieve_charge
from donate.payments.checkout import retrieve_payment_mark


def apply_charge(charge_id: str) -> bool:
    """Book what a charge brought and cost, as soon as Stripe has reckoned it; call outside ``committed()``.

    Args:
        charge_id: Any of the account; others' are booked as money from outside.

    Returns:
        Whether it is ours.
    """
    charge, books = retrieve_charge(charge_id), our_books()
    if charge.status != "succeeded":
        return False
    whose = trace_payment(charge_id, charge.payment_intent_id)
    if charge.transaction is not None:
        with committed():
            locked = lock(Donation, whose.gift.id) if whose.gift is not None else None
            book(books, charge.transaction, locked, whose.marked_for)
    return whose.gift is not None


def apply_failed_try(payment_intent_id: str) -> bool:
    """Look again at the session of a payment that was declined; call outside ``committed()``.

    Args:
        payment_intent_id: Any of the account; only those of our gifts take effect.

    Returns:
        Whether it is ours.
    """
    donation = find_donation_of_payment_intent(payment_intent_id) or find_donation(
        retrieve_payment_mark(payment_intent_id).reference
    )
    if donation is None:
        return False
    apply_checkout(donation.id)
    return True
