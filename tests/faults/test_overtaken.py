"""Answers of Stripe's that are overtaken before they are written: the newer state stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.fulfillment import apply_checkout, apply_dispute, apply_invoice
from donate.fulfillment.apply_subscription import apply_subscription
from donate.giving.models import Dispute, Donation
from donate.recurring.models import RecurringDonation
from donate.sandbox.app import Sandbox
from tests.make.books import DAY, assert_books_equal_stripe
from tests.make.gifts import Gifts
from tests.make.rows import count, every

Settle = Callable[..., None]


@pytest.fixture
def dashboard(box: Sandbox) -> stripe.StripeClient:
    """Return a client of somebody who works in Stripe's dashboard, past us."""
    return stripe.StripeClient("sk_test_dashboard", http_client=box.http_client(), max_network_retries=0)


@pytest.fixture
def booked(gifts: Gifts, box: Sandbox, settle: Settle) -> Donation:
    """Return a gift of $25.00 that arrived and is booked."""
    donation = gifts.paid()
    settle()
    box.advance(seconds=10)
    settle()
    return donation


def overtaken(real: Callable[[str], Any], meanwhile: Callable[[str], None]) -> Callable[[str], Any]:
    """Let something happen once between Stripe's answer and what is made of it."""
    waiting = [meanwhile]

    def ask(which: str) -> Any:
        answer = real(which)
        if waiting:
            waiting.pop()(which)
        return answer

    return ask


@pytest.mark.parametrize("month", ["first", "second"])
def test_a_promise_that_is_stopped_while_an_instalment_arrives_stays_stopped(
    gifts: Gifts, box: Sandbox, settle: Settle, dashboard: stripe.StripeClient,
    monkeypatch: pytest.MonkeyPatch, month: str,
) -> None:  # fmt: skip
    def stop(subscription_id: str) -> None:
        dashboard.v1.subscriptions.update(subscription_id, {"cancel_at_period_end": True})
        assert apply_subscription(subscription_id)
        box.pull_deliveries()

    gifts.paid(frequency="month")
    asker: Any = apply_checkout
    if month == "second":
        settle()
        box.advance(seconds=32 * DAY)
        asker = apply_invoice
    monkeypatch.setattr(asker, "retrieve_subscription", overtaken(asker.retrieve_subscription, stop))
    settle()
    (promise,) = every(RecurringDonation)
    assert (promise.status, promise.cancel_at_period_end) == ("active", True)
    assert {each.status for each in every(Donation)} == {"succeeded"}
    assert count(Donation) == (1 if month == "first" else 2)


def dispute_overtaken(box: Sandbox, booked: Donation, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let a dispute be won, and that be applied, after Stripe was asked how it stands; tell how it stands with us."""

    def win(dispute_id: str) -> None:
        box.decide(dispute_id, "win")
        assert apply_dispute.apply_dispute(dispute_id)

    dispute_id = box.dispute(str(booked.stripe_charge_id))
    monkeypatch.setattr(apply_dispute, "retrieve_dispute", overtaken(apply_dispute.retrieve_dispute, win))
    assert apply_dispute.apply_dispute(dispute_id)
    (dispute,) = every(Dispute)
    status: str = dispute.status
    return status


def test_a_dispute_that_is_won_while_its_opening_is_applied_stays_won(
    box: Sandbox, booked: Donation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dispute_overtaken(box, booked, monkeypatch) == "won"
    assert_books_equal_stripe()


def test_the_overtaking_above_would_show_a_dispute_whose_version_nobody_minds(
    box: Sandbox, booked: Donation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: the older answer is written over the newer one."""
    monkeypatch.setattr(apply_dispute, "_version", lambda _dispute: 0)
    assert dispute_overtaken(box, booked, monkeypatch) == "needs_response"
