"""A gift by the month or year: begun, renewed by the clock, paused, moved and ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox
from donate.sandbox.clock import periods_after

DAY = 86400
Asked = Callable[..., dict[str, Any]]
Begin = Callable[..., str]
Types = Callable[[], list[str]]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_a_monthly_gift_begins_with_a_paid_invoice(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, event_types: Types
) -> None:
    identifier = begin(asked("month", subscription_data={"metadata": {"donate_ref": "r2"}}))
    subscription = client.v1.subscriptions.retrieve(
        identifier, {"expand": ["latest_invoice.payments", "default_payment_method", "customer"]}
    ).to_dict()
    assert (subscription["status"], subscription["metadata"]) == ("active", {"donate_ref": "r2"})
    assert subscription["billing_mode"]["type"] == "flexible"
    assert subscription["customer"]["email"] == "ada@example.org"
    item = subscription["items"]["data"][0]
    assert item["current_period_end"] == periods_after(subscription["created"], "month", 1, 1)
    assert item["price"]["active"] is False
    invoice = subscription["latest_invoice"]
    assert (invoice["status"], invoice["billing_reason"], invoice["amount_paid"]) == (
        "paid",
        "subscription_create",
        2500,
    )
    details = invoice["parent"]["subscription_details"]
    assert (details["subscription"], details["metadata"]) == (identifier, {"donate_ref": "r2"})
    payment = invoice["payments"]["data"][0]
    found = client.v1.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": payment["payment"]["payment_intent"]}}
    )
    assert [one.invoice for one in found.data] == [invoice["id"]]
    assert client.v1.payment_intents.retrieve(payment["payment"]["payment_intent"]).setup_future_usage == "off_session"
    assert event_types()[2:] == [
        "payment_intent.created", "customer.created", "payment_method.attached", "customer.subscription.created",
        "invoice.created", "invoice.finalized", "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid",
        "invoice.paid", "invoice.payment_succeeded", "checkout.session.completed",
    ]  # fmt: skip


def test_after_370_days_there_are_thirteen_paid_invoices(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month"))
    box.advance(seconds=370 * DAY)
    invoices = client.v1.invoices.list({"subscription": identifier, "limit": 100}).data
    assert [one.status for one in invoices] == ["paid"] * 13
    assert [one.billing_reason for one in invoices].count("subscription_cycle") == 12
    assert len({one.number for one in invoices}) == 13
    assert len(client.v1.balance_transactions.list({"limit": 100, "type": "charge"}).data) == 13


def test_a_renewal_is_drafted_at_the_period_end_and_charged_an_hour_later(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month"))
    end = client.v1.subscriptions.retrieve(identifier)["items"].data[0].current_period_end
    box.advance(to=end + 60)
    invoice = client.v1.invoices.list({"limit": 1}).data[0]
    assert (invoice.status, invoice.created, invoice.automatically_finalizes_at) == ("draft", end, end + 3600)
    event = client.v1.events.list({"type": "customer.subscription.updated"}).data[0].to_dict()
    assert event["created"] == end
    assert event["data"]["previous_attributes"]["items"]["data"][0]["current_period_end"] == end
    box.advance(to=end + 3601)
    paid = client.v1.invoices.retrieve(invoice.id)
    assert (paid.status, paid.status_transitions.paid_at) == ("paid", end + 3600)
    assert paid.lines.data[0].period.start == end


@pytest.mark.parametrize(
    ("anchor", "interval", "expected"),
    [
        ("2026-01-31T10:00", "month", ["2026-02-28T10:00", "2026-03-31T10:00", "2026-04-30T10:00", "2026-05-31T10:00"]),
        ("2027-12-30T00:00", "month", ["2028-01-30T00:00", "2028-02-29T00:00", "2028-03-30T00:00"]),
        ("2028-02-29T12:00", "year", ["2029-02-28T12:00", "2030-02-28T12:00", "2031-02-28T12:00", "2032-02-29T12:00"]),
        ("2026-05-01T08:00", "week", ["2026-05-08T08:00", "2026-05-15T08:00"]),
    ],
)
def test_months_keep_the_day_they_began_on(anchor: str, interval: str, expected: list[str]) -> None:
    assert [periods_after(at(anchor), interval, 1, n + 1) for n in range(len(expected))] == [
        at(day) for day in expected
    ]


def test_a_gift_begun_on_the_31st_renews_at_each_months_end(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    box.reset(at=at("2025-12-31T10:00"))
    client.v1.products.create({"id": "donate_general", "name": "General fund"})
    begin(asked("month"))
    box.advance(to=at("2026-04-01T00:00"))
    days = [datetime.fromtimestamp(one.created, UTC).strftime("%m-%d") for one in client.v1.invoices.list().data]
    assert days == ["03-31", "02-28", "01-31", "12-31"]


def test_cancelling_at_the_period_end_ends_there_without_a_charge(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month"))
    changed = client.v1.subscriptions.update(identifier, {"cancel_at_period_end": True})
    end = changed["items"].data[0].current_period_end
    assert (changed.status, changed.cancel_at) == ("active", end)
    box.advance(to=end + 10)
    ended = client.v1.subscriptions.retrieve(identifier)
    assert (ended.status, ended.ended_at) == ("canceled", end)
    assert len(client.v1.invoices.list().data) == 1
    assert client.v1.subscriptions.list().data == []
    assert len(client.v1.subscriptions.list({"status": "all"}).data) == 1


def test_cancelling_can_be_taken_back(box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin) -> None:
    identifier = begin(asked("month"))
    client.v1.subscriptions.update(identifier, {"cancel_at_period_end": True})
    changed = client.v1.subscriptions.update(identifier, {"cancel_at_period_end": False})
    assert (changed.cancel_at, changed.canceled_at) == (None, None)
    box.advance(seconds=32 * DAY)
    assert len(client.v1.invoices.list().data) == 2


def test_cancelling_at_once_is_final(box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin) -> None:
    identifier = begin(asked("month"))
    assert client.v1.subscriptions.cancel(identifier).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.cancel(identifier)
    box.advance(seconds=90 * DAY)
    assert len(client.v1.invoices.list().data) == 1


def test_a_paused_month_makes_a_void_invoice_and_the_next_is_charged(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, event_types: Types
) -> None:
    identifier = begin(asked("month"))
    end = client.v1.subscriptions.retrieve(identifier)["items"].data[0].current_period_end
    client.v1.subscriptions.update(identifier, {"pause_collection": {"behavior": "void", "resumes_at": end + DAY}})
    box.advance(to=end + 2 * DAY)
    assert client.v1.invoices.list({"limit": 1}).data[0].status == "void"
    resumed = client.v1.subscriptions.retrieve(identifier)
    assert (resumed.pause_collection, resumed.status) == (None, "active")
    box.advance(seconds=32 * DAY)
    assert client.v1.invoices.list({"limit": 1}).data[0].status == "paid"
    assert "invoice.voided" in event_types()


def test_another_amount_holds_from_the_next_renewal(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month"))
    item = client.v1.subscriptions.retrieve(identifier)["items"].data[0]
    data = {"currency": "usd", "product": "donate_general", "unit_amount": 900, "recurring": {"interval": "month"}}
    client.v1.subscriptions.update(
        identifier,
        {"items": [{"id": item.id, "price_data": data}], "proration_behavior": "none"},  # type: ignore[typeddict-item]
    )
    box.advance(seconds=32 * DAY)
    assert [one.amount_paid for one in client.v1.invoices.list().data] == [900, 2500]


def test_another_date_moves_all_that_follow(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month"))
    date = box.clock.now() + 10 * DAY
    changed = client.v1.subscriptions.update(identifier, {"trial_end": date, "proration_behavior": "none"})
    assert changed.status == "trialing"
    box.advance(seconds=11 * DAY)
    moved = client.v1.subscriptions.retrieve(identifier)
    assert (moved.status, moved["items"].data[0].current_period_end) == ("active", periods_after(date, "month", 1, 1))
    assert len(client.v1.invoices.list().data) == 2


def test_deleting_a_customer_ends_their_promise(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    subscription = client.v1.subscriptions.retrieve(begin(asked("month")))
    client.v1.customers.delete(str(subscription.customer))
    assert client.v1.subscriptions.retrieve(subscription.id).status == "canceled"
