"""Apply a subscription: the promise follows what Stripe holds."""

from __future__ import annotations

from donate.db import committed, lock
from donate.fulfillment.apply_checkout import TRIES, MovedMeanwhile
from donate.fulfillment.follow_promise import follow_promise
from donate.fulfillment.ownership import find_promise_of_subscription
from donate.payments.billing import retrieve_subscription
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import get_recurring


def apply_subscription(subscription_id: str) -> bool:
    """Ask Stripe for a subscription and apply it to our promise; call outside ``committed()``.

    Args:
        subscription_id: Any of the account; only ours take effect.

    Returns:
        Whether it is ours.

    Raises:
        MovedMeanwhile: Others kept changing the promise.
    """
    for _ in range(TRIES):
        promise = find_promise_of_subscription(subscription_id)
        if promise is None:
            return False
        promise_id, version = promise.id, promise.version
        seen = retrieve_subscription(subscription_id)
        with committed():
            promise = lock(RecurringDonation, promise_id)
            if promise.version == version:
                follow_promise(promise, seen)
                return True
    raise MovedMeanwhile(get_recurring(promise_id).reference)
