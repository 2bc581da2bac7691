"""What a payout's events lead to."""

from __future__ import annotations

from donate.fulfillment.apply_payout import apply_payout


def changed(payout_id: str) -> bool:
    """Apply a payout that was made, moved or failed; every one is ours."""
    return apply_payout(payout_id)
