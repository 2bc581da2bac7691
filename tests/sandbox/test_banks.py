"""A payer's bank asks: on the page and left without an answer, for a saved card, and when a gift is renewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from werkzeug.test import Client

from donate.sandbox.app import Sandbox

DAY = 86400
ASKS_NOW, ASKS_LATER = "pm_card_authenticationRequiredOnSetup", "pm_card_authenticationRequired"
Asked = Callable[..., dict[str, Any]]
Begin = Callable[..., str]
Types = Callable[[], list[str]]


@pytest.fixture
def browser(box: Sandbox) -> Client:
    return box.wsgi.test_client()


def send(browser: Client, session: str, card: str) -> Any:
    return browser.post(f"/c/pay/{session}", data={"card": card, "email": "ada@example.org"})


# -- left without an answer ----------------------------------------------------------------------------------------


def test_a_payer_who_leaves_the_bank_may_pay_with_another_card(
    client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    session = client.v1.checkout.sessions.create(asked())
    send(browser, session.id, ASKS_NOW)
    assert "Leave without answering" in browser.get(f"/c/pay/{session.id}/bank").text
    assert "Which practice card?" in browser.get(f"/c/pay/{session.id}").text
    waiting = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]}).to_dict()
    assert (waiting["status"], waiting["payment_status"]) == ("open", "unpaid")
    assert waiting["payment_intent"]["status"] == "requires_action"
    assert client.v1.charges.list().data == []

    assert send(browser, session.id, "pm_card_visa").status_code == 303
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert [one.status for one in client.v1.payment_intents.list().data] == ["succeeded"]


def test_a_payer_who_never_comes_back_lets_the_session_expire(
    box: Sandbox, client: stripe.StripeClient, browser: Client, asked: Asked, event_types: Types
) -> None:
    session = client.v1.checkout.sessions.create(asked())
    send(browser, session.id, ASKS_NOW)
    box.advance(seconds=DAY + 1)
    assert event_types()[-2:] == ["payment_intent.canceled", "checkout.session.expired"]
    assert client.v1.payment_intents.list().data[0].status == "canceled"
    assert "This page has expired" in browser.get(f"/c/pay/{session.id}/bank").text


def test_a_card_is_not_saved_by_a_payer_who_leaves_the_bank(
    box: Sandbox, client: stripe.StripeClient, browser: Client, event_types: Types
) -> None:
    customer = client.v1.customers.create({"email": "ada@example.org"}).id
    session = client.v1.checkout.sessions.create(
        {"mode": "setup", "currency": "usd", "customer": customer, "success_url": "http://127.0.0.1:5000/you"}
    )
    send(browser, session.id, ASKS_NOW)
    assert client.v1.setup_intents.retrieve(str(session.setup_intent)).status == "requires_action"
    assert client.v1.customers.payment_methods.list(customer).data == []
    box.advance(seconds=DAY + 1)
    assert event_types()[-2:] == ["setup_intent.canceled", "checkout.session.expired"]


# -- asked when a gift is renewed ----------------------------------------------------------------------------------


@pytest.fixture
def late(box: Sandbox, asked: Asked, begin: Begin) -> str:
    """Return a subscription whose renewal waits for the payer's bank."""
    identifier = begin(asked("month"), ASKS_LATER)
    box.advance(seconds=32 * DAY)
    return identifier


def test_a_renewal_that_the_bank_asks_about_is_late_until_the_payer_confirms(
    client: stripe.StripeClient, browser: Client, event_types: Types, late: str
) -> None:
    assert client.v1.subscriptions.retrieve(late).status == "past_due"
    assert event_types()[-7:] == [
        "charge.failed", "payment_intent.payment_failed", "payment_intent.requires_action", "invoice.updated",
        "invoice.payment_failed", "invoice.payment_action_required", "customer.subscription.updated",
    ]  # fmt: skip
    invoice = client.v1.invoices.list({"status": "open"}).data[0]
    page = str(invoice.hosted_invoice_url).partition("12111")[2]
    assert client.v1.payment_intents.list().data[0].status == "requires_action"
    assert "Your bank wants to hear from you" in browser.get(page).text

    assert browser.post(page, data={"decision": "refuse"}).status_code == 303
    assert client.v1.subscriptions.retrieve(late).status == "past_due"
    assert event_types()[-1] == "invoice.payment_failed"
    assert client.v1.invoices.retrieve(invoice.id).attempt_count == 1


def test_a_payer_who_confirms_pays_and_the_promise_lives(
    box: Sandbox, client: stripe.StripeClient, browser: Client, late: str
) -> None:
    invoice = client.v1.invoices.list({"status": "open"}).data[0]
    page = str(invoice.hosted_invoice_url).partition("12111")[2]
    browser.post(page, data={"decision": "approve"})
    assert client.v1.invoices.retrieve(invoice.id).status == "paid"
    assert client.v1.subscriptions.retrieve(late).status == "active"
    assert "Your bank wants to hear" not in browser.get(page).text
    details = client.v1.charges.list().data[0].to_dict()["payment_method_details"]
    assert details["card"]["three_d_secure"]["result"] == "authenticated"
    assert browser.post(page, data={"decision": "approve"}).status_code == 400
    tried = len(client.v1.charges.list({"limit": 100}).data)
    box.advance(seconds=20 * DAY)
    assert len(client.v1.charges.list({"limit": 100}).data) == tried


def test_paying_it_by_hand_says_that_the_payer_is_needed(client: stripe.StripeClient, late: str) -> None:
    invoice = client.v1.invoices.list({"status": "open"}).data[0]
    with pytest.raises(stripe.CardError) as caught:
        client.v1.invoices.pay(invoice.id)
    assert (caught.value.http_status, caught.value.code) == (402, "invoice_payment_intent_requires_action")
