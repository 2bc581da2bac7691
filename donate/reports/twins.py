"""Was I charged twice? Gifts by the same person, of the same sum, close in time: what was paid and what was not."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from donate.db import db
from donate.giving.models import Donation

#: How far apart two presses are that may be one wish.
NEAR = timedelta(days=2)
_MOST = 10


def twins_of(donation: Donation) -> list[Donation]:
    """List other gifts and attempts that look like this one, the newest first.

    Args:
        donation: Whose address or donor, sum and currency they share, begun within ``NEAR`` of it.
    """
    same = [Donation.email_key == donation.email_key] if donation.email_key else []
    if donation.donor_id is not None:
        same.append(Donation.donor_id == donation.donor_id)
    if not same:
        return []
    return list(
        db.session.scalars(
            select(Donation)
            .where(
                or_(*same),
                Donation.id != donation.id,
                Donation.amount_minor == donation.amount_minor,
                Donation.currency == donation.currency,
                Donation.created_at >= donation.created_at - NEAR,
                Donation.created_at <= donation.created_at + NEAR,
            )
            .order_by(Donation.id.desc())
            .limit(_MOST)
        )
    )
