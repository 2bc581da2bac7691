"""Refunds that Stripe tells of: made in its dashboard, out of turn, of others, slow, and sent back by a bank."""

from __future__ import annotations

import stripe

from donate.giving.models import Refund
from donate.giving.refund import left_to_refund
from donate.sandbox.app import Sandbox
from tests.make.books import DAY, assert_books_equal_stripe, booked, entries_of
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.refunds import Given, Settle, give_back, lose, tally, usd
from tests.make.rows import count, every, fresh
from tests.people import AMAL


def test_a_refund_made_in_stripes_dashboard_arrives_by_itself(
    gifts: Gifts, given: Given, box: Sandbox, dashboard: stripe.StripeClient, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    box.advance(seconds=3 * DAY)
    made = dashboard.v1.refunds.create({"charge": str(donation.stripe_charge_id), "amount": 700, "reason": "duplicate"})
    settle()
    (refund,) = every(Refund)
    assert (refund.status, refund.amount_minor, refund.asked_by) == ("succeeded", 700, "stripe")
    assert (refund.reason, refund.stripe_refund_id, str(refund.refunded_on)) == ("duplicate", made.id, "2026-03-05")
    assert booked(donation)[1:] == [("refund", -700, 0)]
    assert str(entries_of(donation)[1].occurred_on) == "2026-03-05"
    assert "a part of your gift" in text_of(outbox.to(AMAL.email)[-2])
    assert (tally(gifts), left_to_refund(fresh(donation))) == ((1800, 1), usd("18.00"))
    assert_books_equal_stripe()


def test_an_event_that_comes_before_our_own_row_is_bound_finds_that_row(
    given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    lose(box, "timeout_after", "/v1/refunds", "POST")
    asked = give_back(donation, "20.00")
    settle()
    (refund,) = every(Refund)
    assert (refund.id, refund.status, refund.asked_by) == (asked.id, "succeeded", "command")
    assert (refund.stripe_refund_id or "").startswith("re_")
    assert len(outbox) == 3


def test_a_refund_of_a_gift_whose_payment_nobody_told_us_of_settles_the_gift_first(
    gifts: Gifts, box: Sandbox, dashboard: stripe.StripeClient, settle: Settle, outbox: Outbox
) -> None:
    donation = gifts.paid()
    box.pull_deliveries()
    (charge,) = box.store.select("charge")
    dashboard.v1.refunds.create({"charge": charge["id"]})
    settle()
    assert fresh(donation).status == "succeeded"
    assert [each.status for each in every(Refund)] == ["succeeded"]
    box.advance(seconds=10)
    settle()
    assert sorted(booked(donation)) == [("charge", 2500, 103), ("refund", -2500, 0)]
    assert tally(gifts) == (0, 0)
    assert_books_equal_stripe()


def test_a_refund_of_something_else_in_the_same_account_is_booked_as_from_outside(
    given: Given, box: Sandbox, dashboard: stripe.StripeClient, settle: Settle
) -> None:
    given()
    session = dashboard.v1.checkout.sessions.create(
        {"mode": "payment", "success_url": "https://shop.example/", "cancel_url": "https://shop.example/",
         "line_items": [{"price_data": {"currency": "usd", "unit_amount": 900, "product_data": {"name": "Mug"}},
                         "quantity": 1}]}
    )  # fmt: skip
    box.complete(session.id)
    settle()
    box.advance(seconds=10)
    settle()
    dashboard.v1.refunds.create({"payment_intent": str(dashboard.v1.checkout.sessions.retrieve(session.id)
                                                       .payment_intent)})  # fmt: skip
    settle()
    assert count(Refund) == 0
    assert_books_equal_stripe()


def test_a_refund_the_bank_takes_its_time_for_is_told_when_it_is_done(
    given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given("pm_card_pendingRefund")
    assert give_back(donation, "25.00").status == "pending"
    settle()
    assert (len(outbox), left_to_refund(fresh(donation))) == (1, usd("0"))
    box.advance(seconds=3700)
    settle()
    assert [each.status for each in every(Refund)] == ["succeeded"]
    assert len(outbox) == 3
    assert_books_equal_stripe()


def test_a_refund_that_the_bank_sends_back_restores_the_books_and_calls_the_newsroom(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given("pm_card_refundFail")
    give_back(donation, "25.00")
    settle()
    assert tally(gifts) == (0, 0)
    box.advance(seconds=3700)
    settle()
    (refund,) = every(Refund)
    assert (refund.status, refund.failure_reason) == ("failed", "expired_or_canceled_card")
    assert booked(donation) == [("charge", 2500, 103), ("refund", -2500, 0), ("refund_failure", 2500, 0)]
    assert (tally(gifts), left_to_refund(fresh(donation))) == ((2500, 1), usd("25.00"))
    # The receipt, word of the refund, the receipt without it, and the receipt with it again.
    assert len(outbox.to(AMAL.email)) == 4
    (letter,) = [each for each in outbox if "did not arrive" in each["Subject"]]
    assert letter["To"].addresses[0].addr_spec != AMAL.email
    assert "A refund of $25.00 did not arrive" in letter["Subject"]
    assert "expired_or_canceled_card" in text_of(letter)
    assert_books_equal_stripe()
    give_back(donation, "25.00")
    settle()
    assert tally(gifts) == (0, 0)
