"""Look-ups of the inbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from donate.db import db
from donate.errors import NotFound
from donate.webhooks.models import StripeEvent


def get_event(event_id: str) -> StripeEvent:
    """Give an event by Stripe's id.

    Raises:
        NotFound: ``event_missing``.
    """
    event = db.session.scalars(select(StripeEvent).where(StripeEvent.event_id == event_id)).first()
    if event is None:
        raise NotFound("event_missing", event=event_id)
    return event


def list_received(at_most: int) -> list[StripeEvent]:
    """List and lock events that no job knows yet, oldest first; what another worker holds is left to it."""
    return list(
        db.session.scalars(
            select(StripeEvent)
            .where(StripeEvent.state == "received")
            .order_by(StripeEvent.id)
            .limit(at_most)
            .with_for_update(skip_locked=True)
        )
    )


def is_any_received() -> bool:
    """Tell whether an event waits that no job knows yet."""
    return (
        db.session.scalars(select(StripeEvent.id).where(StripeEvent.state == "received").limit(1)).first() is not None
    )


def list_failed_event_ids() -> list[str]:
    """List events whose job gave up."""
    return list(db.session.scalars(select(StripeEvent.event_id).where(StripeEvent.state == "failed")))


def find_newest_received_at() -> datetime | None:
    """Tell when the newest event came."""
    return db.session.scalar(select(func.max(StripeEvent.received_at)))


def count_events_by_state() -> dict[str, int]:
    """Count the inbox by state."""
    rows = db.session.execute(select(StripeEvent.state, func.count(StripeEvent.id)).group_by(StripeEvent.state))
    return dict(rows)
