"""Receive an event: one insert, once for its id, before anything is done about it."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from donate import clock
from donate.db import COUNTED, db, write_alone
from donate.errors import Unreadable
from donate.payments.gateway import account_id
from donate.webhooks.models import StripeEvent

_KEYS = 120

# Written once: what is built anew for each event costs more than the insert.
_ONCE: dict[str, sa.Insert] = {
    "postgresql": postgresql.insert(StripeEvent).inline().on_conflict_do_nothing(index_elements=["event_id"]),
    "sqlite": sqlite.insert(StripeEvent).inline().on_conflict_do_nothing(index_elements=["event_id"]),
}


def receive_event(body: bytes) -> bool:
    """Store a delivered event, durably, in a transaction of its own; call outside ``committed()``.

    Args:
        body: The signed bytes, kept as they came.

    Returns:
        Whether it is new; a repeated delivery writes nothing.

    Raises:
        Unreadable: ``event_unreadable``, when it is no event of Stripe's; ``event_of_another_account``.
        StripeRefused: When it names an account and Stripe won't tell us ours.
        StripeUnanswered: Likewise, when Stripe is silent.
    """
    event = _read(body)
    account = event.get("account")
    # Only events of connected accounts name one: https://docs.stripe.com/connect/webhooks
    if account is not None and account != account_id():
        raise Unreadable("event_of_another_account")
    return write_alone(_ONCE[db.engine.dialect.name], _row(event, body)) == 1


def store_event(body: bytes, *, is_fetched: bool = True) -> bool:
    """Write an event of our own account's list into the inbox; call inside ``committed()``.

    Args:
        body: Its bytes.
        is_fetched: Whether Stripe was asked for it, as it had not come by itself.

    Returns:
        Whether it is new; one that the inbox holds writes nothing.

    Raises:
        Unreadable: ``event_unreadable``, when it is no event of Stripe's.
    """
    connection = db.session.connection()
    statement, row = _ONCE[connection.dialect.name], _row(_read(body), body, is_fetched=is_fetched)
    return connection.execute(statement, row, execution_options=COUNTED).rowcount == 1


def _read(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("event_unreadable") from error
    if not isinstance(event, dict):
        raise Unreadable("event_unreadable")
    return event


def _row(event: dict[str, Any], body: bytes, *, is_fetched: bool = False) -> dict[str, Any]:
    try:
        object_id = _text(event["data"]["object"].get("id") or "", len(body))
        return {
            "event_id": _text(event["id"], 80),
            "type": _text(event["type"], 80),
            "api_version": _text(event.get("api_version") or "", 40),
            "livemode": event["livemode"] is True,
            # Stripe's own ids are short; a longer one was chosen by someone and is no key of ours.
            "object_id": object_id if len(object_id) <= _KEYS else "",
            "payload": body,
            "received_at": clock.now(),
            "state": "received",
            "is_fetched": is_fetched,
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable("event_unreadable") from error


def _text(value: object, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise ValueError("not a text of Stripe's")
    value.encode()  # half a letter is none, and no database takes it
    return value
