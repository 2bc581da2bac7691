"""A refused instalment and the card that mends it: letters for each attempt, one page, only the newest collected."""

from __future__ import annotations

import pytest

from donate import references
from donate.errors import ChangeRefused
from donate.fulfillment.change_card import apply_card_change, open_card_change
from donate.fulfillment.sweep import sweep
from donate.mail.models import MailMessage
from donate.recurring.cancel import cancel_now
from donate.recurring.models import CardChange, FailedCharge, RecurringDonation
from donate.recurring.terms import terms_of
from donate.reports.check import check_everything
from tests.make.application import SITE
from tests.make.outbox import Outbox, text_of
from tests.make.promises import Promises
from tests.make.rows import every
from tests.people import AMAL

FAILS_LATER = "pm_card_chargeCustomerFail"


def visit_to(promise: RecurringDonation, failed: FailedCharge | None = None) -> CardChange:
    return open_card_change(
        promise.id,
        failed_charge_id=failed.id if failed is not None else None,
        site=SITE,
        language="en",
        return_url=lambda reference: f"{SITE}/card?visit={reference}",
    )


def late(promises: Promises, days: int = 33) -> RecurringDonation:
    promise = promises.begin(card=FAILS_LATER)
    promises.pass_days(days)
    return promises.now(promise)


def templates(name: str) -> list[MailMessage]:
    return [letter for letter in every(MailMessage) if letter.template == name]


def test_each_attempt_of_the_bank_is_told_with_the_day_of_the_next_and_the_last_with_the_end(
    promises: Promises, outbox: Outbox
) -> None:
    promise = late(promises)
    assert promise.status == "past_due"
    letter = text_of(outbox.to(AMAL.email)[-1])
    assert "refused $15.00" in letter
    assert "5 April 2026" in letter, letter
    (failed,) = every(FailedCharge)
    assert f"/card/{failed.reference}?key={references.sign('card', failed.reference)}" in letter
    promises.pass_days(20)
    promise = promises.now(promise)
    assert (promise.status, promise.ended_because) == ("canceled", "payment_failed")
    assert [row.state for row in every(FailedCharge)] == ["ended"]
    told = [letter.template for letter in every(MailMessage)]
    assert told == ["receipt", "charge_failed", "charge_failed", "charge_failed", "promise_ended"]
    assert check_everything() == []


def test_another_card_collects_the_open_charge_at_once_and_the_gift_goes_on(promises: Promises, outbox: Outbox) -> None:
    promise = late(promises)
    (failed,) = every(FailedCharge)
    visit = visit_to(promise, failed)
    promises.box.complete(str(visit.stripe_checkout_session_id))
    visit = apply_card_change(visit.id)
    assert (visit.state, visit.collected, visit.collect_minor) == ("done", "paid", 1500)
    promises.settle()
    promise = promises.now(promise)
    assert (promise.status, promise.card_last4) == ("active", "4242")
    assert [row.state for row in every(FailedCharge)] == ["paid"]
    assert len(promises.charged(promise)) == 2
    assert [letter.template for letter in every(MailMessage)][-2:] in (
        ["receipt", "card_changed"],
        ["card_changed", "receipt"],
    )
    promises.pass_days(33)
    assert len(promises.charged(promise)) == 3
    assert check_everything() == []


def test_only_the_newest_of_several_open_charges_is_collected_and_the_older_ones_are_voided(
    promises: Promises,
) -> None:
    promises.box.store.set("after_retries", "past_due")
    promise = late(promises, 64)
    assert [row.state for row in every(FailedCharge)] == ["open", "open"]
    visit = visit_to(promise)
    promises.box.complete(str(visit.stripe_checkout_session_id))
    promises.settle()
    assert [row.state for row in every(FailedCharge)] == ["ended", "paid"]
    invoices = promises.box.store.find("invoice", "$.customer", promise.stripe_customer_id or "")
    assert sorted(invoice["status"] for invoice in invoices) == ["paid", "paid", "void"]
    assert len(promises.charged(promise)) == 2
    assert promises.now(promise).status == "active"


def test_the_event_alone_lets_a_kept_card_take_effect(promises: Promises) -> None:
    promise = late(promises)
    visit = visit_to(promise)
    promises.box.complete(str(visit.stripe_checkout_session_id))
    promises.settle()
    assert [row.state for row in every(CardChange)] == ["done"]
    assert promises.now(promise).status == "active"


def test_the_sweep_finds_a_kept_card_that_nobody_told_of(promises: Promises) -> None:
    promise = late(promises)
    visit = visit_to(promise)
    promises.box.faults.replace([{"kind": "drop_webhook", "times": 1000}])
    promises.box.complete(str(visit.stripe_checkout_session_id))
    promises.box.advance(seconds=600)
    sweep()
    assert [row.state for row in every(CardChange)] == ["done"]
    assert promises.now(promise).status == "active"


@pytest.mark.parametrize("path", ["/v1/subscriptions/*", "/v1/invoices/*/pay"])
@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "http_500"])
def test_a_lost_answer_on_the_way_charges_once_and_is_finished_by_the_sweep(
    promises: Promises, path: str, kind: str
) -> None:
    promise = late(promises)
    visit = visit_to(promise)
    promises.box.complete(str(visit.stripe_checkout_session_id))
    promises.box.faults.replace([{"kind": kind, "match": {"method": "POST", "path": path}, "times": 1}])
    promises.settle(failing=True)
    promises.box.faults.replace([])
    promises.box.advance(seconds=600)
    sweep()
    promises.settle(failing=True)
    assert [row.state for row in every(CardChange)] == ["done"]
    assert len(promises.charged(promise)) == 2
    assert len(templates("card_changed")) == 1


def test_a_new_card_that_is_refused_too_is_kept_and_told_and_the_charge_stays_open(promises: Promises) -> None:
    promise = late(promises)
    visit = visit_to(promise)
    promises.box.complete(str(visit.stripe_checkout_session_id), payment_method=FAILS_LATER)
    promises.settle()
    (visit,) = every(CardChange)
    assert (visit.state, visit.collected) == ("done", "refused")
    assert [row.state for row in every(FailedCharge)] == ["open"]
    assert promises.now(promise).status == "past_due"


def test_a_page_nobody_used_closes_and_the_next_press_opens_another(promises: Promises) -> None:
    promise = late(promises)
    first = visit_to(promise)
    assert visit_to(promise).reference == first.reference, "a second press leads to the same page"
    promises.box.advance(seconds=2 * 3600)
    sweep()
    assert [row.state for row in every(CardChange)] == ["expired"]
    assert visit_to(promises.now(promise)).reference != first.reference


def test_a_stopped_gift_opens_no_card_page(promises: Promises) -> None:
    promise = late(promises)
    promises.change(promise, "cancel_now", cancel_now(terms_of(promise)))
    with pytest.raises(ChangeRefused):
        visit_to(promises.now(promise))


def test_a_card_is_shown_as_stripe_has_it(promises: Promises) -> None:
    promise = promises.begin()
    assert (promise.card_brand, promise.card_last4, str(promise.card_good_until)) == ("visa", "4242", "2034-12-31")
