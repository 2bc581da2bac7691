"""Deliveries: signed when sent, tried again later when the answer is not 2xx, kept across a restart."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from donate.sandbox import events
from donate.sandbox.store import Obj

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox

# Seconds of sandbox time before the next try. Stripe: a test delivery is tried again a few times over hours.
BACKOFF = (60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
PATIENCE = 20  # real seconds for one answer


@dataclass
class Delivery:
    """One signed request that waits to be posted."""

    id: int
    url: str
    headers: dict[str, str]
    body: bytes
    event_id: str
    event_type: str
    _answer: Callable[[int, int, str], None] = field(repr=False)

    def answer(self, status: int, words: str = "") -> None:
        """Tell the sandbox how the receiver answered; not 2xx means a later try."""
        self._answer(self.id, status, words)


def sign(secret: str, body: bytes, at: int) -> str:
    """Return the Stripe-Signature header for a body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Deliveries:
    """The queue from events to endpoints."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        # What was on its way when the sandbox stopped is on its way no longer.
        box.store.run("UPDATE deliveries SET state = 'waiting' WHERE state = 'sent'")

    def queue(self, event: Obj, endpoint: Obj) -> None:
        """Queue one event for one endpoint, unless a fault says otherwise."""
        due, rank, copies, state = event["created"], 0, 1, "waiting"
        fault = self._box.faults.for_webhook(event["type"], endpoint["url"])
        if fault is not None:
            if fault.kind == "drop_webhook":
                state = "dropped"
            elif fault.kind == "duplicate_webhook":
                copies = 2
            elif fault.kind == "delay_webhook":
                due += int(fault.seconds or 3600)
            elif fault.kind == "reorder_webhook":
                # held a moment, then the newest first
                due, rank = due + int(fault.seconds or 2), -self._count()
        for _ in range(copies):
            self._box.store.run(
                "INSERT INTO deliveries (event, endpoint, due, rank, state) VALUES (?, ?, ?, ?, ?)",
                event["id"], endpoint["id"], due, rank, state,
            )  # fmt: skip
        self._box.wake.set()

    def _count(self) -> int:
        return int(self._box.store.run("SELECT COUNT(*) FROM deliveries")[0][0])

    def open_for(self, event_id: str) -> int:
        """Return how many deliveries of an event are not yet answered with success."""
        rows = self._box.store.run(
            "SELECT COUNT(*) FROM deliveries WHERE event = ? AND state IN ('waiting', 'sent')", event_id
        )
        return int(rows[0][0])

    def next_due(self, until: float) -> tuple[int, int] | None:
        """Return the earliest delivery to send (id, due), or nothing."""
        rows = self._box.store.run(
            "SELECT id, due FROM deliveries WHERE state = 'waiting' AND due <= ? ORDER BY due, rank, id LIMIT 1", until
        )
        return (rows[0][0], rows[0][1]) if rows else None

    def take(self, identifier: int) -> Delivery | None:
        """Mark a delivery as sent and sign it now, by the real clock, as receivers check it."""
        store = self._box.store
        with store.transaction():
            event_id, endpoint_id = store.run("SELECT event, endpoint FROM deliveries WHERE id = ?", identifier)[0]
            event, endpoint = store.get("event", event_id), store.get("webhook_endpoint", endpoint_id)
            if event is None or endpoint is None or endpoint["status"] != "enabled":
                store.run("UPDATE deliveries SET state = 'dropped' WHERE id = ?", identifier)
                return None
            store.run("UPDATE deliveries SET state = 'sent', tries = tries + 1 WHERE id = ?", identifier)
            shown = events.shown(self._box, event)
        if endpoint["api_version"]:
            shown["api_version"] = endpoint["api_version"]
        body = json.dumps(shown, indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (practice sandbox)",
            "Stripe-Signature": sign(endpoint["_secret"], body, int(time.time())),
        }
        return Delivery(identifier, endpoint["url"], headers, body, event["id"], event["type"], self.answered)

    def answered(self, identifier: int, status: int, words: str) -> None:
        """Write down an answer and plan the next try where it was not a success."""
        store = self._box.store
        with store.transaction():
            rows = store.run("SELECT tries FROM deliveries WHERE id = ?", identifier)
            if not rows:
                return  # the sandbox was reset meanwhile
            tries = int(rows[0][0])
            said = f"{status} {words}".strip() if status else words
            if 200 <= status < 300:
                store.run("UPDATE deliveries SET state = 'delivered', answer = ? WHERE id = ?", said, identifier)
            elif tries > len(BACKOFF):
                store.run("UPDATE deliveries SET state = 'failed', answer = ? WHERE id = ?", said, identifier)
            else:
                due = self._box.clock.now() + BACKOFF[tries - 1]
                store.run("UPDATE deliveries SET state = 'waiting', due = ?, answer = ? WHERE id = ?",
                          due, said, identifier)  # fmt: skip

    def send(self, identifier: int) -> None:
        """Post one delivery and write down the answer; holds no lock while the receiver works."""
        delivery = self.take(identifier)
        if delivery is None:
            return
        request = urllib.request.Request(delivery.url, delivery.body, delivery.headers, method="POST")
        try:
            with OPENER.open(request, timeout=PATIENCE) as answer:
                delivery.answer(answer.status)
        except urllib.error.HTTPError as refusal:
            delivery.answer(refusal.code)
            refusal.close()
        except OSError as problem:
            delivery.answer(0, f"no answer ({problem})")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Stripe takes a redirect for a failed delivery."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


# No proxy: deliveries go to this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)
