"""What a dispute's events lead to."""

from __future__ import annotations

from donate.fulfillment.apply_dispute import apply_dispute


def changed(dispute_id: str) -> bool:
    """Apply a dispute that was opened, moved or closed; say whether it is ours."""
    return apply_dispute(dispute_id)
