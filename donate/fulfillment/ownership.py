"""Whose is it? Stripe's objects traced to our own rows, never by metadata alone."""

from __future__ import annotations

from donate.giving.queries import find_donation
from donate.payments.billing import retrieve_subscription
from donate.payments.checkout import retrieve_session
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import find_recurring_of_subscription, get_recurring


def find_promise_of_subscription(subscription_id: str) -> RecurringDonation | None:
    """Find the promise a subscription stands for, also before the first event tied them together.

    Metadata names a gift of ours; the gift's own Checkout Session must name the subscription back.

    Args:
        subscription_id: Any of the account.
    """
    promise = find_recurring_of_subscription(subscription_id)
    if promise is not None:
        return promise
    first = find_donation(retrieve_subscription(subscription_id).reference)
    if first is None or first.recurring_id is None or first.stripe_checkout_session_id is None:
        return None
    if retrieve_session(first.stripe_checkout_session_id).subscription_id != subscription_id:
        return None
    return get_recurring(first.recurring_id)
