"""The letters that follow money: to the giver when it went back, to the newsroom when somebody must look."""

from __future__ import annotations

from typing import Any

from donate import clock
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.status import is_inquiry
from donate.mail.queue import Letter
from donate.newsroom.letters import letter_from_newsroom, letter_to_newsroom
from donate.newsroom.queries import get_newsroom


def refunded_letter(donation: Donation, refund: Refund) -> Letter:
    """Tell the giver that money went back."""
    assert refund.refunded_on is not None
    return letter_from_newsroom(
        f"refunded:{refund.reference}",
        "refunded",
        donation.email,
        donation.language,
        to_name=donation.donor_name,
        **_about(donation),
        first_name=donation.first_name,
        refund_minor=refund.amount_minor,
        refunded_on=refund.refunded_on.isoformat(),
        is_whole=refund.amount_minor == donation.amount_minor,
        card_last4=donation.card_last4,
        is_recurring=donation.kind == "recurring",
    )


def refund_failed_letter(donation: Donation, refund: Refund) -> Letter:
    """Tell the newsroom that a bank did not take a refund: the giver still lacks the money."""
    return letter_to_newsroom(
        f"refund-failed:{refund.reference}",
        "refund_failed",
        **_about(donation),
        refund_minor=refund.amount_minor,
        why=refund.failure_reason,
        donor_email=donation.email,
    )


def dispute_letter(donation: Donation, dispute: Dispute, moment: str) -> Letter:
    """Tell the newsroom that a dispute was opened or has ended.

    Args:
        donation: The gift it is about.
        dispute: As it stands.
        moment: ``opened`` or ``closed``.
    """
    due = dispute.evidence_due_at
    kind = "inquiry" if is_inquiry(dispute.status) else "dispute"
    # One may be opened twice, as an inquiry and then in earnest, and lost first and won on appeal.
    which = dispute.status if moment == "closed" else kind
    return letter_to_newsroom(
        f"dispute-{moment}:{which}:{dispute.stripe_dispute_id}",
        f"dispute_{moment}",
        **_about(donation),
        dispute_minor=dispute.amount_minor,
        why=dispute.reason,
        status=dispute.status,
        is_inquiry=is_inquiry(dispute.status),
        due_on=clock.on(due, get_newsroom().time_zone).isoformat() if due is not None else None,
        dispute=dispute.stripe_dispute_id,
    )


def _about(donation: Donation) -> dict[str, Any]:
    assert donation.received_on is not None
    return {
        "reference": donation.reference,
        "currency": donation.currency,
        "amount_minor": donation.amount_minor,
        "received_on": donation.received_on.isoformat(),
    }
