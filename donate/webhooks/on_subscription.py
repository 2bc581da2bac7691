"""What a subscription's events lead to."""

from __future__ import annotations

from donate.fulfillment.apply_subscription import apply_subscription


def changed(subscription_id: str) -> bool:
    """Apply a subscription that changed; say whether it is ours."""
    return apply_subscription(subscription_id)
