"""The whole life of a gift, once and by the month, through stripe's own client in process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from donate.sandbox.app import CardDeclined, Sandbox
from donate.sandbox.clock import periods_after

DAY = 86400
Asked = Callable[..., dict[str, Any]]
Types = Callable[[], list[str]]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


# -- once --------------------------------------------------------------------------------------------------------


def test_a_gift_once_is_opened_paid_and_settled(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types
) -> None:
    words = {"metadata": {"donate_ref": "r1"}, "statement_descriptor_suffix": "GIFT"}
    session = client.v1.checkout.sessions.create(
        asked(submit_type="donate", metadata={"donate_ref": "r1"}, payment_intent_data=words)
    )
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert session.url == f"http://127.0.0.1:12111/c/pay/{session.id}"

    assert box.complete(session.id, email="ada@example.org") == f"http://127.0.0.1:5000/gifts/x?session={session.id}"

    done = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge", "payment_intent.payment_method"]}
    ).to_dict()
    assert (done["status"], done["payment_status"], done["url"], done["customer"]) == ("complete", "paid", None, None)
    assert done["customer_details"]["email"] == "ada@example.org"
    intent = done["payment_intent"]
    assert (intent["status"], intent["amount_received"], intent["metadata"]) == (
        "succeeded",
        2500,
        {"donate_ref": "r1"},
    )
    assert intent["payment_method"]["card"]["last4"] == "4242"
    charge = intent["latest_charge"]
    assert (charge["paid"], charge["metadata"], charge["balance_transaction"]) == (True, {"donate_ref": "r1"}, None)
    assert charge["calculated_statement_descriptor"] == "PRACTICE* GIFT"
    assert event_types()[-4:] == [
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed",
    ]  # fmt: skip


def test_the_fee_comes_late_and_says_so(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    box.complete(client.v1.checkout.sessions.create(asked()).id)
    assert client.v1.balance_transactions.list().data == []
    box.advance(seconds=6)
    charge = client.v1.charges.list({"expand": ["data.balance_transaction"]}).data[0].to_dict()
    transaction = charge["balance_transaction"]
    assert (transaction["amount"], transaction["fee"], transaction["net"]) == (2500, 103, 2397)
    assert transaction["created"] - charge["created"] == 5
    event = client.v1.events.list({"type": "charge.updated"}).data[0].to_dict()
    assert event["data"]["previous_attributes"] == {"balance_transaction": None}
    assert event["data"]["object"]["balance_transaction"] == transaction["id"]
    assert client.v1.balance_transactions.list({"source": charge["id"]}).data[0].id == transaction["id"]


def test_money_is_pending_first_and_available_after_two_days(
    box: Sandbox, client: stripe.StripeClient, asked: Asked
) -> None:
    box.complete(client.v1.checkout.sessions.create(asked()).id)
    box.advance(seconds=10)
    balance = client.v1.balance.retrieve()
    assert (balance.pending[0].amount, balance.available[0].amount) == (2397, 0)
    box.advance(seconds=2 * DAY)
    balance = client.v1.balance.retrieve()
    assert (balance.pending[0].amount, balance.available[0].amount) == (0, 2397)


def test_a_foreign_gift_settles_in_the_accounts_currency_where_it_is_set(
    box: Sandbox, client: stripe.StripeClient, asked: Asked
) -> None:
    box.store.set("settlement_currency", "usd")
    box.store.set("rates", {"eur": 1.1})
    params = asked()
    params["line_items"][0]["price_data"]["currency"] = "eur"
    box.complete(client.v1.checkout.sessions.create(params).id)
    box.advance(seconds=10)
    transaction = client.v1.balance_transactions.list().data[0]
    assert (transaction.amount, transaction.currency, transaction.exchange_rate) == (2750, "usd", 1.1)


def test_a_customer_is_made_only_when_asked_for(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    box.complete(client.v1.checkout.sessions.create(asked(customer_creation="always")).id, email="a@example.org")
    customer = client.v1.customers.list().data[0]
    assert customer.email == "a@example.org"
    session = client.v1.checkout.sessions.create(asked(customer=customer.id))
    box.complete(session.id)
    assert client.v1.payment_intents.list({"customer": customer.id}).data[0].amount == 2500
    assert len(client.v1.customers.list().data) == 1


def test_a_session_expires_when_its_time_is_over(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types
) -> None:
    until = box.clock.now() + 3600
    session = client.v1.checkout.sessions.create(asked(expires_at=until))
    box.advance(seconds=3601)
    expired = client.v1.checkout.sessions.retrieve(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    event = client.v1.events.list({"type": "checkout.session.expired"}).data[0]
    assert event.created == until
    with pytest.raises(Exception, match="status of expired"):
        box.complete(session.id)


def test_an_abandoned_session_can_be_expired_at_once(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types
) -> None:
    session = client.v1.checkout.sessions.create(asked())
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    assert event_types()[-1] == "checkout.session.expired"


# -- refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interval", [None, "month"])
def test_a_refused_card_leaves_the_session_open_for_another(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types, interval: str | None
) -> None:
    session = client.v1.checkout.sessions.create(asked(interval))
    with pytest.raises(CardDeclined) as caught:
        box.complete(session.id, "pm_card_chargeDeclinedInsufficientFunds")
    assert (caught.value.code, caught.value.decline_code) == ("card_declined", "insufficient_funds")
    assert event_types()[-2:] == ["charge.failed", "payment_intent.payment_failed"]
    intent = client.v1.payment_intents.list().data[0]
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.decline_code == "insufficient_funds"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"

    box.complete(session.id)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert [one.id for one in client.v1.payment_intents.list().data] == [intent.id]
    assert [one.status for one in client.v1.charges.list({"payment_intent": intent.id}).data] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("pm_card_chargeDeclined", "card_declined"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error"),
    ],
)
def test_the_practice_page_answers_402_with_stripes_error(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, token: str, code: str
) -> None:
    session = client.v1.checkout.sessions.create(asked())
    answer = box.wsgi.test_client().post(
        f"/_sandbox/checkout/sessions/{session.id}/complete", data={"payment_method": token}
    )
    assert answer.status_code == 402
    error = answer.json["error"]
    assert (error["type"], error["code"], error["payment_intent"]["object"]) == ("card_error", code, "payment_intent")


def test_completing_by_hand_leads_to_the_success_page(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    session = client.v1.checkout.sessions.create(asked())
    browser = box.wsgi.test_client()
    answer = browser.post(f"/_sandbox/checkout/sessions/{session.id}/complete", data={"payment_method": "pm_card_amex"})
    assert (answer.status_code, answer.location) == (303, f"http://127.0.0.1:5000/gifts/x?session={session.id}")
    assert browser.post(f"/_sandbox/checkout/sessions/{session.id}/complete").status_code == 400
    assert browser.post("/_sandbox/checkout/sessions/cs_test_no/complete").status_code == 404


def test_a_bank_that_is_not_answered_refuses(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    session = client.v1.checkout.sessions.create(asked())
    with pytest.raises(CardDeclined) as caught:
        box.complete(session.id, "pm_card_authenticationRequired", bank="refuse")
    assert caught.value.code == "payment_intent_authentication_failure"
    box.complete(session.id, "pm_card_authenticationRequired")
    details = client.v1.charges.list().data[0].to_dict()["payment_method_details"]
    assert details["card"]["three_d_secure"]["result"] == "authenticated"


# -- by the month ---------------------------------------------------------------------------------------------------


def begin(box: Sandbox, client: stripe.StripeClient, params: dict[str, Any], card: str = "pm_card_visa") -> str:
    session = client.v1.checkout.sessions.create(params)
    box.complete(session.id, card, email="ada@example.org")
    return str(client.v1.checkout.sessions.retrieve(session.id).subscription)


def test_a_monthly_gift_begins_with_a_paid_invoice(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types
) -> None:
    identifier = begin(box, client, asked("month", subscription_data={"metadata": {"donate_ref": "r2"}}))
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
    box: Sandbox, client: stripe.StripeClient, asked: Asked
) -> None:
    identifier = begin(box, client, asked("month"))
    box.advance(seconds=370 * DAY)
    invoices = client.v1.invoices.list({"subscription": identifier, "limit": 100}).data
    assert [one.status for one in invoices] == ["paid"] * 13
    assert [one.billing_reason for one in invoices].count("subscription_cycle") == 12
    assert len({one.number for one in invoices}) == 13
    assert len(client.v1.balance_transactions.list({"limit": 100}).data) == 13


def test_a_renewal_is_drafted_at_the_period_end_and_charged_an_hour_later(
    box: Sandbox, client: stripe.StripeClient, asked: Asked
) -> None:
    identifier = begin(box, client, asked("month"))
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
    box: Sandbox, client: stripe.StripeClient, asked: Asked
) -> None:
    box.reset(at=at("2025-12-31T10:00"))
    client.v1.products.create({"id": "donate_general", "name": "General fund"})
    begin(box, client, asked("month"))
    box.advance(to=at("2026-04-01T00:00"))
    days = [datetime.fromtimestamp(one.created, UTC).strftime("%m-%d") for one in client.v1.invoices.list().data]
    assert days == ["03-31", "02-28", "01-31", "12-31"]


def test_a_card_that_fails_later_is_retried_and_then_ends_the_promise(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types
) -> None:
    identifier = begin(box, client, asked("month"), "pm_card_chargeCustomerFail")
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
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types
) -> None:
    identifier = begin(box, client, asked("month"), "pm_card_chargeCustomerFail")
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


def test_a_new_card_brings_a_late_promise_back(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    good = client.v1.subscriptions.retrieve(begin(box, client, asked("month"))).default_payment_method
    identifier = begin(box, client, asked("month"), "pm_card_chargeCustomerFail")
    box.advance(seconds=32 * DAY)
    assert client.v1.subscriptions.retrieve(identifier).status == "past_due"
    client.v1.subscriptions.update(identifier, {"default_payment_method": str(good)})
    box.advance(seconds=4 * DAY)
    assert client.v1.subscriptions.retrieve(identifier).status == "active"


def test_cancelling_at_the_period_end_ends_there_without_a_charge(
    box: Sandbox, client: stripe.StripeClient, asked: Asked
) -> None:
    identifier = begin(box, client, asked("month"))
    changed = client.v1.subscriptions.update(identifier, {"cancel_at_period_end": True})
    end = changed["items"].data[0].current_period_end
    assert (changed.status, changed.cancel_at) == ("active", end)
    box.advance(to=end + 10)
    ended = client.v1.subscriptions.retrieve(identifier)
    assert (ended.status, ended.ended_at) == ("canceled", end)
    assert len(client.v1.invoices.list().data) == 1
    assert client.v1.subscriptions.list().data == []
    assert len(client.v1.subscriptions.list({"status": "all"}).data) == 1


def test_cancelling_can_be_taken_back(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    identifier = begin(box, client, asked("month"))
    client.v1.subscriptions.update(identifier, {"cancel_at_period_end": True})
    changed = client.v1.subscriptions.update(identifier, {"cancel_at_period_end": False})
    assert (changed.cancel_at, changed.canceled_at) == (None, None)
    box.advance(seconds=32 * DAY)
    assert len(client.v1.invoices.list().data) == 2


def test_cancelling_at_once_is_final(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    identifier = begin(box, client, asked("month"))
    assert client.v1.subscriptions.cancel(identifier).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.cancel(identifier)
    box.advance(seconds=90 * DAY)
    assert len(client.v1.invoices.list().data) == 1


def test_a_paused_month_makes_a_void_invoice_and_the_next_is_charged(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types
) -> None:
    identifier = begin(box, client, asked("month"))
    end = client.v1.subscriptions.retrieve(identifier)["items"].data[0].current_period_end
    client.v1.subscriptions.update(identifier, {"pause_collection": {"behavior": "void", "resumes_at": end + DAY}})
    box.advance(to=end + 2 * DAY)
    assert client.v1.invoices.list({"limit": 1}).data[0].status == "void"
    resumed = client.v1.subscriptions.retrieve(identifier)
    assert (resumed.pause_collection, resumed.status) == (None, "active")
    box.advance(seconds=32 * DAY)
    assert client.v1.invoices.list({"limit": 1}).data[0].status == "paid"
    assert "invoice.voided" in event_types()


def test_another_amount_holds_from_the_next_renewal(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    identifier = begin(box, client, asked("month"))
    item = client.v1.subscriptions.retrieve(identifier)["items"].data[0]
    data = {"currency": "usd", "product": "donate_general", "unit_amount": 900, "recurring": {"interval": "month"}}
    client.v1.subscriptions.update(
        identifier,
        {"items": [{"id": item.id, "price_data": data}], "proration_behavior": "none"},  # type: ignore[typeddict-item]
    )
    box.advance(seconds=32 * DAY)
    assert [one.amount_paid for one in client.v1.invoices.list().data] == [900, 2500]


def test_another_date_moves_all_that_follow(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    identifier = begin(box, client, asked("month"))
    date = box.clock.now() + 10 * DAY
    changed = client.v1.subscriptions.update(identifier, {"trial_end": date, "proration_behavior": "none"})
    assert changed.status == "trialing"
    box.advance(seconds=11 * DAY)
    moved = client.v1.subscriptions.retrieve(identifier)
    assert (moved.status, moved["items"].data[0].current_period_end) == ("active", periods_after(date, "month", 1, 1))
    assert len(client.v1.invoices.list().data) == 2


def test_deleting_a_customer_ends_their_promise(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    subscription = client.v1.subscriptions.retrieve(begin(box, client, asked("month")))
    client.v1.customers.delete(str(subscription.customer))
    assert client.v1.subscriptions.retrieve(subscription.id).status == "canceled"
