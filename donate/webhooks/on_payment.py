"""What a PaymentIntent's events lead to."""

from __future__ import annotations

from donate.fulfillment.apply_charge import apply_failed_try


def failed(payment_intent_id: str) -> bool:
    """Apply a declined try; say whether it was for a gift of ours."""
    return apply_failed_try(payment_intent_id)
