"""Receive an event: one insert, once for its id, before anything is done about it."""

from __future__ import annotations

import json

from sqlalchemy.dialects import postgresql, sqlite

from donate import clock
from donate.db import db
from donate.errors import Unreadable
from donate.webhooks.models import StripeEvent


def store_event(body: bytes) -> bool:
    """Write an event into the inbox; call inside ``committed()``.

    Args:
        body: The signed bytes, kept as they came.

    Returns:
        Whether it is new; a repeated delivery writes nothing.

    Raises:
        Unreadable: ``event_unreadable``, when it is no event of Stripe's.
    """
    try:
        event = json.loads(body)
        row = {
            "event_id": _text(event["id"], 80),
            "type": _text(event["type"], 80),
            "api_version": _text(event.get("api_version") or "", 40),
            "livemode": event["livemode"] is True,
            "object_id": _text(event["data"]["object"].get("id") or "", 120),
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable("event_unreadable") from error
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    stored = db.session.execute(
        insert(StripeEvent)
        .values(**row, payload=body, received_at=clock.now(), state="received")
        .on_conflict_do_nothing(index_elements=["event_id"])
        .returning(StripeEvent.id)
    )
    return stored.first() is not None


def _text(value: object, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise ValueError("not a text of Stripe's")
    return value
