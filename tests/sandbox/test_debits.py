"""A bank debit is no money until the bank has answered, days after the page was left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox
from donate.sandbox.errors import ApiError

DAY = 86400
Asked = Callable[..., dict[str, Any]]
Begin = Callable[..., str]
Types = Callable[[], list[str]]
WORKS, FAILS = "pm_usBankAccount_success", "pm_usBankAccount_insufficientFunds"


def in_euros(params: dict[str, Any]) -> dict[str, Any]:
    params["line_items"][0]["price_data"]["currency"] = "eur"
    return params


@pytest.mark.parametrize(("currency", "token"), [("usd", WORKS), ("eur", "pm_success_de")])
def test_a_gift_by_debit_is_paid_when_the_bank_says_so(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types, currency: str, token: str
) -> None:
    session = client.v1.checkout.sessions.create(in_euros(asked()) if currency == "eur" else asked())
    kind = "sepa_debit" if currency == "eur" else "us_bank_account"
    assert session.payment_method_types == ["card", kind]
    box.complete(session.id, token)
    waiting = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]}).to_dict()
    assert (waiting["status"], waiting["payment_status"]) == ("complete", "unpaid")
    assert (waiting["payment_intent"]["status"], waiting["payment_intent"]["amount_received"]) == ("processing", 0)
    charge = waiting["payment_intent"]["latest_charge"]
    assert (charge["status"], charge["paid"], charge["payment_method_details"]["type"]) == ("pending", False, kind)
    assert event_types()[-3:] == ["charge.pending", "payment_intent.processing", "checkout.session.completed"]
    box.advance(seconds=5 * DAY - 60)
    assert client.v1.balance_transactions.list().data == []

    box.advance(seconds=120)
    assert event_types()[-4:] == [
        "charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded", "charge.updated",
    ]  # fmt: skip
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    settled = client.v1.balance_transactions.list().data[0]
    assert (settled.type, settled.amount, settled.source) == ("payment", 2500, charge["id"])


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (FAILS, "insufficient_funds"),
        ("pm_usBankAccount_accountClosed", "account_closed"),
        ("pm_usBankAccount_debitNotAuthorized", "debit_not_authorized"),
    ],
)
def test_a_debit_that_the_bank_refuses_brings_nothing(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, event_types: Types, token: str, code: str
) -> None:
    session = client.v1.checkout.sessions.create(asked())
    box.complete(session.id, token)
    box.advance(seconds=6 * DAY)
    assert event_types()[-3:] == [
        "charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed",
    ]  # fmt: skip
    failed = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]}).to_dict()
    assert (failed["status"], failed["payment_status"]) == ("complete", "unpaid")
    assert failed["payment_intent"]["status"] == "requires_payment_method"
    assert failed["payment_intent"]["last_payment_error"]["code"] == code
    charge = client.v1.charges.list().data[0]
    assert (charge.status, charge.paid, charge.amount_captured, charge.failure_code) == ("failed", False, 0, code)
    assert client.v1.balance_transactions.list().data == []


def test_a_promise_by_debit_is_active_at_once_and_its_invoice_open(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, event_types: Types
) -> None:
    identifier = begin(asked("month"), WORKS)
    subscription = client.v1.subscriptions.retrieve(identifier, {"expand": ["latest_invoice"]}).to_dict()
    assert (subscription["status"], subscription["latest_invoice"]["status"]) == ("active", "open")
    invoice = subscription["latest_invoice"]["id"]
    with pytest.raises(stripe.InvalidRequestError, match="still processing"):
        client.v1.invoices.pay(invoice)
    box.advance(seconds=5 * DAY + 60)
    assert event_types()[-7:] == [
        "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid",
        "invoice.payment_succeeded", "checkout.session.async_payment_succeeded", "charge.updated",
    ]  # fmt: skip
    assert client.v1.invoices.retrieve(invoice).attempt_count == 1
    box.advance(seconds=62 * DAY)
    invoices = client.v1.invoices.list({"subscription": identifier, "status": "paid"}).data
    assert [(one.amount_paid, one.attempt_count) for one in invoices] == [(2500, 1)] * len(invoices)
    assert len(invoices) in (2, 3)
    assert "invoice.payment_failed" not in event_types()


def test_a_promise_whose_first_debit_fails_is_late_and_tried_again(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin, event_types: Types
) -> None:
    identifier = begin(asked("month"), FAILS)
    box.advance(seconds=5 * DAY + 60)
    assert client.v1.subscriptions.retrieve(identifier).status == "past_due"
    invoice = client.v1.invoices.list({"subscription": identifier}).data[0]
    assert (invoice.status, invoice.attempt_count) == ("open", 1)
    assert invoice.next_payment_attempt is not None
    assert "checkout.session.async_payment_failed" in event_types()
    box.advance(to=invoice.next_payment_attempt + 60)
    assert client.v1.payment_intents.list().data[0].status == "processing"
    box.advance(seconds=6 * DAY)
    assert client.v1.invoices.retrieve(invoice.id).attempt_count == 2
    assert event_types().count("checkout.session.async_payment_failed") == 1

    good = client.v1.payment_methods.attach("pm_card_visa", {"customer": str(invoice.customer)}).id
    client.v1.invoices.pay(invoice.id, {"payment_method": good})
    assert client.v1.subscriptions.retrieve(identifier).status == "active"


def test_a_promise_ended_meanwhile_stays_ended_whatever_the_bank_says(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    paid, refused = begin(asked("month"), WORKS), begin(asked("month"), FAILS)
    for identifier in (paid, refused):
        client.v1.subscriptions.cancel(identifier)
    box.advance(seconds=60 * DAY)
    assert [client.v1.subscriptions.retrieve(one).status for one in (paid, refused)] == ["canceled", "canceled"]
    assert client.v1.invoices.list({"subscription": paid}).data[0].status == "paid"
    assert client.v1.invoices.list({"subscription": refused}).data[0].status == "open"
    assert len(client.v1.charges.list().data) == 2


def test_an_account_is_saved_for_later_and_pays_a_renewal(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month"))
    customer = str(client.v1.subscriptions.retrieve(identifier).customer)
    session = client.v1.checkout.sessions.create(
        {"mode": "setup", "currency": "usd", "customer": customer, "success_url": "http://127.0.0.1:5000/you"}
    )
    box.complete(session.id, WORKS)
    method = client.v1.customers.payment_methods.list(customer, {"type": "us_bank_account"}).data[0]
    client.v1.subscriptions.update(identifier, {"default_payment_method": method.id})
    box.advance(seconds=38 * DAY)
    assert client.v1.charges.list().data[0].to_dict()["payment_method_details"]["type"] == "us_bank_account"
    assert [one.status for one in client.v1.invoices.list().data] == ["paid", "paid"]


def test_debits_are_offered_in_their_own_currency_and_where_they_are_not_excluded(
    box: Sandbox, client: stripe.StripeClient, asked: Asked
) -> None:
    create = client.v1.checkout.sessions.create
    excluded = create(asked(excluded_payment_method_types=["us_bank_account"]))
    assert excluded.payment_method_types == ["card"]
    with pytest.raises(ApiError, match="not offered here"):
        box.complete(excluded.id, WORKS)
    with pytest.raises(ApiError, match="not offered here"):
        box.complete(create(asked()).id, "pm_success_de")
    box.store.set("bank_debits", False)
    assert create(asked()).payment_method_types == ["card"]


def test_the_page_says_that_a_debit_takes_days(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    session, browser = client.v1.checkout.sessions.create(asked()), box.wsgi.test_client()
    page = browser.get(f"/c/pay/{session.id}").text
    for words in ("US bank account, works", "US bank account, no funds", "The bank takes days to answer"):
        assert words in page
    assert "SEPA" not in page
    refused = browser.post(f"/c/pay/{session.id}", data={"card": "pm_success_de", "email": "ada@example.org"})
    assert refused.status_code == 422
    assert browser.post(f"/c/pay/{session.id}", data={"card": WORKS, "email": "ada@example.org"}).status_code == 303
    assert "The payment is on its way" in browser.get(f"/c/pay/{session.id}").text
