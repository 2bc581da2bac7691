"""A gift by bank debit is on its way for days: thanked for and receipted only when the money has come."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import stripe
from flask.testing import FlaskClient

from donate import references
from donate.fulfillment.apply_checkout import apply_checkout
from donate.giving.models import Donation
from donate.mail.models import MailMessage
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.rows import count, every, fresh

DAY = 86400
WORKS, FAILS = "pm_usBankAccount_success", "pm_usBankAccount_insufficientFunds"
Settle = Callable[..., None]


@pytest.fixture
def by_hand(box: Sandbox) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_by_hand", http_client=box.http_client(), max_network_retries=0)


def by_bank(gifts: Gifts, account: str, **more: str) -> Donation:
    donation = gifts.begin(**more)
    gifts.pay(donation, account)
    return donation


@pytest.mark.parametrize("frequency", ["once", "month"])
def test_a_debit_on_its_way_is_neither_receipted_nor_thanked_for(
    gifts: Gifts, box: Sandbox, settle: Settle, client: FlaskClient, outbox: Outbox, frequency: str
) -> None:
    donation = by_bank(gifts, WORKS, frequency=frequency)
    settle()
    box.advance(seconds=4 * DAY)
    settle()
    donation = fresh(donation)
    assert (donation.status, donation.received_on) == ("processing", None)
    assert (count(Donation), count(Receipt), count(MailMessage), len(outbox)) == (1, 0, 0, 0)
    key = references.sign("gift", donation.reference)
    with client.get(f"/gifts/{donation.reference}?key={key}") as answer:
        assert (answer.status_code, 'data-status="processing"' in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("account", "currency", "method"), [(WORKS, "USD", "us_bank_account"), ("pm_success_de", "EUR", "sepa_debit")]
)
def test_a_debit_that_came_is_receipted_on_the_day_it_came(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox, account: str, currency: str, method: str
) -> None:
    donation = by_bank(gifts, account, currency=currency)
    settle()
    box.advance(seconds=5 * DAY + 60)
    settle()
    donation = fresh(donation)
    assert (donation.status, donation.payment_method) == ("succeeded", method)
    assert donation.received_on is not None
    assert donation.received_on.isoformat() == "2026-03-07"
    assert (donation.stripe_charge_id or "").startswith("py_")
    assert [receipt.number for receipt in every(Receipt)] == ["2026-000001"]
    assert len(outbox) == 1
    assert "2026-000001" in text_of(outbox[0])


def test_a_debit_that_the_bank_refused_is_a_failed_gift_without_a_receipt(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = by_bank(gifts, FAILS)
    settle()
    box.advance(seconds=6 * DAY)
    settle()
    donation = fresh(donation)
    assert (donation.status, donation.failure_code) == ("failed", "insufficient_funds")
    assert (donation.received_on, count(Receipt), len(outbox)) == (None, 0, 0)


def test_a_monthly_gift_by_debit_is_receipted_each_time_its_money_comes(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    first = by_bank(gifts, WORKS, frequency="month", amount="15.00")
    settle()
    box.advance(seconds=6 * DAY)
    settle()
    assert fresh(first).status == "succeeded"
    (promise,) = every(RecurringDonation)
    assert promise.status == "active"
    assert (count(Receipt), len(outbox)) == (1, 1)
    box.advance(seconds=27 * DAY)  # 4 April: the second debit was sent on the 2nd, and nothing has come of it yet
    settle()
    assert (count(Donation), count(Receipt), len(outbox)) == (1, 1, 1)
    box.advance(seconds=5 * DAY)
    settle()
    assert sorted(donation.received_on.isoformat() for donation in every(Donation) if donation.received_on) == [
        "2026-03-07", "2026-04-07",
    ]  # fmt: skip
    assert (count(Receipt), len(outbox)) == (2, 2)


def test_a_monthly_gift_whose_first_debit_never_comes_fails_when_stripe_gives_up(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = by_bank(gifts, FAILS, frequency="month")
    settle()
    box.advance(seconds=6 * DAY)
    settle()
    (promise,) = every(RecurringDonation)
    assert (fresh(donation).status, promise.status) == ("processing", "past_due")
    box.store.set("after_retries", "cancel")
    box.advance(seconds=40 * DAY)
    settle()
    donation = apply_checkout(donation.id)
    assert (donation.status, donation.received_on, count(Receipt)) == ("failed", None, 0)
    (promise,) = every(RecurringDonation)
    assert promise.status == "canceled"


def test_a_first_debit_that_comes_at_the_second_try_is_received_on_that_day(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox, by_hand: stripe.StripeClient
) -> None:
    donation = by_bank(gifts, FAILS, frequency="month")
    settle()
    box.advance(seconds=6 * DAY)
    settle()
    (promise,) = every(RecurringDonation)
    good = by_hand.v1.payment_methods.attach("pm_card_visa", {"customer": str(promise.stripe_customer_id)})
    by_hand.v1.subscriptions.update(str(promise.stripe_subscription_id), {"default_payment_method": good.id})
    box.advance(seconds=4 * DAY)  # 12 March: three days after the bank said no
    settle()
    donation = fresh(donation)
    assert donation.received_on is not None
    assert (donation.status, donation.received_on.isoformat()) == ("succeeded", "2026-03-10")
    assert (count(Receipt), len(outbox)) == (1, 1)
