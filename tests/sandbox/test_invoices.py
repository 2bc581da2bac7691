"""Invoices paid on request, previewed, and announced before a renewal."""

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


def end_of(client: stripe.StripeClient, subscription: str) -> int:
    return client.v1.subscriptions.retrieve(subscription)["items"].data[0].current_period_end


def open_invoice(client: stripe.StripeClient) -> stripe.Invoice:
    return client.v1.invoices.list({"status": "open"}).data[0]


# -- paid on request -----------------------------------------------------------------------------------------------


def test_another_card_pays_a_late_invoice_and_the_promise_lives(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, event_types: Types
) -> None:
    identifier = begin(asked("month"), "pm_card_chargeCustomerFail")
    box.advance(seconds=32 * DAY)
    invoice = open_invoice(client)
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": str(invoice.customer)}).id
    paid = client.v1.invoices.pay(invoice.id, {"payment_method": card})
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 2500, 0)
    assert event_types()[-6:] == [
        "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid",
        "invoice.payment_succeeded", "customer.subscription.updated",
    ]  # fmt: skip
    assert client.v1.subscriptions.retrieve(identifier).status == "active"
    box.advance(seconds=10 * DAY)
    assert len(client.v1.charges.list({"limit": 100}).data) == 3  # begun, refused, paid: no retry any more


