"""What a refund's events lead to."""

from __future__ import annotations

from donate.fulfillment.apply_refund import apply_refund


def changed(refund_id: str) -> bool:
    """Apply a refund that was made, moved or failed; say whether it is ours."""
    return apply_refund(refund_id)
