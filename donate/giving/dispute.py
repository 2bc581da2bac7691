"""Note a dispute: a giver's bank asks for the money back."""

from __future__ import annotations

from donate import clock
from donate.db import db
from donate.giving.models import Dispute, Donation
from donate.giving.queries import find_dispute_of_stripe
from donate.giving.status import CLOSED_DISPUTES
from donate.payments.values import DisputeState


def note_dispute(donation: Donation, seen: DisputeState, *, zone: str) -> tuple[Dispute, str]:
    """Bring a dispute's row to what Stripe holds; call inside ``committed()`` with the donation locked.

    Between its states every edge is Stripe's to take: one that was lost is won on appeal.

    Args:
        donation: The locked gift it is about.
        seen: Just fetched.
        zone: The newsroom's, for the day.

    Returns:
        The row, and its status before: empty where it is new.
    """
    dispute = find_dispute_of_stripe(seen.dispute_id)
    if dispute is None:
        dispute = Dispute(
            donation_id=donation.id,
            version=0,
            status=seen.status,
            livemode=seen.livemode,
            amount_minor=seen.amount.minor,
            currency=seen.amount.currency,
            opened_at=seen.created_at,
            opened_on=clock.on(seen.created_at, zone),
            stripe_dispute_id=seen.dispute_id,
        )
        db.session.add(dispute)
        before = ""
    else:
        before = dispute.status
    if dispute.donation_id != donation.id:
        raise ValueError(f"dispute {seen.dispute_id} does not belong to gift {donation.reference}")
    if before != seen.status:
        dispute.version += 1
    dispute.status = seen.status
    dispute.reason = seen.reason[:60]
    # An inquiry may become a dispute of another amount.
    dispute.amount_minor = seen.amount.minor
    dispute.evidence_due_at = seen.evidence_due_at
    if seen.status not in CLOSED_DISPUTES:
        dispute.closed_at = None
    elif before != seen.status:
        dispute.closed_at = clock.now()
    donation.updated_at = clock.now()
    db.session.flush()
    return dispute, before
