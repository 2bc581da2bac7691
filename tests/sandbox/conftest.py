"""A sandbox in process that checks all it says, and stripe's own client that speaks to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox

Begin = Callable[..., str]


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Return a sandbox that raises when an answer or event is not Stripe's shape; deliveries are pulled."""
    sandbox = Sandbox(check_responses=True, deliver="pull")
    yield sandbox
    sandbox.close()


@pytest.fixture
def client(box: Sandbox) -> stripe.StripeClient:
    """Return stripe's own client speaking to the sandbox, with one product to give to."""
    speaker = stripe.StripeClient("sk_test_practice", http_client=box.http_client(), max_network_retries=0)
    speaker.v1.products.create({"id": "donate_general", "name": "General fund"})
    return speaker


@pytest.fixture
def asked() -> Callable[..., dict[str, Any]]:
    """Return a maker of session parameters: a gift of $25.00, once or by an interval."""

    def make(interval: str | None = None, **more: Any) -> dict[str, Any]:
        data: dict[str, Any] = {"currency": "usd", "product": "donate_general", "unit_amount": 2500}
        if interval:
            data["recurring"] = {"interval": interval}
        return {
            "mode": "subscription" if interval else "payment",
            "line_items": [{"price_data": data, "quantity": 1}],
            "success_url": "http://127.0.0.1:5000/gifts/x?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://127.0.0.1:5000/donate",
            **more,
        }

    return make


@pytest.fixture
def begin(box: Sandbox, client: stripe.StripeClient) -> Begin:
    """Return a verb that pays a session for a promise and names the subscription that began."""

    def begin(params: dict[str, Any], card: str = "pm_card_visa") -> str:
        session = client.v1.checkout.sessions.create(params)
        box.complete(session.id, card, email="ada@example.org")
        return str(client.v1.checkout.sessions.retrieve(session.id).subscription)

    return begin


@pytest.fixture
def event_types(box: Sandbox) -> Callable[[], list[str]]:
    """Return a reader of the types of all events so far, oldest first."""

    def read() -> list[str]:
        return [event["type"] for event in box.store.select("event", order="ASC")]

    return read
