"""Catch up: fetch the events that were never delivered."""

from __future__ import annotations

from datetime import datetime

from donate.db import committed
from donate.payments.events import list_events
from donate.webhooks.receive import store_event


def catch_up(since: datetime) -> int:
    """Store events of Stripe's list that the inbox does not hold; call outside ``committed()``.

    Args:
        since: Not older than this; Stripe keeps 30 days.

    Returns:
        How many were new; the worker applies them.
    """
    new = 0
    for seen in reversed(list_events(since)):
        with committed():
            new += store_event(seen.payload)
    return new
