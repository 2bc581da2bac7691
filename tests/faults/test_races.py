"""Two workers, or a worker and a visitor, at the same moment: one result; controls show that it can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from donate.fulfillment import apply_checkout, apply_dispute, apply_invoice, apply_payout, apply_refund
from donate.fulfillment import apply_transaction as books
from donate.giving import dispute as giving_dispute
from donate.giving.models import Dispute, Donation, Refund
from donate.ledger import payouts, post
from donate.ledger.models import LedgerEntry, Payout, PayoutItem
from donate.mail.models import MailMessage
from donate.payments.balance import retrieve_transaction
from donate.payments.values import BalanceTransaction
from donate.receipts import issue
from donate.receipts.models import Receipt
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.webhooks.dispatch import apply_event
from donate.webhooks.models import StripeEvent
from tests.make.books import DAY, assert_books_equal_stripe
from tests.make.gifts import Gifts
from tests.make.race import Race
from tests.make.rows import count, every, fresh

Settle = Callable[..., None]
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


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


# -- one event, two workers -----------------------------------------------------------------------------------------


def stored(kind: str) -> Callable[[], None]:
    """Give what a worker does with the newest event of a kind."""
    event_id = [event.event_id for event in every(StripeEvent) if event.type == kind][-1]
    return lambda: apply_event(event_id)


def test_a_renewal_that_two_workers_apply_at_once_is_one_gift(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle, deliver: Callable[[], int]
) -> None:
    gifts.paid(frequency="month")
    settle()
    box.advance(seconds=32 * DAY)
    deliver()
    race.meet_after(apply_invoice, "retrieve_subscription")
    assert race.run(*[stored("invoice.paid")] * 2) == []
    settle()
    assert (count(Donation), count(Receipt), count(MailMessage)) == (2, 2, 2)
    assert check_everything() == []


def test_a_refund_that_two_workers_apply_at_once_is_one(
    race: Race, booked: Donation, dashboard: stripe.StripeClient, settle: Settle, deliver: Callable[[], int]
) -> None:
    dashboard.v1.refunds.create({"payment_intent": str(booked.stripe_payment_intent_id), "amount": 700})
    deliver()
    race.meet_after(apply_refund, "retrieve_refund")
    assert race.run(*[stored("refund.created")] * 2) == []
    settle()
    assert (count(Refund), count(MailMessage)) == (1, 3)
    assert check_everything() == []
    assert_books_equal_stripe()


def test_a_dispute_that_two_workers_apply_at_once_is_one(
    race: Race, booked: Donation, box: Sandbox, settle: Settle, deliver: Callable[[], int]
) -> None:
    box.dispute(str(booked.stripe_charge_id))
    deliver()
    race.meet_after(apply_dispute, "retrieve_dispute")
    assert race.run(*[stored("charge.dispute.created")] * 2) == []
    settle()
    assert (count(Dispute), count(MailMessage)) == (1, 3)
    assert check_everything() == []
    assert_books_equal_stripe()


@on_postgresql
def test_the_race_above_would_show_a_worker_that_does_not_lock_the_gift(
    race: Race, booked: Donation, box: Sandbox, deliver: Callable[[], int]
) -> None:
    """A control: both look before either has written; on SQLite the one writer at a time is the lock."""
    box.dispute(str(booked.stripe_charge_id))
    deliver()
    race.without_lock(apply_dispute)
    race.meet_after(giving_dispute, "find_dispute_of_stripe")
    (stumbled,) = race.run(*[stored("charge.dispute.created")] * 2)
    assert "uq_dispute_stripe_dispute_id" in str(stumbled)


# -- the return page and the event ----------------------------------------------------------------------------------


@pytest.mark.parametrize("receipt_is_looked_for", [True, False])
def test_the_return_page_and_the_event_at_once_make_one_gift(
    race: Race, gifts: Gifts, app: Flask, settle: Settle, deliver: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch, receipt_is_looked_for: bool,
) -> None:  # fmt: skip
    """The gift's lock alone is enough: it holds also where nobody looks for an earlier receipt."""
    if not receipt_is_looked_for:
        monkeypatch.setattr(issue, "find_receipt_of", lambda _donation_id: None)
    assert come_back_and_be_told(race, gifts, app, deliver) == []
    settle()
    assert [each.status for each in every(Donation)] == ["succeeded"]
    assert (count(Receipt), count(MailMessage)) == (1, 1)
    assert check_everything() == []


