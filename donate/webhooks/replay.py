"""Replay: let an event take effect again; applying twice changes nothing."""

from __future__ import annotations

from donate.webhooks.dispatch import apply_event
from donate.webhooks.queries import get_event, list_failed_event_ids


def replay(event_id: str) -> str:
    """Apply one event again and say how it ended; call outside ``committed()``.

    Raises:
        NotFound: ``event_missing``.
    """
    get_event(event_id)
    apply_event(event_id)
    return get_event(event_id).state


def replay_failed() -> dict[str, str]:
    """Apply every event whose job gave up; give each one's new state."""
    return {event_id: replay(event_id) for event_id in list_failed_event_ids()}
