"""Follow what Stripe says of a subscription."""

from __future__ import annotations

from donate import clock
from donate.payments.values import SubscriptionState
from donate.recurring.models import RecurringDonation
from donate.recurring.movements import note_movement
from donate.recurring.status import next_status


def follow_subscription(promise: RecurringDonation, seen: SubscriptionState) -> None:
    """Bring a locked promise to what Stripe holds, with its movement of MRR; call inside ``committed()``.

    Nothing else changes the status, amount, interval or rest of a promise that counts.

    Args:
        promise: The locked row.
        seen: The subscription, just fetched.

    Raises:
        ValueError: When the promise already stands for another subscription.
    """
    if promise.stripe_subscription_id not in (None, seen.subscription_id):
        raise ValueError(f"promise {promise.reference} stands for {promise.stripe_subscription_id}")
    promise.stripe_subscription_id = seen.subscription_id
    promise.stripe_customer_id = seen.customer_id or promise.stripe_customer_id
    status = next_status(promise.status, seen.status)
    if promise.started_at is None and status in ("active", "trialing"):
        promise.started_at = clock.now()
    promise.status = status
    promise.next_charge_at = seen.next_charge_at
    promise.anchor_at = seen.anchor_at
    promise.cancel_at_period_end = seen.cancel_at_period_end
    promise.is_paused, promise.resumes_at = seen.is_paused, seen.resumes_at
    promise.ended_at, promise.ended_because = seen.ended_at, seen.ended_because
    if seen.amount != promise.amount:
        promise.amount_minor, promise.fee_cover_minor = seen.amount.minor, 0
    promise.interval = seen.interval or promise.interval
    if seen.card is not None:
        promise.card_brand, promise.card_last4 = seen.card.brand, seen.card.last4
        promise.card_good_until = seen.card.good_until
    promise.version += 1
    note_movement(promise)


def abandon(promise: RecurringDonation) -> None:
    """End a promise whose first payment never came, and which so never counted; call inside ``committed()``."""
    promise.status = next_status(promise.status, "abandoned")
    if promise.status == "abandoned" and promise.ended_at is None:
        promise.ended_at = clock.now()
        promise.version += 1