@on_postgresql
def test_the_race_above_would_show_a_gift_that_is_not_locked(
    race: Race, gifts: Gifts, app: Flask, deliver: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: both see the gift unpaid and both write its receipt, of which the key lets one stand."""
    monkeypatch.setattr(issue, "find_receipt_of", lambda _donation_id: None)
    # Whichever of the two stumbles, what it stumbled over is told, and not the page that says sorry for it.
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", True)
    race.without_lock(apply_checkout)
    race.meet_after(apply_checkout, "_refuse_strangers")
    (stumbled,) = come_back_and_be_told(race, gifts, app, deliver)
    assert "uq_receipt_issued_gift" in str(stumbled)


def come_back_and_be_told(race: Race, gifts: Gifts, app: Flask, deliver: Callable[[], int]) -> list[Exception]:
    """Open the return page while a worker applies the event, both having asked Stripe; give what stumbled."""
    back = gifts.pay(gifts.begin())
    deliver()
    race.meet_after(apply_checkout, "retrieve_session")

    def come_back() -> None:
        visitor: FlaskClient = app.test_client()
        with visitor.get(back) as answer:
            assert 'data-status="succeeded"' in answer.text

    return race.run(come_back, stored("checkout.session.completed"))


# -- the same movements twice at once -------------------------------------------------------------------------------


def movements(box: Sandbox) -> list[BalanceTransaction]:
    """Give all that moved at Stripe, oldest first."""
    return [retrieve_transaction(each["id"]) for each in box.store.select("balance_transaction", order="ASC")]


def book_twice(race: Race, gifts: Gifts, box: Sandbox, settle: Settle) -> tuple[list[int], list[Exception]]:
    """Let two book the same three movements, none of them booked when they looked."""
    gifts.paid()
    settle()
    box.advance(seconds=10)
    box.pull_deliveries()
    for amount in (700, 200):
        box.book("stripe_fee", -amount, "usd")
    seen, new = movements(box), []
    race.meet_after(books, "list_posted")
    stumbled = race.run(*[lambda: new.append(books.apply_transactions(seen))] * 2)
    return new, stumbled


def test_movements_that_two_workers_book_at_once_are_booked_once(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    new, stumbled = book_twice(race, gifts, box, settle)
    assert (sum(new), stumbled) == (3, [])
    assert count(LedgerEntry) == 3
    assert check_everything() == []
    assert_books_equal_stripe()


def test_the_race_above_would_show_a_booking_that_trusts_its_first_look(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: without the second look, at the movement's key, one of both breaks on it."""
    real = post.insert_of
    monkeypatch.setattr(
        post, "insert_of", lambda model: TrustsItsFirstLook(real(model)) if model is LedgerEntry else real(model)
    )
    _, (stumbled,) = book_twice(race, gifts, box, settle)
    assert isinstance(stumbled, IntegrityError)
    assert "source_key" in str(stumbled.orig)


class TrustsItsFirstLook:
    """An insert that says nothing of rows that are there already."""

    def __init__(self, insert: Any) -> None:
        self.insert = insert

    def values(self, **row: Any) -> TrustsItsFirstLook:
        """Fill in the row."""
        return TrustsItsFirstLook(self.insert.values(**row))

    def on_conflict_do_nothing(self, **_key: Any) -> Any:
        """Leave the condition out."""
        return self.insert


def gift_and_refund_at_once(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle, dashboard: stripe.StripeClient
) -> list[str]:
    """Book a gift's charge and its refund at once; tell which rules are broken."""
    donation = gifts.paid()
    settle()
    box.advance(seconds=10)
    dashboard.v1.refunds.create({"payment_intent": str(fresh(donation).stripe_payment_intent_id), "amount": 700})
    seen = movements(box)[-2:]
    assert [one.amount.minor for one in seen] == [2500, -700]
    stumbled = race.run(*[lambda one=one: books.apply_transactions([one]) for one in seen])
    assert stumbled == []
    settle()
    return [each.name for each in check_everything()]


@pytest.mark.usefixtures("booked")
def test_a_gift_and_its_refund_booked_at_once_leave_the_appeal_its_true_sum(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle, dashboard: stripe.StripeClient
) -> None:
    race.meet_after(books, "trace_payment")
    assert gift_and_refund_at_once(race, gifts, box, settle, dashboard) == []


@on_postgresql
@pytest.mark.usefixtures("booked")
def test_the_race_above_would_show_movements_booked_without_the_gifts_lock(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle, dashboard: stripe.StripeClient
) -> None:
    """A control: both count what was kept before the other wrote, and the appeal's sum is wrong for good."""
    race.without_lock(books)
    race.meet_after(post, "total_kept_minor")
    assert gift_and_refund_at_once(race, gifts, box, settle, dashboard) == ["appeals_say_what_the_books_say"]


# -- one payout, proved twice at once -------------------------------------------------------------------------------


def prove_twice(race: Race, gifts: Gifts, box: Sandbox, settle: Settle, *, known: bool) -> list[Exception]:
    """Let two prove a payout, whose row is there already or not; both have asked what it is made of."""
    gifts.paid(amount="25.00")
    gifts.paid(amount="10.00")
    settle()
    box.advance(seconds=6 * DAY)
    box.pull_deliveries()
    (payout,) = box.store.select("payout")
    if known:
        with race.patch.context() as early:
            early.setattr(apply_payout, "_is_told", lambda _seen: False)
            apply_payout.apply_payout(payout["id"])
    race.meet_after(apply_payout, "iterate_payout_transactions")
    return race.run(*[lambda: apply_payout.apply_payout(payout["id"])] * 2)


@pytest.mark.parametrize("known", [True, False])
def test_a_payout_that_two_workers_prove_at_once_is_proved_once(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle, known: bool
) -> None:
    assert prove_twice(race, gifts, box, settle, known=known) == []
    (payout,) = every(Payout)
    assert (payout.proof, payout.amount_minor, count(PayoutItem)) == ("proved", 3338, 2)
    settle()
    assert check_everything() == []
    assert_books_equal_stripe()


@on_postgresql
def test_the_race_above_would_show_a_proof_that_does_not_lock_the_payout(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    """A control: both find the parts untied, both tie them, and the key lets one stand."""
    race.without_lock(apply_payout)
    race.meet_after(payouts, "find_payout_of_entry")
    (stumbled,) = prove_twice(race, gifts, box, settle, known=True)
    assert "pk_payout_item" in str(stumbled)
