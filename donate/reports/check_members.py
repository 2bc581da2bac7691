"""Invariants of memberships: each is earned by a gift that was kept."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, select

from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.members.models import Membership, MembershipPeriod
from donate.reports.invariants import names, rule


@rule
def memberships_are_earned() -> Iterator[str]:
    """Nobody is or was a member without a gift of their own that earned a level."""
    earned = (
        exists()
        .where(MembershipPeriod.donation_id == Donation.id, Donation.status == "succeeded")
        .where(Donation.donor_id == Membership.donor_id)
    )
    yield from names(select(Donor.reference).join(Membership, Membership.donor_id == Donor.id).where(~earned))
