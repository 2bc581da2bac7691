"""A subscription that another system began is kept here from its adoption on: charged once, told once, booked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe
from click.testing import Result
from flask import Flask

from donate.db import db
from donate.fulfillment import adopt_promise as verb
from donate.giving.models import Donation
from donate.ledger.models import LedgerEntry
from donate.mail.models import MailMessage
from donate.payments import gateway
from donate.payments.errors import StripeUnanswered
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from tests.make.application import SITE
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox
from tests.make.past import everything, write_file
from tests.make.rows import count, every

Pass = Callable[[float], None]
Settle = Callable[..., None]
DAY = 86400


class Plugin:
    """Another system on the same account: begins promises of its own."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.client = stripe.StripeClient("sk_test_practice", http_client=box.http_client(), max_network_retries=0)
        self.client.v1.products.create({"id": "prod_plugin", "name": "Plugin"})

    def begin(self, email: str = "reader@example.org", minor: int = 1500, interval: str = "month", **more: Any) -> str:
        """Begin a promise and pay its first instalment; give the subscription."""
        price = {
            "currency": more.pop("currency", "usd"),
            "unit_amount": minor,
            "product": "prod_plugin",
            "recurring": {"interval": interval, **more.pop("recurring", {})},
        }
        asked: Any = {
            "mode": "subscription",
            "customer_email": email,
            "line_items": [{"price_data": price, "quantity": more.pop("quantity", 1)}],
            "success_url": "https://plugin.example.org/thanks",
            **more,
        }
        session = self.client.v1.checkout.sessions.create(asked)
        self.box.complete(session.id)
        found = self.client.v1.checkout.sessions.retrieve(session.id).subscription
        assert isinstance(found, str)
        return found

    def seen(self, subscription_id: str) -> dict[str, Any]:
        """Give the subscription as the sandbox has it."""
        found = self.box.store.get("subscription", subscription_id)
        assert found is not None
        return found


@pytest.fixture
def plugin(app: Flask, box: Sandbox, newsroom: None) -> Plugin:
    """Return another system on the account."""
    return Plugin(box)


@pytest.fixture
def adopt(app: Flask, tmp_path: Path) -> Callable[..., Result]:
    """Return a way to run the command on subscriptions."""

    def run(*subscriptions: str, words: tuple[str, ...] = (), head: str = "subscription_id") -> Result:
        path = write_file(tmp_path / "subscriptions.csv", subscriptions, head)
        result = app.test_cli_runner().invoke(args=["stripe", "adopt", str(path), *words])
        db.session.expire_all()
        return result

    return run


def test_an_adopted_promise_is_charged_once_and_told_and_booked_once(
    app: Flask, plugin: Plugin, adopt: Callable[..., Result], pass_days: Pass, outbox: Outbox
) -> None:
    subscription = plugin.begin()
    pass_days(3)
    before = plugin.seen(subscription)
    result = adopt(subscription)
    assert result.exit_code == 0, result.output
    assert "taken over: 1\n" in result.output
    assert "USD 15.00 each month" in result.output
    promise: RecurringDonation = every(RecurringDonation)[0]
    assert (promise.status, promise.email, promise.amount.plain()) == ("active", "reader@example.org", "15.00")
    assert str(promise.started_at).startswith("2026-03-02 10:00")
    assert (count(Donation), count(MailMessage)) == (0, 0)
    after = plugin.seen(subscription)
    assert after["metadata"] == {"donate_promise": promise.reference, "donate_site": SITE}
    same = ("items", "status", "billing_cycle_anchor", "default_payment_method", "latest_invoice", "trial_end")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}

    pass_days(31)
    gift: Donation = every(Donation)[0]
    assert (gift.status, gift.kind, str(gift.received_on), gift.amount_minor) == (
        "succeeded", "recurring", "2026-04-02", 1500,
    )  # fmt: skip
    assert (gift.recurring_id, gift.donor_id) == (promise.id, promise.donor_id)
    assert (count(Donation), count(Receipt), len(outbox)) == (1, 1, 1)
    pass_days(7)
    # The one that was paid before stays what it was: money of another product of the account.
    assert Counter(entry.entry_type for entry in every(LedgerEntry) if entry.entry_type != "payout") == {
        "outside": 1, "charge": 1,
    }  # fmt: skip
    reconciled = app.test_cli_runner().invoke(args=["reconcile"])
    assert reconciled.exit_code == 0, reconciled.output
    assert len(plugin.client.v1.charges.list().data) == 2


def test_a_dry_run_and_a_second_run_write_nothing(
    app: Flask, plugin: Plugin, adopt: Callable[..., Result], box: Sandbox, settle: Settle
) -> None:
    subscription = plugin.begin()
    settle()
    before, at_stripe = everything(), plugin.seen(subscription)
    assert "taken over: 1\n" in adopt(subscription, words=("--dry-run",)).output
    assert (everything(), plugin.seen(subscription)) == (before, at_stripe)
    adopt(subscription)
    settle()
    before, at_stripe = everything(), plugin.seen(subscription)
    again = adopt(subscription)
    assert "taken over: 0\ntaken over before: 1\n" in again.output
    assert (everything(), plugin.seen(subscription)) == (before, at_stripe)


