"""Look-ups of the inbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, cast, func, or_, select

from donate.db import db
from donate.errors import NotFound
from donate.webhooks.models import CatchUpMark, StripeEvent


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
    # A result has keys() of its own: only its list of pairs makes a table.
    return dict(rows.all())


def find_mark(name: str) -> CatchUpMark | None:
    """Find up to when one of Stripe's lists was read."""
    return db.session.get(CatchUpMark, name)


def list_event_rows_naming(stripe_ids: list[str]) -> list[int]:
    """List the rows of events about some of Stripe's objects, and of those that name one of the customers among them.

    Args:
        stripe_ids: Such as ``cus_…``, ``sub_…``, ``ch_…``.
    """
    if not stripe_ids:
        return []
    is_postgresql = db.engine.dialect.name == "postgresql"
    text = cast(func.encode(StripeEvent.payload, "escape") if is_postgresql else StripeEvent.payload, Text)
    named = [text.contains(each, autoescape=True) for each in stripe_ids if each.startswith(("cus_", "sub_"))]
    return list(db.session.scalars(select(StripeEvent.id).where(or_(StripeEvent.object_id.in_(stripe_ids), *named))))


def count_other_versions(ours: str, among: int) -> dict[str, int]:
    """Count the newest events that came in another version of Stripe's API than ours, by that version.

    Args:
        ours: The version this program reads.
        among: So many of the newest; older ones came before the endpoint was replaced, or will be forgotten soon.
    """
    newest = select(StripeEvent.api_version).order_by(StripeEvent.id.desc()).limit(among).subquery()
    rows = db.session.execute(
        select(newest.c.api_version, func.count())
        .where(newest.c.api_version.not_in((ours, "")))
        .group_by(newest.c.api_version)
        .order_by(newest.c.api_version)
    )
    # A result has keys() of its own: only its list of pairs makes a table.
    return dict(rows.all())
