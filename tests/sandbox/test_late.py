"""A renewal that fails: tried again, given up, healed by another card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox

DAY = 86400
Asked = Callable[..., dict[str, Any]]
Begin = Callable[..., str]
Types = Callable[[], list[str]]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def day(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).date().isoformat()


def start(box: Sandbox, client: stripe.StripeClient) -> None:
    box.reset(at=at("2026-03-02T10:00"))
    client.v1.products.create({"id": "donate_general", "name": "General fund"})


def test_a_card_that_fails_later_is_retried_and_then_ends_the_promise(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, event_types: Types
) -> None:
    identifier = begin(asked("month"), "pm_card_chargeCustomerFail")
    end = client.v1.subscriptions.retrieve(identifier)["items"].data[0].current_period_end
    first = end + 3600
    box.advance(to=first + 60)
    invoice = client.v1.invoices.list({"status": "open"}).data[0]
    assert (invoice.attempt_count, invoice.next_payment_attempt) == (1, first + 3 * DAY)
    assert client.v1.subscriptions.retrieve(identifier).status == "past_due"
    failed = client.v1.events.list({"type": "invoice.payment_failed"}).data[0].to_dict()
    assert failed["data"]["object"]["next_payment_attempt"] == first + 3 * DAY
    for days, count in ((3, 2), (8, 3)):
        box.advance(to=first + days * DAY + 60)
        assert client.v1.invoices.retrieve(invoice.id).attempt_count == count
    box.advance(to=first + 15 * DAY + 60)
    ended = client.v1.subscriptions.retrieve(identifier)
    assert (ended.status, ended.ended_at) == ("canceled", first + 15 * DAY)
    assert ended.cancellation_details is not None
    assert ended.cancellation_details.reason == "payment_failed"
    assert event_types().count("invoice.payment_failed") == 4
    assert event_types()[-1] == "customer.subscription.deleted"
    box.advance(seconds=90 * DAY)
    assert client.v1.invoices.list().data[0].id == invoice.id


def test_voiding_an_unpaid_invoice_ends_its_attempts(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, event_types: Types
) -> None:
    identifier = begin(asked("month"), "pm_card_chargeCustomerFail")
    box.advance(seconds=32 * DAY)
    invoice = client.v1.invoices.list({"status": "open"}).data[0]
    assert client.v1.invoices.line_items.list(invoice.id).data[0].amount == 2500
    client.v1.subscriptions.cancel(identifier)
    assert client.v1.invoices.void_invoice(invoice.id).status == "void"
    assert client.v1.invoice_payments.list({"invoice": invoice.id}).data[0].status == "canceled"
    assert event_types()[-2:] == ["payment_intent.canceled", "invoice.voided"]
    with pytest.raises(stripe.InvalidRequestError, match="isn't open"):
        client.v1.invoices.void_invoice(invoice.id)
    box.advance(seconds=30 * DAY)
    assert client.v1.charges.list({"limit": 100}).data[0].created < box.clock.now() - 30 * DAY


def test_a_new_card_brings_a_late_promise_back(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month"), "pm_card_chargeCustomerFail")
    box.advance(seconds=32 * DAY)
    late = client.v1.subscriptions.retrieve(identifier)
    assert late.status == "past_due"
    good = client.v1.payment_methods.attach("pm_card_visa", {"customer": str(late.customer)})
    client.v1.subscriptions.update(identifier, {"default_payment_method": good.id})
    box.advance(seconds=4 * DAY)
    assert client.v1.subscriptions.retrieve(identifier).status == "active"


@pytest.mark.parametrize(
    ("setting", "status", "invoices"),
    [
        ("unpaid", "unpaid", ["draft", "draft", "open", "paid"]),
        ("past_due", "past_due", ["open", "open", "open", "paid"]),
        ("cancel", "canceled", ["open", "paid"]),
    ],
)
def test_what_follows_the_last_retry_is_a_setting(
    box: Sandbox,
    client: stripe.StripeClient,
    asked: Asked,
    begin: Begin,
    setting: str,
    status: str,
    invoices: list[str],
) -> None:
    start(box, client)
    box.store.set("after_retries", setting)
    identifier = begin(asked("month"), "pm_card_chargeCustomerFail")
    box.advance(to=at("2026-06-28T00:00"))
    assert client.v1.subscriptions.retrieve(identifier).status == status
    listed = client.v1.invoices.list().data
    assert [one.status for one in listed] == invoices
    if setting == "unpaid":
        assert client.v1.invoices.list({"status": "draft"}).data[0].auto_advance is False
    if setting == "past_due":
        assert [one.attempt_count for one in listed] == [4, 4, 4, 1]


@pytest.mark.parametrize("setting", ["unpaid", "past_due"])
def test_paying_the_newest_invoice_heals_a_promise_given_up_on(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, setting: str
) -> None:
    start(box, client)
    box.store.set("after_retries", setting)
    identifier = begin(asked("month"), "pm_card_chargeCustomerFail")
    box.advance(to=at("2026-04-28T00:00"))
    subscription = client.v1.subscriptions.retrieve(identifier)
    assert subscription.status == setting
    good = client.v1.payment_methods.attach("pm_card_visa", {"customer": str(subscription.customer)}).id
    client.v1.subscriptions.update(identifier, {"default_payment_method": good})
    newest, *older = client.v1.invoices.list({"status": "open"}).data
    for one in older:
        client.v1.invoices.pay(one.id)
        assert client.v1.subscriptions.retrieve(identifier).status == setting
    client.v1.invoices.pay(newest.id)
    assert client.v1.subscriptions.retrieve(identifier).status == "active"
    box.advance(to=at("2026-07-10T00:00"))
    renewed = [one for one in client.v1.invoices.list().data if one.created > at("2026-04-28T00:00")]
    assert [(day(one.created), one.status) for one in renewed] == [
        ("2026-07-02", "paid"), ("2026-06-02", "paid"), ("2026-05-02", "paid"),
    ]  # fmt: skip


def test_a_late_promise_is_ended_at_once_and_nothing_more_is_charged(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    start(box, client)
    identifier = begin(asked("month"), "pm_card_chargeCustomerFail")
    box.advance(to=at("2026-04-03T00:00"))
    assert client.v1.subscriptions.retrieve(identifier).status == "past_due"
    ended = client.v1.subscriptions.cancel(identifier)
    assert (ended.status, ended.ended_at) == ("canceled", box.clock.now())
    client.v1.invoices.void_invoice(client.v1.invoices.list({"status": "open"}).data[0].id)
    tried = len(client.v1.charges.list({"limit": 100}).data)
    box.advance(to=at("2026-12-01T00:00"))
    assert len(client.v1.charges.list({"limit": 100}).data) == tried
    assert [one.status for one in client.v1.invoices.list().data] == ["void", "paid"]


def test_only_the_three_choices_are_taken(box: Sandbox) -> None:
    browser = box.wsgi.test_client()
    assert browser.post("/_sandbox/settings", data={"after_retries": "unpaid"}).json["after_retries"] == "unpaid"
    assert browser.post("/_sandbox/settings", data={"after_retries": "forgive"}).status_code == 400
