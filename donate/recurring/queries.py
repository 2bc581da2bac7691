"""Look-ups of recurring donations."""

from __future__ import annotations

from sqlalchemy import select

from donate.db import db
from donate.recurring.models import RecurringDonation


def find_recurring_of_subscription(stripe_subscription_id: str) -> RecurringDonation | None:
    """Find the promise a subscription stands for."""
    return db.session.scalars(
        select(RecurringDonation).where(RecurringDonation.stripe_subscription_id == stripe_subscription_id)
    ).first()


def get_recurring(recurring_id: int) -> RecurringDonation:
    """Give a promise by its key."""
    return db.session.get_one(RecurringDonation, recurring_id)
