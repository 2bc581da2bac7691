"""Idempotency keys: the same request gets the same answer for a day, another request with that key is refused."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from donate.sandbox.clock import DAY, Clock
from donate.sandbox.errors import ApiError, key_in_use
from donate.sandbox.store import Store


class Idempotency:
    """Remember answers by key."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._guard = threading.Lock()
        self.in_flight: set[str] = set()

    @contextmanager
    def flight(self, key: str | None) -> Iterator[None]:
        """Hold a key while its request is under way; a second one meanwhile is refused."""
        if key is None:
            yield
            return
        if len(key) > 255:
            raise ApiError("Keys for idempotent requests are at most 255 characters long.", type="idempotency_error")
        with self._guard:
            if key in self.in_flight:
                raise key_in_use(key)
            self.in_flight.add(key)
        try:
            yield
        finally:
            with self._guard:
                self.in_flight.discard(key)

    def stored(self, key: str, fingerprint: str) -> tuple[int, Any] | None:
        """Return the answer given before under this key, or nothing."""
        self._store.run("DELETE FROM idempotency WHERE at <= ?", self._clock.now() - DAY)
        rows = self._store.run("SELECT fingerprint, status, body FROM idempotency WHERE key = ?", key)
        if not rows:
            return None
        if rows[0][0] != fingerprint:
            raise ApiError(
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
                f" Try using a key other than '{key}' if you meant to execute a different request.",
                type="idempotency_error",
            )
        return rows[0][1], json.loads(rows[0][2])

    def store(self, key: str, fingerprint: str, status: int, body: Any) -> None:
        """Keep an answer."""
        self._store.run(
            "INSERT OR REPLACE INTO idempotency (key, fingerprint, status, body, at) VALUES (?, ?, ?, ?, ?)",
            key, fingerprint, status, json.dumps(body), self._clock.now(),
        )  # fmt: skip


def fingerprint(method: str, path: str, params: Any) -> str:
    """Return what makes two requests the same."""
    return hashlib.sha256(json.dumps([method, path, params], sort_keys=True).encode()).hexdigest()
