"""Receipts follow the money: void and replaced when it goes back or comes again, and the giver has the right one."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import stripe

from donate.db import committed, lock
from donate.donors.models import Donor
from donate.fulfillment import apply_refund
from donate.giving.models import Donation
from donate.receipts import correct
from donate.receipts.correct import correct_receipt
from donate.receipts.models import Receipt
from donate.receipts.statement import issue_statements
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.webhooks.dispatch import apply_event
from donate.webhooks.models import StripeEvent
from tests.make.outbox import Outbox, text_of
from tests.make.race import Race
from tests.make.receipts import chain, holds
from tests.make.refunds import Given, Settle, give_back
from tests.make.rows import every, fresh
from tests.people import AMAL

pytestmark = pytest.mark.usefixtures("charity")
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ZONE = "Asia/Jerusalem"


def test_a_part_that_goes_back_replaces_the_receipt_with_what_was_kept(
    given: Given, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    give_back(donation, "10.00")
    settle()
    assert chain() == [("2026-000001", "void", "refund", 2500), ("2026-000002", "issued", "", 1500)]
    (receipt,) = holds()
    assert (receipt.deductible_minor, receipt.content["returned_minor"]) == (1500, 1000)
    assert receipt.content["replaces"] == "2026-000001"
    letter = outbox.to(AMAL.email)[-1]
    assert letter["Subject"] == "Corrected receipt 2026-000002 for $15.00"
    text = text_of(letter)
    for words in ("2026-000001, which is void", "Kept: $15.00", f"/gifts/{donation.reference}/receipt.pdf?key="):
        assert words in text, words
    assert check_everything() == []


def test_a_gift_that_goes_back_whole_has_a_receipt_that_says_so(given: Given, settle: Settle, outbox: Outbox) -> None:
    give_back(given(), "25.00")
    settle()
    (receipt,) = holds()
    assert (receipt.amount_minor, receipt.deductible_minor) == (0, 0)
    assert "given back whole" in receipt.content["notice"]
    assert "given back whole" in text_of(outbox.to(AMAL.email)[-1])
    assert check_everything() == []


def test_a_refund_that_the_bank_sends_back_replaces_it_again(
    given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    give_back(given("pm_card_refundFail"), "25.00")
    settle()
    box.advance(seconds=3700)
    settle()
    assert chain() == [
        ("2026-000001", "void", "refund", 2500),
        ("2026-000002", "void", "refund", 0),
        ("2026-000003", "issued", "", 2500),
    ]
    assert "2026-000003" in outbox.to(AMAL.email)[-1]["Subject"]
    assert check_everything() == []


def test_a_dispute_takes_it_from_the_receipt_and_a_won_one_brings_it_back(
    given: Given, box: Sandbox, settle: Settle
) -> None:
    donation = given()
    dispute_id = box.dispute(str(donation.stripe_charge_id))
    settle()
    assert chain() == [("2026-000001", "void", "dispute", 2500), ("2026-000002", "issued", "", 0)]
    box.decide(dispute_id, "win")
    settle()
    assert chain()[1:] == [("2026-000002", "void", "dispute", 0), ("2026-000003", "issued", "", 2500)]
    assert check_everything() == []


def test_a_corrected_gift_has_a_corrected_receipt_and_the_same_one_where_nothing_changed(
    given: Given, settle: Settle
) -> None:
    donation = given()
    with committed():
        assert correct_receipt(lock(Donation, donation.id), "correction", zone=ZONE) is None
    with committed():
        gift = lock(Donation, donation.id)
        gift.language = "he"
        assert correct_receipt(gift, "correction", zone=ZONE) is not None
    settle()
    assert chain() == [("2026-000001", "void", "correction", 2500), ("2026-000002", "issued", "", 2500)]
    assert holds()[0].content["language"] == "he"
    assert check_everything() == []


# -- two at once ----------------------------------------------------------------------------------------------------


def two_refunds(given: Given, dashboard: stripe.StripeClient, deliver: Callable[[], int]) -> list[Callable[[], None]]:
    """Give back $7 and $5 of one gift in Stripe's dashboard; give what a worker does with each."""
    donation = given()
    for amount in (700, 500):
        dashboard.v1.refunds.create({"payment_intent": str(donation.stripe_payment_intent_id), "amount": amount})
    deliver()
    ids = [event.event_id for event in every(StripeEvent) if event.type == "refund.created"]
    assert len(ids) == 2
    return [lambda event_id=each: apply_event(event_id) for each in ids]  # type: ignore[misc]


def test_two_refunds_at_once_make_one_chain(
    race: Race, given: Given, dashboard: stripe.StripeClient, deliver: Callable[[], int], settle: Settle
) -> None:
    acts = two_refunds(given, dashboard, deliver)
    race.meet_after(apply_refund, "retrieve_refund")
    assert race.run(*acts) == []
    settle()
    assert [(number, status) for number, status, *_ in chain()] == [
        ("2026-000001", "void"), ("2026-000002", "void"), ("2026-000003", "issued"),
    ]  # fmt: skip
    assert [each.replaces_id for each in every(Receipt)] == [None, *(each.id for each in every(Receipt)[:2])]
    assert holds()[0].amount_minor == 1300
    assert check_everything() == []


@on_postgresql
def test_the_race_above_would_show_a_worker_that_does_not_lock_the_gift(
    race: Race, given: Given, dashboard: stripe.StripeClient, deliver: Callable[[], int]
) -> None:
    """A control: both read what was kept before either has written; on SQLite the one writer at a time is the lock."""
    acts = two_refunds(given, dashboard, deliver)
    race.without_lock(apply_refund)
    # The membership's row and the appeal's sum would make them wait for one another too.
    race.patch.setattr(apply_refund, "renew_membership", lambda _donor_id: None)
    race.patch.setattr(apply_refund, "book", lambda *_given: None)
    race.meet_after(correct, "find_receipt_of")
    stumbled = race.run(*acts)
    assert not any(isinstance(each, threading.BrokenBarrierError) for each in stumbled), "they never met"
    assert stumbled or [each.amount_minor for each in holds()] != [1300]


# -- with a statement -----------------------------------------------------------------------------------------------


def test_the_statement_of_the_year_is_replaced_with_it(given: Given, settle: Settle, outbox: Outbox) -> None:
    donation = given()
    given(amount="40.00")
    with committed():
        issue_statements([each.id for each in every(Donor)], 2026, zone=ZONE)
    give_back(fresh(donation), "10.00")
    settle()
    assert [each.status for each in every(Receipt) if each.kind == "statement"] == ["void", "issued"]
    (statement,) = holds("statement")
    assert (statement.number, statement.amount_minor, statement.deductible_minor) == ("S2026-000002", 5500, 5500)
    assert "S2026-000002" in text_of(outbox.to(AMAL.email)[-1])
    assert check_everything() == []
