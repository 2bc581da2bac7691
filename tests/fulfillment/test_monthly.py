"""A gift each month or year: thirteen in a year, refused, cancelled at Stripe, told of twice and out of turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import stripe

from donate.giving.models import Donation
from donate.mail.models import MailMessage
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation
from donate.sandbox.app import CardDeclined, Sandbox
from donate.webhooks.models import StripeEvent
from tests.make.gifts import WORDS, Gifts
from tests.make.outbox import Outbox
from tests.make.rows import count, every, fresh, job_errors

Settle = Callable[..., None]


def promise_of(donation: Donation) -> RecurringDonation:
    promise: RecurringDonation
    (promise,) = [each for each in every(RecurringDonation) if each.id == donation.recurring_id]
    return promise


def test_the_first_month_is_the_forms_own_gift(gifts: Gifts, settle: Settle, outbox: Outbox) -> None:
    donation = gifts.paid(frequency="month", amount="15.00")
    settle()
    donation = fresh(donation)
    assert (donation.status, donation.kind, donation.frequency) == ("succeeded", "recurring", "month")
    assert (donation.stripe_invoice_id or "").startswith("in_")
    assert (donation.stripe_payment_intent_id or "").startswith("pi_")
    promise = promise_of(donation)
    assert (promise.status, promise.interval, promise.amount.plain()) == ("active", "month", "15.00")
    assert promise.authorisation_text == WORDS.text
    assert promise.next_charge_at is not None
    assert promise.next_charge_at.date().isoformat() == "2026-04-02"
    assert promise.donor_id == donation.donor_id
    assert (count(Donation), count(Receipt), len(outbox)) == (1, 1, 1)


def test_a_year_of_months_makes_thirteen_gifts_each_with_its_article_appeal_and_receipt(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    first = gifts.paid(frequency="month", amount="15.00", cover="0.80")
    settle()
    box.advance(seconds=370 * 86400)
    settle()
    donations = every(Donation)
    assert len(donations) == 13
    assert {donation.status for donation in donations} == {"succeeded"}
    assert {
        (donation.appeal_id, donation.article_id, donation.article_slug, donation.fund_id) for donation in donations
    } == {(gifts.appeal.id, gifts.article.id, gifts.article.slug, gifts.fund.id)}
    assert {(donation.amount_minor, donation.fee_cover_minor) for donation in donations} == {(1580, 80)}
    assert {donation.recurring_id for donation in donations} == {fresh(first).recurring_id}
    assert len({donation.stripe_invoice_id for donation in donations}) == 13
    days = sorted(str(donation.received_on) for donation in donations)
    assert days[0] == "2026-03-02"
    assert [day[8:] for day in days] == ["02"] * 13
    assert len({day[:7] for day in days}) == 13
    numbers = Counter(receipt.number[:5] for receipt in every(Receipt))
    assert numbers == {"2026-": 10, "2027-": 3}
    assert (count(MailMessage), len(outbox)) == (13, 13)


def test_a_yearly_gift_renews_after_a_year(gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    gifts.paid(frequency="year", amount="120.00")
    settle()
    box.advance(seconds=366 * 86400)
    settle()
    assert [str(donation.received_on) for donation in every(Donation)] == ["2026-03-02", "2027-03-02"]


def test_a_promise_made_on_the_thirty_first_keeps_to_the_last_day_of_shorter_months(
    gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    box.advance(to=1774951200)  # 31 March 2026, 10:00 UTC
    gifts.paid(frequency="month")
    settle()
    box.advance(seconds=62 * 86400)
    settle()
    assert [str(each.received_on) for each in every(Donation)] == ["2026-03-31", "2026-04-30", "2026-05-31"]


def test_a_renewal_the_bank_refuses_makes_no_gift_and_shows_on_the_promise(
    gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    donation = gifts.begin(frequency="month")
    gifts.pay(donation, "pm_card_chargeCustomerFail")
    settle()
    box.advance(seconds=32 * 86400)
    settle()
    assert promise_of(donation).status == "past_due"
    assert (count(Donation), count(Receipt)) == (1, 1)


def test_a_promise_whose_first_payment_never_came_is_abandoned(gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    donation = gifts.begin(frequency="month")
    with pytest.raises(CardDeclined):
        gifts.pay(donation, "pm_card_chargeDeclined")
    box.advance(seconds=2 * 86400)
    settle()
    assert fresh(donation).status == "expired"
    promise = promise_of(donation)
    assert promise.status == "abandoned"
    assert promise.ended_at is not None


def test_a_promise_cancelled_at_stripe_ends_here_too(gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    donation = gifts.paid(frequency="month")
    settle()
    subscription = promise_of(donation).stripe_subscription_id
    assert subscription is not None
    speaker(box).v1.subscriptions.cancel(subscription)
    settle()
    promise = promise_of(donation)
    assert promise.status == "canceled"
    assert promise.ended_at is not None
    box.advance(seconds=90 * 86400)
    settle()
    assert count(Donation) == 1


def test_a_month_left_out_at_stripe_makes_no_gift(gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    donation = gifts.paid(frequency="month")
    settle()
    promise = promise_of(donation)
    assert promise.stripe_subscription_id is not None
    assert promise.next_charge_at is not None
    later = int((promise.next_charge_at + timedelta(days=31)).timestamp())
    speaker(box).v1.subscriptions.update(
        promise.stripe_subscription_id, {"trial_end": later, "proration_behavior": "none"}
    )
    settle()
    box.advance(seconds=40 * 86400)
    settle()
    assert count(Donation) == 1
    box.advance(seconds=30 * 86400)
    settle()
    assert count(Donation) == 2


@pytest.mark.parametrize("kind", ["duplicate_webhook", "reorder_webhook", "delay_webhook"])
def test_events_twice_late_or_out_of_turn_lead_to_the_same_gifts(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox, kind: str
) -> None:
    box.faults.replace([{"kind": kind, "times": 10_000}])
    gifts.paid(frequency="month")
    gifts.paid(frequency="once")
    for _ in range(8):
        box.advance(seconds=10 * 86400)
        settle()
    donations = every(Donation)
    assert Counter(donation.kind for donation in donations) == {"recurring": 3, "one_time": 1}
    assert {donation.status for donation in donations} == {"succeeded"}
    assert (count(Receipt), len(outbox)) == (4, 4)


def test_the_invoices_event_may_come_before_the_checkouts(gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    box.faults.replace([{"kind": "drop_webhook", "match": {"type": "checkout.session.*"}, "times": 10}])
    donation = gifts.paid(frequency="month")
    settle()
    assert fresh(donation).status == "succeeded"
    assert promise_of(donation).status == "active"


def test_every_event_is_applied_or_said_to_be_ignored(gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    gifts.paid(frequency="month")
    settle()
    box.advance(seconds=40 * 86400)
    settle()
    assert {event.state for event in every(StripeEvent)} <= {"applied", "ignored"}
    assert job_errors() == []


def speaker(box: Sandbox) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_by_hand", http_client=box.http_client(), max_network_retries=0)
