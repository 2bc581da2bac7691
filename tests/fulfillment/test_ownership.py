"""Whose is it? What else the account sells, forged marks and live events take no effect here."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from flask.testing import FlaskClient

from donate.giving.models import Donation
from donate.ledger.models import LedgerEntry, Payout
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.sandbox.deliveries import sign
from donate.webhooks.models import StripeEvent
from tests.make.application import SITE, WEBHOOK_SECRET
from tests.make.gifts import Gifts
from tests.make.rows import count, every, fresh

Settle = Callable[..., None]


@pytest.fixture
def shop(box: Sandbox) -> stripe.StripeClient:
    """Return another program of the same Stripe account: it sells subscriptions to a magazine."""
    speaker = stripe.StripeClient("sk_test_shop", http_client=box.http_client(), max_network_retries=0)
    speaker.v1.products.create({"id": "magazine", "name": "The magazine"})
    return speaker


def sell(shop: stripe.StripeClient, interval: str | None = None, **more: Any) -> str:
    price: dict[str, Any] = {"currency": "usd", "product": "magazine", "unit_amount": 900}
    if interval:
        price["recurring"] = {"interval": interval}
    asked: Any = {
        "mode": "subscription" if interval else "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "http://127.0.0.1:5999/thanks",
        **more,
    }
    return shop.v1.checkout.sessions.create(asked).id


def test_what_else_the_account_sells_makes_no_gift_but_is_booked_because_payouts_hold_it(
    gifts: Gifts, box: Sandbox, shop: stripe.StripeClient, settle: Settle
) -> None:
    box.complete(sell(shop), email="reader@example.org")
    box.complete(sell(shop, "month"), email="reader@example.org")
    settle()
    box.advance(seconds=40 * 86400)
    settle()
    assert (count(Donation), count(RecurringDonation), count(Receipt)) == (0, 0, 0)
    ours = {event.type.partition(".")[0] for event in every(StripeEvent) if event.state != "ignored"}
    assert ours == {"payout"}
    assert Counter(entry.entry_type for entry in every(LedgerEntry)) == {"outside": 3, "payout": 2}
    assert {payout.proof for payout in every(Payout)} == {"proved"}
    assert check_everything() == []


def test_a_session_that_only_carries_our_mark_takes_no_effect(
    gifts: Gifts, box: Sandbox, shop: stripe.StripeClient, settle: Settle
) -> None:
    donation = gifts.begin()
    mark = {"donate_ref": donation.reference, "donate_site": SITE}
    forged = sell(shop, client_reference_id=donation.reference, metadata=mark, payment_intent_data={"metadata": mark})
    box.complete(forged, email="reader@example.org")
    settle()
    assert fresh(donation).status == "pending"
    assert count(Receipt) == 0


def test_a_subscription_that_only_carries_our_mark_takes_no_effect(
    gifts: Gifts, box: Sandbox, shop: stripe.StripeClient, settle: Settle
) -> None:
    donation = gifts.begin(frequency="month")
    mark = {"donate_ref": donation.reference, "donate_site": SITE}
    box.complete(sell(shop, "month", metadata=mark, subscription_data={"metadata": mark}), email="reader@example.org")
    settle()
    box.advance(seconds=20 * 60)
    settle()
    assert fresh(donation).status == "pending"
    assert [promise.status for promise in every(RecurringDonation)] == ["pending"]
    assert [promise.stripe_subscription_id for promise in every(RecurringDonation)] == [None]
    assert (count(Donation), count(Receipt)) == (1, 0)


def test_a_live_event_at_a_test_desk_is_stored_and_refused(
    gifts: Gifts, box: Sandbox, client: FlaskClient, work: Callable[[], int]
) -> None:
    donation = gifts.paid()
    for delivery in box.pull_deliveries():
        event = json.loads(delivery.body) | {"livemode": True}
        body = json.dumps(event).encode()
        header = sign(WEBHOOK_SECRET, body, int(time.time()))
        with client.post("/webhooks/stripe", data=body, headers={"Stripe-Signature": header}) as answer:
            assert answer.status_code == 200
    work()
    assert fresh(donation).status == "pending"
    refused = [event for event in every(StripeEvent) if event.type == "checkout.session.completed"]
    assert [(event.state, event.error) for event in refused] == [("ignored", "live and test never mix")]
