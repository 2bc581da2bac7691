"""Events as Stripe posts them: written, signed, delivered to the webhook address."""

from __future__ import annotations

import json
import time
from typing import Any

from flask.testing import FlaskClient

from donate.sandbox.deliveries import sign
from tests.make.application import WEBHOOK_SECRET


def write_event(number: int = 1, **changes: Any) -> bytes:
    """Write an event, with what a test wants otherwise."""
    event = {
        "id": f"evt_{number}",
        "object": "event",
        "type": "checkout.session.completed",
        "api_version": "2020-08-27",
        "livemode": False,
        "data": {"object": {"id": "cs_test_unknown", "customer_details": {"email": "amal@example.org"}}},
    }
    return json.dumps(event | changes).encode()


def signature(body: bytes, secret: str = WEBHOOK_SECRET, *, age: int = 0) -> str:
    """Sign a body as if so many seconds ago."""
    return sign(secret, body, int(time.time()) - age)


def deliver_event(client: FlaskClient, body: bytes, header: str | None = None, **more: Any) -> int:
    """Post a body and give the answer's status.

    Args:
        client: Who posts.
        body: The event.
        header: ``Stripe-Signature``; None signs it now.
        more: Of the request.
    """
    headers = {"Stripe-Signature": signature(body) if header is None else header}
    with client.post("/webhooks/stripe", data=body, headers=headers, content_type="application/json", **more) as answer:
        return answer.status_code
