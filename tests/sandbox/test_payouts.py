"""Payouts of the practice account: daily, weekly, by hand; what they are made of; one that the bank sends back."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox

DAY = 86400


def parts(client: stripe.StripeClient, payout: str) -> list[stripe.BalanceTransaction]:
    asked: Any = {"payout": payout, "limit": 100}
    return list(client.v1.balance_transactions.list(asked).auto_paging_iter())


def payouts(client: stripe.StripeClient) -> list[stripe.Payout]:
    return list(client.v1.payouts.list({"limit": 100}).auto_paging_iter())


def held(client: stripe.StripeClient) -> int:
    balance = client.v1.balance.retrieve()
    return sum(part.amount for part in (*balance.available, *balance.pending))


def test_money_leaves_two_days_after_it_came_and_is_the_sum_of_its_parts(
    box: Sandbox, client: stripe.StripeClient
) -> None:
    box.outside_charge(2500, "usd")
    box.outside_charge(1000, "usd")
    box.advance(seconds=2 * DAY)
    assert payouts(client) == []
    box.advance(seconds=DAY)
    (payout,) = payouts(client)
    made_of = parts(client, payout.id)
    assert sorted(each.type for each in made_of) == ["charge", "charge", "payout"]
    assert sum(each.net for each in made_of) == 0
    assert payout.amount == sum(each.net for each in made_of if each.type == "charge") == 2500 - 103 + 1000 - 59
    assert payout.automatic
    assert held(client) == 0


def test_a_payout_leaves_says_what_it_holds_and_arrives(box: Sandbox, client: stripe.StripeClient) -> None:
    box.outside_charge(2500, "usd")
    box.advance(seconds=6 * DAY)
    (payout,) = payouts(client)
    assert (payout.status, payout.reconciliation_status) == ("paid", "completed")
    told = [each.type for each in client.v1.events.list({"limit": 100, "type": "payout.*"}).data]
    assert told == ["payout.paid", "payout.reconciliation_completed", "payout.updated", "payout.created"]


def test_each_currency_leaves_by_itself(box: Sandbox, client: stripe.StripeClient) -> None:
    box.outside_charge(2500, "usd")
    box.outside_charge(5000, "eur")
    box.advance(seconds=4 * DAY)
    assert sorted((each.currency, each.amount) for each in payouts(client)) == [("eur", 4825), ("usd", 2397)]


def test_nothing_leaves_while_less_than_nothing_is_there(box: Sandbox, client: stripe.StripeClient) -> None:
    box.book("adjustment", -5000, "usd")
    box.outside_charge(2500, "usd")
    box.advance(seconds=5 * DAY)
    assert payouts(client) == []
    box.outside_charge(10000, "usd")
    box.advance(seconds=5 * DAY)
    (payout,) = payouts(client)
    assert payout.amount == -5000 + 2397 + 9680
    assert held(client) == 0


def test_weekly_payouts_leave_on_mondays(box: Sandbox, client: stripe.StripeClient) -> None:
    box.store.set("payout_interval", "weekly")
    box.outside_charge(2500, "usd")
    box.advance(seconds=15 * DAY)
    (payout,) = payouts(client)
    assert (payout.created // DAY + 3) % 7 == 0


def test_a_payout_the_bank_sends_back_leaves_again_with_a_later_one(box: Sandbox, client: stripe.StripeClient) -> None:
    box.outside_charge(2500, "usd")
    box.advance(seconds=6 * DAY)
    (first,) = payouts(client)
    box.fail_payout(first.id)
    failed = client.v1.payouts.retrieve(first.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert failed.failure_balance_transaction.type == "payout_failure"  # type: ignore[union-attr]
    assert held(client) == 2397
    box.advance(seconds=4 * DAY)
    again, _ = payouts(client)
    assert sorted(each.type for each in parts(client, again.id)) == ["payout", "payout_failure"]
    assert held(client) == 0


def test_by_hand_a_sum_leaves_and_can_be_taken_back_before_it_does(box: Sandbox, client: stripe.StripeClient) -> None:
    box.store.set("payout_interval", "manual")
    box.outside_charge(2500, "usd")
    box.advance(seconds=3 * DAY)
    assert payouts(client) == []
    payout = client.v1.payouts.create({"amount": 1000, "currency": "usd"})
    assert (payout.automatic, payout.reconciliation_status) == (False, "not_applicable")
    assert held(client) == 1397
    canceled = client.v1.payouts.cancel(payout.id)
    assert canceled.status == "canceled"
    assert held(client) == 2397


def test_more_than_is_there_cannot_leave(box: Sandbox, client: stripe.StripeClient) -> None:
    """The rule payout_covered."""
    with pytest.raises(stripe.InvalidRequestError, match="insufficient funds") as refused:
        client.v1.payouts.create({"amount": 1000, "currency": "usd"})
    assert refused.value.code == "balance_insufficient"


def test_what_is_on_its_way_or_leaves_by_itself_is_not_canceled(box: Sandbox, client: stripe.StripeClient) -> None:
    """The rule payout_pending."""
    box.outside_charge(2500, "usd")
    box.advance(seconds=3 * DAY)
    (payout,) = payouts(client)
    with pytest.raises(stripe.InvalidRequestError, match="pending"):
        client.v1.payouts.cancel(payout.id)


@pytest.mark.parametrize(
    ("type", "category"),
    [
        ("stripe_fee", "fee"),
        ("reserve_hold", "risk_reserved_funds"),
        ("topup", "topup"),
        ("contribution", "contribution"),
        ("payout_minimum_balance_hold", "payout_minimum_balance_hold"),
    ],
)
def test_the_balance_can_be_moved_by_hand_with_every_type(
    box: Sandbox, client: stripe.StripeClient, type: str, category: str
) -> None:
    made = client.v1.balance_transactions.retrieve(box.book(type, -700, "usd", description="By hand"))
    assert (made.type, made.reporting_category, made.net) == (type, category, -700)


def test_what_a_movement_is_about_can_be_asked_for_whole(box: Sandbox, client: stripe.StripeClient) -> None:
    charge = box.outside_charge(2500, "usd")
    box.advance(seconds=4 * DAY)
    asked: Any = {"expand": ["data.source"]}
    found = {each.type: each.source for each in client.v1.balance_transactions.list(asked).data}
    assert found["charge"].id == charge
    assert found["payout"].object == "payout"
