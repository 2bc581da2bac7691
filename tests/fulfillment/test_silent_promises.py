"""Promises that moved at Stripe while nobody told us: the sweep asks, once what should have come is late."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import stripe

from donate.fulfillment import apply_subscription
from donate.fulfillment.apply_checkout import TRIES, MovedMeanwhile
from donate.fulfillment.sweep import sweep
from donate.recurring.models import RecurringDonation
from donate.sandbox.app import Sandbox
from tests.make.books import DAY
from tests.make.gifts import Gifts
from tests.make.rows import every

Settle = Callable[..., None]


@pytest.fixture
def promise(gifts: Gifts, settle: Settle) -> RecurringDonation:
    """Return a monthly promise that began."""
    gifts.paid(frequency="month")
    settle()
    return the_promise()


def the_promise() -> RecurringDonation:
    promise: RecurringDonation
    (promise,) = every(RecurringDonation)
    return promise


def asked_of(box: Sandbox, path: str = "/v1/subscriptions/") -> int:
    return sum(one["path"].startswith(path) for one in box.requests())


def test_a_promise_that_was_cancelled_in_silence_is_found_when_its_next_charge_does_not_come(
    promise: RecurringDonation, box: Sandbox, dashboard: stripe.StripeClient
) -> None:
    dashboard.v1.subscriptions.cancel(str(promise.stripe_subscription_id))
    box.pull_deliveries()
    sweep()
    assert the_promise().status == "active"
    box.advance(seconds=31 * DAY + 7 * 3600)
    box.pull_deliveries()
    sweep()
    assert the_promise().status == "canceled"
    assert the_promise().ended_at is not None


def test_a_promise_that_owes_is_asked_about_once_a_day_until_stripe_gives_up(
    gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    gifts.pay(gifts.begin(frequency="month"), "pm_card_chargeCustomerFail")
    settle()
    box.advance(seconds=32 * DAY)
    settle()
    assert the_promise().status == "past_due"
    box.clear_requests()
    sweep()
    sweep()
    assert asked_of(box) == 1
    box.advance(seconds=25 * DAY)
    box.pull_deliveries()
    sweep()
    assert the_promise().status == "canceled"


def test_a_promise_whose_charge_is_not_late_is_left_alone(promise: RecurringDonation, box: Sandbox) -> None:
    box.clear_requests()
    sweep()
    assert asked_of(box) == 0


def test_a_promise_that_keeps_moving_is_left_for_the_next_time(
    promise: RecurringDonation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = apply_subscription.retrieve_subscription, []

    def overtaken(subscription_id: str) -> object:
        seen = real(subscription_id)
        asked.append(subscription_id)
        if len(asked) <= TRIES:
            with monkeypatch.context() as inner:
                inner.setattr(apply_subscription, "retrieve_subscription", real)
                assert apply_subscription.apply_subscription(subscription_id)
        return seen

    monkeypatch.setattr(apply_subscription, "retrieve_subscription", overtaken)
    with pytest.raises(MovedMeanwhile):
        apply_subscription.apply_subscription(str(promise.stripe_subscription_id))
    assert len(asked) == TRIES
