"""The message a hook is sent: what happened, and who gave only where the hook may know."""

from __future__ import annotations

import copy
import json
from typing import Any

from donate.connections.models import HookEvent
from donate.connections.queries import find_given
from donate.connections.shown.shapes import moment, name_of


def message_of(event: HookEvent, *, personal: bool) -> dict[str, Any]:
    """Write an event as it is sent.

    Names are never kept with an event. They are looked up whenever it is sent or shown, so that nothing of somebody
    who was forgotten meanwhile goes out or stays here.

    Args:
        event: What happened.
        personal: Whether its receiver may know who gave.
    """
    data = copy.deepcopy(event.data)
    given = find_given(event.about_kind, event.about_id) if personal else None
    if given is not None:
        data[event.about_kind]["donor"] |= name_of(given)
    return {"type": event.kind, "timestamp": moment(event.at), "data": data}


def body_of(message: dict[str, Any]) -> bytes:
    """Write a message as the bytes that are signed and sent."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
