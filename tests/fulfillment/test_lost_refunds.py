"""Refunds whose answer was lost: made once, and neither failed nor forgotten before it is known."""

from __future__ import annotations

import pytest
import stripe

from donate.fulfillment.refund_gift import settle_refund
from donate.fulfillment.sweep import sweep
from donate.giving.models import Refund
from donate.giving.refund import left_to_refund
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.sandbox.app import Sandbox
from tests.make.books import assert_books_equal_stripe, booked
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox
from tests.make.refunds import Given, Settle, give_back, lose, refunds_at_stripe, tally, usd
from tests.make.rows import every, fresh


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before", "http_500_after", "http_409"])
@pytest.mark.parametrize("repair", ["settle", "sweep"])
def test_a_refund_whose_answer_was_lost_is_made_once(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle, outbox: Outbox, kind: str, repair: str
) -> None:
    donation = given()
    box.faults.replace([
        {"kind": kind, "match": {"path": "/v1/refunds", "method": "POST"}, "times": 1},
        {"kind": "drop_webhook", "match": {"type": "refund.*"}, "times": 100},
    ])  # fmt: skip
    refund = give_back(donation, "20.00")
    assert (refund.status, refund.stripe_refund_id) == ("requested", None)
    assert left_to_refund(donation) == usd("5.00")
    settle()
    assert [each.status for each in every(Refund)] == ["requested"]
    box.advance(seconds=180)
    for _ in range(2):
        if repair == "settle":
            settle_refund(refund.id)
        else:
            sweep()
    settle()
    assert [each.status for each in every(Refund)] == ["succeeded"]
    assert refunds_at_stripe(box) == [2000]
    assert booked(donation)[1:] == [("refund", -2000, 0)]
    assert len(outbox) == 3
    assert_books_equal_stripe()


def test_a_refund_that_stripe_failed_to_make_is_not_called_failed_before_its_key_ends(
    given: Given, box: Sandbox, settle: Settle
) -> None:
    donation = given()
    box.faults.replace([{"kind": "http_500_kept", "match": {"path": "/v1/refunds", "method": "POST"}}])
    give_back(donation, "20.00")
    for hours, status in ((1, "requested"), (22, "requested"), (2, "failed")):
        box.advance(seconds=hours * 3600 - 60)
        sweep()
        assert [each.status for each in every(Refund)] == [status]
    settle()
    assert (refunds_at_stripe(box), left_to_refund(donation)) == ([], usd("25.00"))
    assert_books_equal_stripe()


def test_after_a_day_a_lost_refund_is_looked_up_and_never_sent_again(
    given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    box.faults.replace([
        {"kind": "timeout_after", "match": {"path": "/v1/refunds", "method": "POST"}, "times": 1},
        {"kind": "drop_webhook", "match": {"type": "refund.*"}, "times": 100},
    ])  # fmt: skip
    give_back(donation, "20.00")
    box.advance(seconds=25 * 3600)
    box.clear_requests()
    sweep()
    settle()
    (refund,) = every(Refund)
    assert (refund.status, str(refund.refunded_on)) == ("succeeded", "2026-03-02")
    assert [one for one in box.requests() if one["method"] == "POST"] == []
    assert (refunds_at_stripe(box), len(outbox)) == ([2000], 3)
    assert_books_equal_stripe()


def test_after_a_day_a_refund_that_never_reached_stripe_has_failed(
    given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    lose(box, "timeout_before", "/v1/refunds", "POST")
    give_back(donation, "20.00")
    box.advance(seconds=25 * 3600)
    sweep()
    settle()
    (refund,) = every(Refund)
    assert (refund.status, refund.failure_reason) == ("failed", "never_reached_stripe")
    assert left_to_refund(fresh(donation)) == usd("25.00")
    assert (refunds_at_stripe(box), len(outbox)) == ([], 1)


def test_a_refund_given_up_that_turns_up_at_stripe_after_all_counts(
    gifts: Gifts, given: Given, box: Sandbox, dashboard: stripe.StripeClient, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    lose(box, "timeout_before", "/v1/refunds", "POST")
    asked = give_back(donation, "20.00")
    box.advance(seconds=25 * 3600)
    sweep()
    assert [each.status for each in every(Refund)] == ["failed"]
    dashboard.v1.refunds.create(
        {"charge": str(donation.stripe_charge_id), "amount": 2000, "metadata": {"donate_refund": asked.reference}}
    )
    settle()
    (refund,) = every(Refund)
    assert (refund.id, refund.status, refund.failure_reason, refund.ended_at) == (asked.id, "succeeded", "", None)
    assert (tally(gifts), left_to_refund(fresh(donation)), len(outbox)) == ((500, 1), usd("5.00"), 3)


def test_while_stripe_stays_silent_a_refund_is_neither_failed_nor_forgotten(given: Given, box: Sandbox) -> None:
    donation = given()
    lose(box, "timeout_before", "/v1/refunds", "*", times=1000)
    refund = give_back(donation, "20.00")
    for seconds in (180, 25 * 3600):
        box.advance(seconds=seconds)
        with pytest.raises(StripeUnanswered):
            settle_refund(refund.id)
        sweep()
        assert [each.status for each in every(Refund)] == ["requested"]
    box.faults.replace([])


def test_a_no_to_the_second_asking_is_no_answer_about_the_first(given: Given, box: Sandbox, settle: Settle) -> None:
    donation = given()
    lose(box, "timeout_after", "/v1/refunds", "POST")
    refund = give_back(donation, "25.00")
    # Stripe forgot the key, so the second asking finds the whole gift given back already.
    box.store.run("DELETE FROM idempotency")
    assert settle_refund(refund.id).status == "succeeded"
    settle()
    assert refunds_at_stripe(box) == [2500]
    assert [each.status for each in every(Refund)] == ["succeeded"]


def test_a_refund_that_is_made_but_cannot_be_read_back_is_not_called_refused(
    given: Given, box: Sandbox, settle: Settle
) -> None:
    donation = given()
    lose(box, "timeout_before", "/v1/refunds/*", "GET")
    assert give_back(donation, "20.00").status == "requested"
    settle()
    assert [each.status for each in every(Refund)] == ["succeeded"]


def test_stripes_no_is_kept_with_its_reason(
    given: Given, box: Sandbox, dashboard: stripe.StripeClient, settle: Settle
) -> None:
    donation = given()
    box.faults.replace([{"kind": "drop_webhook", "match": {"type": "*"}, "times": 100}])
    dashboard.v1.refunds.create({"payment_intent": str(donation.stripe_payment_intent_id)})
    with pytest.raises(StripeRefused) as caught:
        give_back(donation, "20.00")
    assert caught.value.code == "charge_already_refunded"
    (refund,) = every(Refund)
    assert (refund.status, refund.failure_reason) == ("failed", "charge_already_refunded")
    assert refund.ended_at is not None
    assert settle_refund(refund.id).status == "failed"
