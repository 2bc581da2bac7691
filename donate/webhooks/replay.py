"""Replay: let an event take effect again; applying twice changes nothing."""

from __future__ import annotations

from donate.db import committed
from donate.queue.again import ask_again, settle
from donate.webhooks.dispatch import apply_event
from donate.webhooks.models import StripeEvent
from donate.webhooks.queries import get_event, list_failed_event_ids


def replay(event_id: str) -> str:
    """Apply one event again and say how it ended; call outside ``committed()``.

    Raises:
        NotFound: ``event_missing``.
    """
    get_event(event_id)
    apply_event(event_id)
    with committed():
        settle(f"event:{event_id}")
    return get_event(event_id).state


def queue_again(event: StripeEvent) -> None:
    """Ask the worker to apply an event again; call inside ``committed()``.

    Args:
        event: In whatever state it is.
    """
    event.state, event.error = "queued", None
    ask_again("apply_event", f"event:{event.event_id}", event_id=event.event_id)


def replay_failed() -> dict[str, str]:
    """Apply every event whose job gave up; give each one's new state."""
    return {event_id: replay(event_id) for event_id in list_failed_event_ids()}
