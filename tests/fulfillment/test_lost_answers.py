"""Answers get lost at each step, events never come, jobs fail: nothing is charged twice and nothing forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from donate.db import committed
from donate.errors import AttemptHeld
from donate.fulfillment.release import release_attempt
from donate.fulfillment.sweep import sweep
from donate.giving.models import Donation
from donate.payments.errors import StripeUnanswered
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation
from donate.sandbox.app import Sandbox
from donate.webhooks.models import StripeEvent
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox
from tests.make.rows import count, every, fresh, job_errors

Settle = Callable[..., None]
SESSIONS = "/v1/checkout/sessions"


def lose(box: Sandbox, kind: str, path: str, method: str, times: int = 1) -> None:
    box.faults.replace([{"kind": kind, "match": {"path": path, "method": method}, "times": times}])


def sessions(box: Sandbox) -> list[str]:
    return [session["id"] for session in box.store.select("checkout.session")]


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "http_500", "http_429"])
def test_pressing_again_after_a_lost_answer_opens_one_page_only(gifts: Gifts, box: Sandbox, kind: str) -> None:
    donation = gifts.write(gifts.ask())
    lose(box, kind, SESSIONS, "POST")
    with pytest.raises(StripeUnanswered):
        gifts.open(donation)
    assert fresh(donation).stripe_checkout_session_id is None
    donation = gifts.open(fresh(donation))
    assert sessions(box) == [donation.stripe_checkout_session_id]


def test_an_event_for_a_page_whose_opening_we_never_heard_of_finds_its_gift(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = gifts.write(gifts.ask())
    lose(box, "timeout_after", SESSIONS, "POST")
    with pytest.raises(StripeUnanswered):
        gifts.open(donation)
    (session_id,) = sessions(box)
    box.complete(session_id)
    settle()
    donation = fresh(donation)
    assert (donation.status, donation.stripe_checkout_session_id) == ("succeeded", session_id)
    assert (count(Receipt), len(outbox)) == (1, 1)


def test_the_first_invoice_of_a_page_we_never_heard_of_finds_its_promise(
    gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    donation = gifts.write(gifts.ask(frequency="month"))
    lose(box, "timeout_after", SESSIONS, "POST")
    with pytest.raises(StripeUnanswered):
        gifts.open(donation)
    box.complete(sessions(box)[0])
    settle()
    assert fresh(donation).status == "succeeded"
    assert [promise.status for promise in every(RecurringDonation)] == ["active"]
    box.advance(seconds=32 * 86400)
    settle()
    assert count(Donation) == 2


def test_an_opening_that_never_reached_stripe_expires_by_the_sweeper(gifts: Gifts, box: Sandbox) -> None:
    once, monthly = gifts.write(gifts.ask()), gifts.write(gifts.ask(frequency="month"))
    box.advance(seconds=70 * 60)
    assert sweep() == 2
    assert (fresh(once).status, fresh(monthly).status) == ("expired", "expired")
    assert [promise.status for promise in every(RecurringDonation)] == ["abandoned"]


def test_an_opening_that_was_never_answered_is_closed_by_the_sweeper(gifts: Gifts, box: Sandbox) -> None:
    donation = gifts.write(gifts.ask())
    lose(box, "timeout_after", SESSIONS, "POST")
    with pytest.raises(StripeUnanswered):
        gifts.open(donation)
    box.advance(seconds=70 * 60)
    sweep()
    assert fresh(donation).status == "expired"
    assert fresh(donation).stripe_checkout_session_id == sessions(box)[0]


def test_a_paid_gift_nobody_told_us_of_is_found_by_the_sweeper(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    box.faults.replace([{"kind": "drop_webhook", "times": 1000}])
    once, monthly = gifts.paid(), gifts.paid(frequency="month")
    settle()
    assert (fresh(once).status, fresh(monthly).status) == ("pending", "pending")
    box.advance(seconds=70 * 60)
    assert sweep() == 2
    settle()
    assert (fresh(once).status, fresh(monthly).status) == ("succeeded", "succeeded")
    assert (count(Receipt), len(outbox)) == (2, 2)


def test_one_gift_that_cannot_be_settled_does_not_keep_the_others_waiting(gifts: Gifts, box: Sandbox) -> None:
    stuck, other = gifts.begin(), gifts.begin()
    box.advance(seconds=70 * 60)
    lose(box, "http_500", f"{SESSIONS}/{stuck.stripe_checkout_session_id}", "GET", times=1000)
    assert sweep() == 1
    assert (fresh(stuck).status, fresh(other).status) == ("pending", "expired")


def test_the_sweeper_leaves_open_pages_alone(gifts: Gifts) -> None:
    donation = gifts.begin()
    assert sweep() == 0
    assert fresh(donation).status == "pending"


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "http_500", "http_429"])
@pytest.mark.parametrize(
    ("frequency", "path"),
    [
        ("once", f"{SESSIONS}/*"),
        ("month", f"{SESSIONS}/*"),
        ("month", "/v1/invoices/*"),
        ("month", "/v1/invoice_payments"),
        ("month", "/v1/subscriptions/*"),
    ],
)
def test_when_stripe_does_not_answer_the_gift_stays_open_and_the_next_try_completes_it(
    gifts: Gifts, box: Sandbox, settle: Settle, now_due: Callable[[], None], frequency: str, path: str, kind: str
) -> None:
    donation = gifts.paid(frequency=frequency)
    lose(box, kind, path, "GET", times=1000)
    settle(failing=True)
    assert job_errors() != []
    assert fresh(donation).status == "pending"
    assert count(Receipt) == 0
    assert "failed" in {event.state for event in every(StripeEvent)}

    box.faults.replace([])
    now_due()
    settle()
    assert fresh(donation).status == "succeeded"
    assert count(Receipt) == 1
    assert "failed" not in {event.state for event in every(StripeEvent)}


def test_a_renewal_survives_an_answer_lost_at_every_request(
    gifts: Gifts, box: Sandbox, settle: Settle, now_due: Callable[[], None]
) -> None:
    gifts.paid(frequency="month")
    settle()
    box.advance(seconds=32 * 86400)
    box.faults.replace([{"kind": "timeout_after", "times": 6}])
    for _ in range(8):
        settle(failing=True)
        now_due()
    settle()
    assert (count(Donation), count(Receipt)) == (2, 2)


def test_closing_an_attempt_that_was_paid_meanwhile_keeps_the_gift(gifts: Gifts) -> None:
    donation = gifts.paid()
    with pytest.raises(AttemptHeld) as held:
        release_attempt(donation.id)
    assert held.value.message == "attempt_complete"
    assert fresh(donation).status == "succeeded"


def test_closing_an_attempt_that_stripe_does_not_answer_for_holds_the_next_one(gifts: Gifts, box: Sandbox) -> None:
    donation = gifts.begin()
    lose(box, "timeout_before", f"{SESSIONS}/*", "POST", times=10)
    with pytest.raises(AttemptHeld) as held:
        release_attempt(donation.id)
    assert held.value.message == "attempt_unanswered"
    assert fresh(donation).status == "pending"


def test_closing_an_open_attempt_makes_its_page_unpayable(gifts: Gifts, box: Sandbox) -> None:
    donation = gifts.begin()
    assert release_attempt(donation.id).status == "expired"
    assert [session["status"] for session in box.store.select("checkout.session")] == ["expired"]


def test_a_row_that_changed_while_stripe_was_asked_is_asked_for_again(
    gifts: Gifts, box: Sandbox, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at Stripe and the write, another hand changes the row: what was seen is not applied."""
    donation = gifts.paid()
    asked = box.wsgi.wsgi_app
    times = []

    def meanwhile(environ: object, start: object) -> object:
        answer = asked(environ, start)  # type: ignore[arg-type]
        if len(times) < 2:
            times.append(1)
            with committed() as session:
                session.get_one(Donation, donation.id).version += 1
        return answer

    monkeypatch.setattr(box.wsgi, "wsgi_app", meanwhile)
    settle()
    assert len(times) == 2
    assert fresh(donation).status == "succeeded"
    assert count(Receipt) == 1