def test_the_customers_own_default_pays_where_the_promise_has_none(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month"), "pm_card_chargeCustomerFail")
    box.advance(seconds=32 * DAY)
    invoice = open_invoice(client)
    client.v1.payment_methods.detach(str(client.v1.subscriptions.retrieve(identifier).default_payment_method))
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        client.v1.invoices.pay(invoice.id)
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": str(invoice.customer)}).id
    settings: Any = {"invoice_settings": {"default_payment_method": card}}
    client.v1.customers.update(str(invoice.customer), settings)
    assert client.v1.invoices.pay(invoice.id).status == "paid"


def test_a_refused_card_answers_402_and_leaves_the_retries_as_they_were(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, event_types: Types
) -> None:
    begin(asked("month"), "pm_card_chargeCustomerFail")
    box.advance(seconds=32 * DAY)
    before = open_invoice(client)
    with pytest.raises(stripe.CardError) as caught:
        client.v1.invoices.pay(before.id, options={"idempotency_key": "once"})
    assert (caught.value.http_status, caught.value.code) == (402, "card_declined")
    assert caught.value.error is not None
    assert caught.value.error.payment_intent is not None
    assert event_types()[-3:] == ["charge.failed", "payment_intent.payment_failed", "invoice.payment_failed"]
    after = client.v1.invoices.retrieve(before.id)
    assert (after.status, after.attempt_count) == ("open", before.attempt_count)
    assert after.next_payment_attempt == before.next_payment_attempt
    charges = len(client.v1.charges.list({"limit": 100}).data)
    with pytest.raises(stripe.CardError):
        client.v1.invoices.pay(before.id, options={"idempotency_key": "once"})
    assert len(client.v1.charges.list({"limit": 100}).data) == charges


def test_a_paid_or_void_invoice_is_not_paid_again(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    begin(asked("month"), "pm_card_chargeCustomerFail")
    paid = client.v1.invoices.list().data[0]
    with pytest.raises(stripe.InvalidRequestError, match=r"Invoice is already paid") as caught:
        client.v1.invoices.pay(paid.id)
    assert caught.value.http_status == 400
    box.advance(seconds=32 * DAY)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.invoices.pay(open_invoice(client).id, {"off_session": False})
    assert caught.value.code == "sandbox_not_modelled"
    void = client.v1.invoices.void_invoice(open_invoice(client).id)
    with pytest.raises(stripe.InvalidRequestError, match="no longer payable"):
        client.v1.invoices.pay(void.id)


def test_only_a_card_of_the_same_customer_pays(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    begin(asked("month"), "pm_card_chargeCustomerFail")
    box.advance(seconds=32 * DAY)
    other = client.v1.payment_methods.attach("pm_card_visa", {"customer": client.v1.customers.create({}).id})
    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        client.v1.invoices.pay(open_invoice(client).id, {"payment_method": other.id})


# -- previewed -----------------------------------------------------------------------------------------------------


def test_a_preview_is_the_renewal_that_follows(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month", subscription_data={"metadata": {"donate_ref": "r"}}))
    end = end_of(client, identifier)
    preview = client.v1.invoices.create_preview({"subscription": identifier})
    assert preview.id.startswith("upcoming_in_")
    assert (preview.status, preview.billing_reason, preview.amount_due) == ("draft", "upcoming", 2500)
    assert (preview.created, preview.period_end, preview.next_payment_attempt) == (end, end, end + 3600)
    line = preview.lines.data[0]
    assert line.period.start == end
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.invoices.retrieve(preview.id)

    box.advance(to=end + 3700)
    real = client.v1.invoices.list().data[0]
    assert (real.created, real.amount_paid, real.lines.data[0].period.end) == (end, 2500, line.period.end)


def test_a_preview_of_a_change_changes_nothing(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, event_types: Types
) -> None:
    identifier = begin(asked("month"))
    before, events = client.v1.subscriptions.retrieve(identifier).to_dict(), event_types()
    prices = len(client.v1.prices.list().data)
    data = {"currency": "usd", "product": "donate_general", "unit_amount": 900, "recurring": {"interval": "year"}}
    date = box.clock.now() + 10 * DAY
    changes: Any = {
        "items": [{"id": before["items"]["data"][0]["id"], "price_data": data}],
        "trial_end": date,
        "proration_behavior": "none",
    }
    preview = client.v1.invoices.create_preview({"subscription": identifier, "subscription_details": changes})
    assert (preview.amount_due, preview.created) == (900, date)
    assert preview.lines.data[0].period.end == periods_after(date, "year", 1, 1)
    assert client.v1.subscriptions.retrieve(identifier).to_dict() == before
    assert (event_types(), len(client.v1.prices.list().data)) == (events, prices)

    client.v1.subscriptions.update(identifier, changes)
    box.advance(to=date + 3700)
    assert client.v1.invoices.list().data[0].amount_paid == 900


def test_a_promise_that_ends_has_no_next_invoice(client: stripe.StripeClient, asked: Asked, begin: Begin) -> None:
    identifier = begin(asked("month"))
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.invoices.create_preview(
            {"subscription": identifier, "subscription_details": {"cancel_at_period_end": True}}
        )
    assert (caught.value.http_status, caught.value.code) == (404, "invoice_upcoming_none")
    client.v1.subscriptions.cancel(identifier)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.invoices.create_preview({"subscription": identifier})
    assert (caught.value.http_status, caught.value.code) == (404, "invoice_upcoming_none")
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: subscription"):
        client.v1.invoices.create_preview({})


# -- announced -----------------------------------------------------------------------------------------------------


def test_a_renewal_is_announced_a_week_before(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month"))
    end = end_of(client, identifier)
    box.advance(to=end - 7 * DAY - 10)
    assert client.v1.events.list({"type": "invoice.upcoming"}).data == []
    box.advance(seconds=20)
    event = client.v1.events.list({"type": "invoice.upcoming"}).data[0].to_dict()
    assert event["created"] == end - 7 * DAY
    invoice = event["data"]["object"]
    assert (invoice["amount_due"], invoice["created"]) == (2500, end)
    assert invoice["parent"]["subscription_details"]["subscription"] == identifier
    box.advance(seconds=150 * DAY)
    announced = {one.created for one in client.v1.events.list({"type": "invoice.upcoming", "limit": 100}).data}
    renewed = {one.created for one in client.v1.invoices.list({"limit": 100}).data[:-1]}
    assert len(renewed) == 5
    assert renewed <= {moment + 7 * DAY for moment in announced}


@pytest.mark.parametrize("days", [1, 20])
def test_how_long_before_is_a_setting(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, days: int
) -> None:
    box.store.set("upcoming_days", days)
    end = end_of(client, begin(asked("month")))
    box.advance(to=end - 10)
    assert [one.created for one in client.v1.events.list({"type": "invoice.upcoming"}).data] == [end - days * DAY]


def test_nothing_is_announced_that_will_not_be_charged(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    ending, paused, moved, gone = (begin(asked("month")) for _ in range(4))
    client.v1.subscriptions.update(ending, {"cancel_at_period_end": True})
    client.v1.subscriptions.update(paused, {"pause_collection": {"behavior": "void"}})
    later = end_of(client, moved) + 20 * DAY
    client.v1.subscriptions.update(moved, {"trial_end": later, "proration_behavior": "none"})
    client.v1.subscriptions.cancel(gone)
    box.advance(to=later - 8 * DAY)
    assert client.v1.events.list({"type": "invoice.upcoming"}).data == []
    box.advance(to=later - 6 * DAY)
    assert [one.created for one in client.v1.events.list({"type": "invoice.upcoming"}).data] == [later - 7 * DAY]


@pytest.mark.parametrize(("days", "notice"), [(10, 7), (2, 0)])
def test_a_moved_date_is_announced_three_days_before_or_at_once(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, days: int, notice: int
) -> None:
    identifier = begin(asked("month"))
    changed = client.v1.subscriptions.update(
        identifier, {"trial_end": box.clock.now() + days * DAY, "proration_behavior": "none"}
    )
    assert changed.trial_start is not None
    box.advance(seconds=days * DAY + 10)
    announced = client.v1.events.list({"type": "customer.subscription.trial_will_end"}).data
    assert [one.created for one in announced] == [changed.trial_start + notice * DAY]


def test_a_date_moved_twice_is_announced_once(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    box.reset(at=at("2026-03-01T10:00"))
    client.v1.products.create({"id": "donate_general", "name": "General fund"})
    identifier = begin(asked("month"))
    for day in ("2026-03-20T10:00", "2026-03-25T10:00"):
        client.v1.subscriptions.update(identifier, {"trial_end": at(day), "proration_behavior": "none"})
    box.advance(to=at("2026-03-26T00:00"))
    announced = client.v1.events.list({"type": "customer.subscription.trial_will_end"}).data
    assert [one.created for one in announced] == [at("2026-03-22T10:00")]
