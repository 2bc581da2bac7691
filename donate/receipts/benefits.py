"""What a giver received for a gift."""

from __future__ import annotations

from donate.giving.models import Donation
from donate.receipts.wording import Benefit


def benefits_of(donation: Donation, language: str) -> tuple[Benefit, ...]:
    """Tell what was given in return for a gift.

    Args:
        donation: The gift.
        language: Of the names.
    """
    return ()
