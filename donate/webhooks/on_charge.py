"""What a charge's events lead to."""

from __future__ import annotations

from donate.fulfillment.apply_charge import apply_charge


def reckoned(charge_id: str) -> bool:
    """Book a charge whose fee is known now; say whether it is ours."""
    return apply_charge(charge_id)
