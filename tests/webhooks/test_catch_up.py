"""What nobody told us is read from Stripe's own lists, and repairs itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import stripe

from donate.commands.worker import JOBS
from donate.giving.models import Dispute, Donation, Refund
from donate.ledger.models import LedgerEntry
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.webhooks import catch_up
from donate.webhooks.catch_up import catch_up_events, catch_up_transactions
from donate.webhooks.models import CatchUpMark, StripeEvent
from tests.make.books import entries
from tests.make.gifts import Gifts
from tests.make.rows import count, every, fresh


def lose_everything(box: Sandbox) -> None:
    box.faults.replace([{"kind": "drop_webhook", "times": 10_000}])


def test_a_dropped_webhook_is_repaired_by_itself_within_one_slot(
    gifts: Gifts, box: Sandbox, work: Callable[[], int]
) -> None:
    lose_everything(box)
    donation = gifts.paid()
    box.advance(seconds=300)
    assert box.pull_deliveries() == []
    assert fresh(donation).status == "pending"
    JOBS["catch_up"](slot="1")
    work()
    assert fresh(donation).status == "succeeded"
    assert [entry.entry_type for entry in entries()] == ["charge"]
    assert check_everything() == []


def test_a_year_of_lost_webhooks_is_caught_up_with(gifts: Gifts, box: Sandbox, work: Callable[[], int]) -> None:
    lose_everything(box)
    gifts.paid(frequency="month", amount="15.00")
    for _ in range(12):
        box.advance(seconds=20 * 86400)
        JOBS["catch_up"](slot="1")
        work()
        JOBS["sweep"](slot="1")
    assert {donation.status for donation in every(Donation)} == {"succeeded"}
    assert count(Donation) == 8
    assert check_everything() == []


def test_movements_without_any_event_are_booked(gifts: Gifts, box: Sandbox) -> None:
    gifts.write(gifts.ask())
    box.book("stripe_fee", -700, "usd")
    assert catch_up_transactions() == 1
    assert [entry.entry_type for entry in entries()] == ["fee"]
    assert catch_up_transactions() == 0


def test_a_reading_goes_on_where_the_last_one_ended(gifts: Gifts, box: Sandbox) -> None:
    catch_up_transactions()
    catch_up_events()
    marks = {mark.name: mark.read_until for mark in every(CatchUpMark)}
    assert set(marks) == {"events", "transactions"}
    box.advance(seconds=90 * 86400)
    box.book("stripe_fee", -700, "usd")
    asked = len(box.requests())
    assert catch_up_transactions() == 1
    assert f"created[gte]={int((marks['transactions'] - catch_up._OVERLAP).timestamp())}" in (
        box.requests()[asked]["query"].replace("%5B", "[").replace("%5D", "]")
    )


def test_one_that_cannot_be_booked_keeps_no_other_waiting_and_is_met_again(
    gifts: Gifts, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (box.book("stripe_fee", -amount, "usd") for amount in (1, 2, 3))
    real = catch_up.apply_movements

    def stumble(seen: list[object]) -> int:
        if any(getattr(each, "transaction_id", "") == second for each in seen):
            raise RuntimeError("on purpose")
        return real(seen)  # type: ignore[arg-type]

    with monkeypatch.context() as today:
        today.setattr(catch_up, "apply_movements", stumble)
        assert catch_up_transactions() == 2
    assert {entry.source_key for entry in entries()} == {first, third}
    assert count(CatchUpMark) == 0
    assert catch_up_transactions() == 1
    assert count(LedgerEntry) == 3


def test_a_refund_and_a_dispute_that_only_the_balance_tells_of_get_their_rows(
    gifts: Gifts, box: Sandbox, settle: Callable[..., None], work: Callable[[], int]
) -> None:
    gifts.paid(amount="40.00")
    gifts.paid(amount="60.00")
    settle()
    box.advance(seconds=60)
    settle()
    lose_everything(box)
    charges = {entry.gross_minor: entry.stripe_charge_id for entry in entries("charge")}
    shop = stripe.StripeClient("sk_test_shop", http_client=box.http_client(), max_network_retries=0)
    shop.v1.refunds.create({"charge": str(charges[4000]), "amount": 1500})
    box.dispute(str(charges[6000]), "fraudulent")
    box.advance(seconds=60)
    assert catch_up_transactions() == 2
    work()
    assert [(refund.status, refund.amount_minor) for refund in every(Refund)] == [("succeeded", 1500)]
    assert [dispute.status for dispute in every(Dispute)] == ["needs_response"]
    assert check_everything() == []


def test_what_came_by_webhook_too_is_stored_once(
    gifts: Gifts, box: Sandbox, deliver: Callable[[], int], work: Callable[[], int]
) -> None:
    gifts.paid()
    deliver()
    stored = count(StripeEvent)
    assert catch_up_events() == 0
    assert count(StripeEvent) == stored
