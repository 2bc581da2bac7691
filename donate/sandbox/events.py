"""Events: what happened, kept for /v1/events and queued for every endpoint that listens."""

from __future__ import annotations

import copy
import fnmatch
from typing import TYPE_CHECKING, Any

from donate.sandbox import lists
from donate.sandbox.errors import ApiError, missing
from donate.sandbox.schema import API_VERSION
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call


def public(obj: Obj) -> Obj:
    """Return a copy without the sandbox's own notes."""
    return {key: copy.deepcopy(value) for key, value in obj.items() if not key.startswith("_")}


def difference(before: Obj, after: Obj) -> Obj:
    """Return the old values of the top-level fields that changed, as previous_attributes carries them.

    Nested objects carry only the keys that changed; arrays and lists are given whole.
    """
    changed: Obj = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old == new or key.startswith("_"):
            continue
        if isinstance(old, dict) and isinstance(new, dict) and old.get("object") != "list":
            changed[key] = difference(old, new)
        else:
            changed[key] = copy.deepcopy(old)
    return changed


def emit(box: Sandbox, type: str, obj: Obj, previous: Obj | None = None) -> Obj:
    """Record an event about an object as it is now and queue its deliveries."""
    data: dict[str, Any] = {"object": box.present(obj)}
    if previous is not None:
        data["previous_attributes"] = previous
    event: Obj = {
        "id": new_id("evt_1"),
        "object": "event",
        "api_version": API_VERSION,
        "created": box.clock.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": box.current.request_id, "idempotency_key": box.current.idempotency_key},
        "type": type,
    }
    box.check(event)
    box.store.add(event, tag=type)
    for endpoint in box.store.select("webhook_endpoint", order="ASC"):
        if endpoint["status"] == "enabled" and wants(endpoint, type):
            box.deliveries.queue(event, endpoint)
    return event


def changed(box: Sandbox, type: str, before: Obj, after: Obj) -> None:
    """Save an object that changed and record the event with its previous attributes."""
    box.store.save(after)
    emit(box, type, after, difference(public(before), public(after)))


def wants(endpoint: Obj, type: str) -> bool:
    """Return whether an endpoint listens to this type of event."""
    return any(pattern == "*" or pattern == type for pattern in endpoint["enabled_events"])


def shown(box: Sandbox, event: Obj) -> Obj:
    """Return an event with the number of deliveries still open."""
    return {**event, "pending_webhooks": box.deliveries.open_for(event["id"])}


def retrieve_event(call: Call) -> Obj:
    """Answer one event."""
    event = call.box.store.get("event", call.ids[0])
    if event is None:
        raise missing("event", call.ids[0])
    return shown(call.box, event)


def list_events(call: Call) -> Obj:
    """Answer the events, newest first, by type and time."""
    params = call.params
    if "type" in params and "types" in params:
        raise ApiError("You may pass either `type` or `types`, not both.", param="types")
    patterns = [params["type"]] if "type" in params else params.get("types", [])
    if len(patterns) > 20:
        raise ApiError("You may pass at most 20 types.", param="types")
    where: list[tuple[str, list[Any]]] = []
    if patterns:
        where.append(("(" + " OR ".join("tag GLOB ?" for _ in patterns) + ")", list(patterns)))
    if "delivery_success" in params:
        undelivered = "EXISTS (SELECT 1 FROM deliveries d WHERE d.event = objects.id AND d.state <> 'delivered')"
        where.append((f"NOT {undelivered}" if params["delivery_success"] else undelivered, []))
    page = lists.page(call, "event", where)
    page["data"] = [shown(call.box, event) for event in page["data"]]
    return page


def matches(pattern: str, type: str) -> bool:
    """Return whether an event type fits a pattern such as `invoice.*`."""
    return fnmatch.fnmatchcase(type, pattern)


ROUTES = [
    ("GET", "/v1/events", list_events),
    ("GET", "/v1/events/{id}", retrieve_event),
]
