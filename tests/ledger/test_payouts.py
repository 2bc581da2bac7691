"""Payouts: proved to the cent by what they are made of, or each difference named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
import stripe

from donate.db import committed
from donate.fulfillment.apply_payout import apply_payout
from donate.fulfillment.sweep import sweep
from donate.ledger.models import Payout, PayoutItem
from donate.payments import balance as stripes_balance
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from tests.make.books import entries, let_the_books_change
from tests.make.gifts import Gifts
from tests.make.rows import count, every

Pass = Callable[[float], None]


def only() -> Payout:
    payout: Payout
    (payout,) = every(Payout)
    return payout


def test_a_payout_is_proved_by_the_gifts_it_is_made_of(gifts: Gifts, pass_days: Pass) -> None:
    gifts.paid(amount="25.00")
    gifts.paid(amount="10.00")
    pass_days(6)
    payout = only()
    assert (payout.status, payout.proof, payout.difference_minor) == ("paid", "proved", 0)
    assert payout.amount_minor == 2397 + 941
    assert count(PayoutItem) == 2
    (entry,) = entries("payout")
    assert (entry.stripe_payout_id, entry.settlement_net_minor) == (payout.stripe_payout_id, -3338)


def test_each_currency_has_its_payout_and_its_proof(gifts: Gifts, pass_days: Pass) -> None:
    gifts.paid(amount="25.00")
    gifts.paid(amount="50.00", currency="EUR")
    pass_days(6)
    assert {(payout.currency, payout.proof) for payout in every(Payout)} == {("USD", "proved"), ("EUR", "proved")}


def test_money_from_outside_is_a_part_of_the_proof(gifts: Gifts, box: Sandbox, pass_days: Pass) -> None:
    gifts.paid(amount="25.00")
    box.outside_charge(900, "usd")
    box.book("stripe_fee", -200, "usd", description="Radar")
    pass_days(6)
    assert only().proof == "proved"
    assert sorted(entry.entry_type for entry in entries()) == ["charge", "fee", "outside", "payout"]


def test_a_payout_the_bank_sends_back_leaves_again(gifts: Gifts, box: Sandbox, pass_days: Pass) -> None:
    gifts.paid(amount="25.00")
    pass_days(6)
    box.fail_payout(only().stripe_payout_id)
    pass_days(6)
    first, second = every(Payout)
    assert (first.status, first.failure_code, second.status) == ("failed", "account_closed", "paid")
    assert {first.proof, second.proof} == {"proved"}
    assert [entry.settlement_net_minor for entry in entries("payout", "payout_failure")] == [-2397, 2397, -2397]


def test_a_payout_by_hand_says_that_nothing_can_prove_it(gifts: Gifts, box: Sandbox, pass_days: Pass) -> None:
    box.store.set("payout_interval", "manual")
    gifts.paid(amount="25.00")
    pass_days(3)
    shop = stripe.StripeClient("sk_test_shop", http_client=box.http_client(), max_network_retries=0)
    shop.v1.payouts.create({"amount": 1000, "currency": "usd"})
    pass_days(6)
    assert (only().proof, only().status) == ("manual", "paid")
    assert [entry.settlement_net_minor for entry in entries("payout")] == [-1000]


def test_a_payout_told_many_times_is_one(gifts: Gifts, pass_days: Pass) -> None:
    gifts.paid()
    pass_days(6)
    for _ in range(3):
        apply_payout(only().stripe_payout_id)
    assert (count(Payout), count(PayoutItem)) == (1, 1)
    assert check_everything() == []


def test_a_part_of_another_sum_is_named(
    gifts: Gifts, pass_days: Pass, settle: Callable[..., None], box: Sandbox, guards_back: None
) -> None:
    gifts.paid(amount="25.00")
    pass_days(1)
    let_the_books_change()
    with committed() as session:
        session.execute(sa.text("UPDATE ledger_entry SET settlement_gross_minor = 2400, settlement_net_minor = 2297"))
    box.advance(seconds=6 * 86400)
    settle()
    payout = only()
    assert (payout.proof, payout.difference_minor) == ("differs", 100)
    assert [each["what"] for each in payout.differences] == ["is booked with another sum"]


def test_a_part_that_stripe_no_longer_lists_is_named_and_mended_by_the_next_sweep(
    gifts: Gifts, pass_days: Pass, box: Sandbox, settle: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    gifts.paid(amount="25.00")
    gifts.paid(amount="10.00")
    pass_days(1)
    real = stripes_balance.iterate_payout_transactions

    def short(payout_id: str) -> object:
        return (each for each in real(payout_id) if each.amount.minor != 1000)

    with monkeypatch.context() as page_two_is_missing:
        page_two_is_missing.setattr("donate.fulfillment.apply_payout.iterate_payout_transactions", short)
        box.advance(seconds=6 * 86400)
        settle()
    assert (only().proof, only().difference_minor) == ("differs", 941)
    sweep()
    assert (only().proof, only().difference_minor) == ("proved", 0)
    assert check_everything() == []
