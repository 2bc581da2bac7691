"""Two presses, two who learn of one refund, two readings of Stripe's lists at once: each has one effect."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from flask import Flask

from donate.commands.worker import JOBS
from donate.fulfillment import apply_refund
from donate.fulfillment.refund_gift import refund_gift, settle_refund
from donate.giving import open_checkout
from donate.giving import refund as giving_refund
from donate.giving.models import Donation, Refund
from donate.giving.open_checkout import Ways
from donate.ledger.models import LedgerEntry
from donate.mail.models import MailMessage
from donate.payments.errors import StripeUnanswered
from donate.payments.setup import product_id
from donate.receipts.models import Receipt
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.web.give.attempt import try_gift
from donate.webhooks import catch_up
from donate.webhooks.models import StripeEvent
from tests.make.application import SITE
from tests.make.books import assert_books_equal_stripe
from tests.make.gifts import Gifts
from tests.make.race import Race
from tests.make.rows import count, every

Settle = Callable[..., None]


# -- one form, pressed twice ----------------------------------------------------------------------------------------


def press_twice(race: Race, gifts: Gifts) -> list[Exception]:
    """Let two presses of one form both find that no page is open yet, and both ask Stripe for one."""
    asked = gifts.ask()
    gifts.write(asked)
    ways = Ways(SITE, f"{SITE}/gifts/{asked.reference}", product_id(gifts.fund.code))
    race.meet_after(open_checkout, "get_donation")
    return race.run(*[lambda: try_gift(asked, None, lambda _donation: ways)] * 2)


def test_two_presses_that_both_ask_stripe_open_one_page(race: Race, gifts: Gifts, box: Sandbox) -> None:
    # The second one may hear that its key is in use: nobody knows yet, and pressing again leads to the one page.
    assert {type(error) for error in press_twice(race, gifts)} <= {StripeUnanswered}
    (donation,) = every(Donation)
    assert [page["id"] for page in box.store.select("checkout.session")] == [donation.stripe_checkout_session_id]


def test_the_presses_above_would_show_a_stripe_that_forgets_keys(
    race: Race, gifts: Gifts, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: each press gets a page of its own, and both can be paid."""
    monkeypatch.setattr(box.idempotency, "stored", lambda _key, _fingerprint: None)
    monkeypatch.setattr(box.idempotency, "flight", lambda _key: contextlib.nullcontext())
    assert press_twice(race, gifts) == []
    assert len(box.store.select("checkout.session")) == 2


# -- one refund, learned of twice -----------------------------------------------------------------------------------


def learn_twice(race: Race, gifts: Gifts, box: Sandbox, settle: Settle) -> list[Exception]:
    """Lose a refund's answer, then let its event and the sweep find out at once; neither has seen it before."""
    donation = gifts.paid()
    settle()
    box.faults.replace([{"kind": "timeout_after", "match": {"path": "/v1/refunds", "method": "POST"}, "times": 1}])
    refund = refund_gift(donation.id, donation.amount, left_seen=donation.amount, reason="", asked_by="tests")
    assert refund.status == "requested"
    (made,) = box.store.select("refund")
    refund_id = refund.id
    race.meet_after(apply_refund, "retrieve_refund")
    return race.run(lambda: settle_refund(refund_id), lambda: apply_refund.apply_refund(made["id"]))


def test_an_event_and_the_sweep_that_learn_of_a_refund_at_once_count_it_once(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    assert learn_twice(race, gifts, box, settle) == []
    box.advance(seconds=10)
    settle()
    assert [refund.status for refund in every(Refund)] == ["succeeded"]
    assert [letter.template for letter in every(MailMessage)] == ["receipt", "refunded", "receipt_corrected"]
    assert check_everything() == []
    assert_books_equal_stripe()


def test_the_two_above_would_show_a_refund_that_does_not_know_its_own_row(
    race: Race, gifts: Gifts, box: Sandbox, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: without our mark, our own refund looks like one that somebody else made beside it."""
    monkeypatch.setattr(giving_refund, "find_refund_by_reference", lambda _reference: None)
    learn_twice(race, gifts, box, settle)
    assert sorted(refund.asked_by for refund in every(Refund)) == ["stripe", "tests"]


# -- two readings of Stripe's lists ---------------------------------------------------------------------------------


def test_two_workers_that_catch_up_and_sweep_at_once_repair_everything_once(
    app: Flask, race: Race, gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    box.faults.replace([{"kind": "drop_webhook", "times": 1000}])
    gifts.paid()
    gifts.paid(frequency="month")
    box.advance(seconds=70 * 60)
    race.meet_after(catch_up, "find_mark")
    for job in ("catch_up", "sweep"):
        assert race.run(*[lambda job=job: JOBS[job](slot="1")] * 2) == []
    settle()
    told = [event.event_id for event in every(StripeEvent)]
    assert len(told) == len(set(told)) > 0
    assert [count(model) for model in (Donation, Receipt, MailMessage, LedgerEntry)] == [2, 2, 2, 2]
    assert check_everything() == []


def test_the_end_of_an_older_reading_does_not_take_the_mark_back(gifts: Gifts, box: Sandbox) -> None:
    gifts.paid()
    JOBS["catch_up"](slot="1")
    read = {mark.name: mark.read_until for mark in every(catch_up.CatchUpMark)}
    assert set(read) == {"events", "transactions"}
    for name, until in read.items():
        catch_up._remember(name, until - catch_up.KEPT)
    assert {mark.name: mark.read_until for mark in every(catch_up.CatchUpMark)} == read