def test_an_answer_that_was_lost_is_asked_for_again(
    app: Flask, plugin: Plugin, adopt: Callable[..., Result], settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = plugin.begin()
    settle()
    with monkeypatch.context() as lost:

        def unanswered(*_given: object) -> None:
            raise StripeUnanswered("no answer")

        lost.setattr(verb, "mark_adopted", unanswered)
        result = adopt(subscription)
    assert result.exit_code == 1
    assert "goes on where it stopped" in result.output
    assert (count(RecurringDonation), plugin.seen(subscription)["metadata"]) == (1, {})
    assert "marked at Stripe now: 1" in adopt(subscription).output
    assert plugin.seen(subscription)["metadata"]["donate_promise"] == every(RecurringDonation)[0].reference
    assert count(RecurringDonation) == 1


def test_what_was_paid_before_is_never_a_gift_of_ours_however_late_it_is_told(
    app: Flask, plugin: Plugin, adopt: Callable[..., Result], box: Sandbox, pass_days: Pass, settle: Settle
) -> None:
    subscription = plugin.begin()
    # Nobody has told us of the first charge yet.
    adopt(subscription)
    settle()
    assert count(Donation) == 0
    pass_days(2)
    charge = next(iter(plugin.client.v1.charges.list().data))
    plugin.client.v1.refunds.create({"charge": charge.id})
    pass_days(5)
    assert count(Donation) == 0
    assert {entry.entry_type for entry in every(LedgerEntry)} <= {"outside", "payout"}
    caught = app.test_cli_runner().invoke(args=["stripe", "catch-up"])
    assert caught.exit_code == 0, caught.output
    settle()
    assert count(Donation) == 0
    assert app.test_cli_runner().invoke(args=["reconcile"]).exit_code == 0


def test_an_end_in_the_old_plugin_is_followed(
    app: Flask, plugin: Plugin, adopt: Callable[..., Result], pass_days: Pass
) -> None:
    subscription = plugin.begin()
    adopt(subscription)
    pass_days(1)
    plugin.client.v1.subscriptions.cancel(subscription)
    pass_days(40)
    promise: RecurringDonation = every(RecurringDonation)[0]
    assert (promise.status, promise.ended_at is not None) == ("canceled", True)
    assert count(Donation) == 0


def test_what_can_not_be_kept_here_is_left_with_its_reason(
    app: Flask, plugin: Plugin, adopt: Callable[..., Result], gifts: Gifts, settle: Settle
) -> None:
    ours = gifts.paid(frequency="month", amount="15.00")
    settle()
    own = every(RecurringDonation)[0].stripe_subscription_id
    weekly = plugin.begin("weekly@example.org", interval="week")
    quarterly = plugin.begin("quarterly@example.org", recurring={"interval_count": 3})
    twice = plugin.begin("twice@example.org", quantity=2)
    yen = plugin.begin("yen@example.org", minor=1500, currency="jpy")
    ended = plugin.begin("ended@example.org")
    plugin.client.v1.subscriptions.cancel(ended)
    result = adopt(
        own, weekly, quarterly, twice, yen, ended, "sub_1ofAnotherAccount", "no id at all", f"{weekly} {yen}",
        weekly,
    )  # fmt: skip
    assert ours.id
    assert result.exit_code == 0, result.output
    for each, why in (
        (weekly, "neither each month nor each year"),
        (quarterly, "neither each month nor each year"),
        (twice, "its quantity is not 1"),
        (yen, "add it to currencies"),
        (ended, "it charges no more"),
        ("sub_1ofAnotherAccount", "this Stripe account has no such subscription"),
        ("line 9", "no subscription stands on this line"),
        ("line 10", "several subscriptions stand on this line"),
    ):
        assert any(line.startswith(f"{each}: ") and why in line for line in result.output.splitlines()), result.output
    assert "begun here: 1\n" in result.output
    assert "left where they are: 8\n" in result.output
    assert count(RecurringDonation) == 1
    assert gateway.site() == SITE


def test_one_that_is_charged_within_the_hour_waits(
    app: Flask, plugin: Plugin, adopt: Callable[..., Result], box: Sandbox, settle: Settle
) -> None:
    subscription = plugin.begin()
    settle()
    ends = plugin.seen(subscription)["items"]["data"][0]["current_period_end"]
    box.advance(to=ends - 1800)
    settle()
    assert "run this again in two hours" in adopt(subscription).output
    # Its invoice is a draft now, and is charged in an hour.
    box.advance(to=ends + 60)
    settle()
    assert "run this again in two hours" in adopt(subscription).output
    box.advance(to=ends + 7300)
    settle()
    assert "taken over: 1\n" in adopt(subscription).output
    assert count(Donation) == 0
    assert check_everything() == []


def test_the_old_plugins_switch_off_order_is_printed(plugin: Plugin, adopt: Callable[..., Result]) -> None:
    lines = adopt(plugin.begin()).output.splitlines()
    numbered = [line for line in lines if line[:2] in ("1.", "2.", "3.", "4.", "5.", "6.", "7.")]
    assert len(numbered) == 7
    assert "disable the old plugin’s endpoint" in numbered[2]
    assert "Nothing is cancelled there or at Stripe" in "".join(lines)


def test_a_fund_that_is_not_here_stops_it(plugin: Plugin, adopt: Callable[..., Result]) -> None:
    result = adopt(plugin.begin(), words=("--fund", "nowhere"))
    assert (result.exit_code, count(RecurringDonation)) == (1, 0)
