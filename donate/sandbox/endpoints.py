"""Webhook endpoints: where events are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from donate.sandbox import lists, merge
from donate.sandbox.errors import ApiError, missing
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

ACCEPTED = {"api_version", "description", "enabled_events", "metadata", "url"}


def make_endpoint(box: Sandbox, params: dict[str, Any], secret: str | None = None) -> Obj:
    """Create an endpoint; its secret is kept beside it and shown this once."""
    merge.only(params, ACCEPTED, "webhook endpoints")
    _check(params)
    endpoint: Obj = {
        "id": new_id("we_1"),
        "object": "webhook_endpoint",
        "api_version": params.get("api_version"),
        "application": None,
        "created": box.clock.now(),
        "description": params.get("description") or None,
        "enabled_events": list(params["enabled_events"]),
        "livemode": False,
        "metadata": merge.metadata({}, params.get("metadata")),
        "status": "enabled",
        "url": params["url"],
        "_secret": secret or new_id("whsec_", 32),
    }
    return box.store.add(endpoint)


def _check(params: dict[str, Any]) -> None:
    url = params.get("url")
    if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        words = "Invalid URL: An explicit scheme (such as https) must be provided."
        raise ApiError(words, code="url_invalid", param="url")
    wanted = params.get("enabled_events")
    if wanted is not None and (not wanted or ("*" in wanted and len(wanted) > 1)):
        raise ApiError("enabled_events takes either '*' alone or a list of event types.", param="enabled_events")


def get_endpoint(box: Sandbox, identifier: str) -> Obj:
    """Return an endpoint that exists."""
    endpoint = box.store.get("webhook_endpoint", identifier)
    if endpoint is None:
        raise missing("webhook endpoint", identifier, "webhook_endpoint")
    return endpoint


def create(call: Call) -> Obj:
    """Create an endpoint and show its secret."""
    endpoint = make_endpoint(call.box, call.params)
    return {**endpoint, "secret": endpoint["_secret"]}


def retrieve(call: Call) -> Obj:
    """Answer an endpoint, without its secret."""
    return get_endpoint(call.box, call.ids[0])


def update(call: Call) -> Obj:
    """Change an endpoint."""
    merge.only(call.params, {"description", "disabled", "enabled_events", "metadata", "url"}, "webhook endpoints")
    _check(call.params)
    endpoint = get_endpoint(call.box, call.ids[0])
    merge.fields(endpoint, call.params, "description", "enabled_events", "url")
    if "disabled" in call.params:
        endpoint["status"] = "disabled" if call.params["disabled"] else "enabled"
    return call.box.store.save(endpoint)


def delete(call: Call) -> Obj:
    """Delete an endpoint."""
    return call.box.store.remove(get_endpoint(call.box, call.ids[0]))


def list_all(call: Call) -> Obj:
    """Answer endpoints, newest first."""
    return lists.page(call, "webhook_endpoint", [])


ROUTES = [
    ("POST", "/v1/webhook_endpoints", create),
    ("GET", "/v1/webhook_endpoints", list_all),
    ("GET", "/v1/webhook_endpoints/{webhook_endpoint}", retrieve),
    ("POST", "/v1/webhook_endpoints/{webhook_endpoint}", update),
    ("DELETE", "/v1/webhook_endpoints/{webhook_endpoint}", delete),
]
