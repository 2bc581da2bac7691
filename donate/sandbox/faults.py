"""Faults on order: lost answers, refused requests, and webhooks that go missing, twice, late or out of turn."""

from __future__ import annotations

import fnmatch
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from donate.sandbox.errors import ApiError, key_in_use
from donate.sandbox.store import Store

REQUEST_KINDS = (
    "timeout_before", "timeout_after", "http_401", "http_409", "http_429", "http_500", "http_500_after",
    "http_500_kept",
)  # fmt: skip
WEBHOOK_KINDS = ("drop_webhook", "duplicate_webhook", "delay_webhook", "reorder_webhook")


@dataclass
class Fault:
    """One fault and how often it still strikes."""

    kind: str
    method: str | None = None
    path: str | None = None
    query: str | None = None
    type: str | None = None
    times: int = 1
    seconds: float | None = None


class Faults:
    """The faults waiting to strike, kept with the other settings so that a restart forgets none.

    They are looked at for every request and event, so they are held in memory under a lock of their own.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._guard = threading.Lock()
        self._waiting = [Fault(**one) for one in store.setting("faults", [])]

    def replace(self, wanted: Any) -> list[dict[str, Any]]:
        """Take the JSON list that POST /_sandbox/faults accepts; an empty list clears."""
        if not isinstance(wanted, list):
            raise ApiError("Send a JSON list of faults.")
        self._keep([_parse(one) for one in wanted])
        return self.all()

    def _keep(self, faults: list[Fault]) -> None:
        self._store.set("faults", [asdict(fault) for fault in faults])
        with self._guard:
            self._waiting = faults

    def all(self) -> list[dict[str, Any]]:
        """Return the faults that still wait."""
        return [asdict(fault) for fault in self._waiting]

    def for_request(self, method: str, path: str, query: str = "") -> Fault | None:
        """Return the first fault that strikes this request, counting it."""
        return self._take(
            REQUEST_KINDS,
            lambda fault: _fits(fault.method, method.upper()) and _fits(fault.path, path) and _fits(fault.query, query),
        )

    def for_webhook(self, event_type: str, url: str) -> Fault | None:
        """Return the first fault that strikes this delivery, counting it."""
        return self._take(
            WEBHOOK_KINDS,
            lambda fault: _fits(fault.type, event_type) and _fits(fault.path, urlsplit(url).path),
        )

    def _take(self, kinds: tuple[str, ...], strikes: Callable[[Fault], bool]) -> Fault | None:
        with self._guard:
            found = next((fault for fault in self._waiting if fault.kind in kinds and strikes(fault)), None)
            if found is None:
                return None
            found.times -= 1
            left = [fault for fault in self._waiting if fault.times > 0]
        self._keep(left)
        return found


def refusal(fault: Fault, key: str | None) -> ApiError | None:
    """Return the error that a fault answers before anything is done, or nothing."""
    if fault.kind == "http_401":
        return ApiError("Invalid API Key provided: the sandbox was told to refuse it.", status=401)
    if fault.kind == "http_409":
        return key_in_use(key or "none")
    if fault.kind == "http_429":
        return ApiError("Request rate limit exceeded.", status=429, code="rate_limit")
    if fault.kind == "http_500":
        return ApiError("The sandbox was told to fail here.", status=500, type="api_error")
    return None


def headers(fault: Fault | None) -> dict[str, str]:
    """Return what the answer to a struck request says in its head: how long to wait before the next."""
    if fault is None or fault.kind != "http_429":
        return {}
    return {"Retry-After": str(int(1 if fault.seconds is None else fault.seconds))}


def _fits(pattern: str | None, value: str) -> bool:
    return pattern is None or fnmatch.fnmatchcase(value, pattern)


def _parse(one: Any) -> Fault:
    if not isinstance(one, dict) or one.get("kind") not in (*REQUEST_KINDS, *WEBHOOK_KINDS):
        known = ", ".join((*REQUEST_KINDS, *WEBHOOK_KINDS))
        raise ApiError(f"A fault is an object with a kind, one of: {known}.", param="kind")
    match = one.get("match") or {}
    if not isinstance(match, dict):
        raise ApiError("A fault's match is an object with method, path, query or type.", param="match")
    unknown = (one.keys() - {"match", "times", "kind", "seconds"}) | (
        match.keys() - {"method", "path", "query", "type"}
    )
    if unknown:
        raise ApiError(f"A fault has no {', '.join(sorted(unknown))}.", param=sorted(unknown)[0])
    method = match.get("method")
    seconds = one.get("seconds")
    return Fault(
        kind=one["kind"],
        method=str(method).upper() if method else None,
        path=match.get("path"),
        query=match.get("query"),
        type=match.get("type"),
        times=int(one.get("times", 1)),
        seconds=float(seconds) if seconds is not None else None,
    )
