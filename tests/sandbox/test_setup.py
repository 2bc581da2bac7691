"""A card is kept for later with nothing charged, and belongs to one customer or to nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from werkzeug.test import Client

from donate.sandbox.app import CardDeclined, Sandbox

DAY = 86400
Types = Callable[[], list[str]]


@pytest.fixture
def customer(client: stripe.StripeClient) -> str:
    return client.v1.customers.create({"email": "ada@example.org", "name": "Ada"}).id


def ask(client: stripe.StripeClient, customer: str | None = None, **more: Any) -> stripe.checkout.Session:
    params: Any = {
        "mode": "setup",
        "currency": "usd",
        "success_url": "http://127.0.0.1:5000/card?s={CHECKOUT_SESSION_ID}",
    }
    if customer:
        params["customer"] = customer
    return client.v1.checkout.sessions.create({**params, **more})


def test_a_card_is_saved_for_a_customer_and_nothing_is_charged(
    box: Sandbox, client: stripe.StripeClient, customer: str, event_types: Types
) -> None:
    session = ask(client, customer, setup_intent_data={"description": "New card", "metadata": {"donate_ref": "r1"}})
    assert (session.payment_status, session.amount_total, session.currency) == ("no_payment_required", None, "usd")
    assert client.v1.setup_intents.retrieve(str(session.setup_intent)).status == "requires_payment_method"

    assert box.complete(session.id) == f"http://127.0.0.1:5000/card?s={session.id}"

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent.payment_method"]}).to_dict()
    assert (done["status"], done["payment_status"], done["payment_intent"]) == ("complete", "no_payment_required", None)
    intent = done["setup_intent"]
    assert (intent["status"], intent["customer"], intent["usage"]) == ("succeeded", customer, "off_session")
    assert (intent["description"], intent["metadata"]) == ("New card", {"donate_ref": "r1"})
    assert (intent["payment_method"]["customer"], intent["payment_method"]["card"]["last4"]) == (customer, "4242")
    assert event_types()[-4:] == [
        "setup_intent.created", "payment_method.attached", "setup_intent.succeeded", "checkout.session.completed",
    ]  # fmt: skip
    assert client.v1.charges.list().data == []
    assert client.v1.payment_intents.list().data == []
    assert [one.id for one in client.v1.setup_intents.list({"customer": customer}).data] == [intent["id"]]


def test_a_saved_card_pays_the_next_renewal_once_it_is_the_default(
    box: Sandbox, client: stripe.StripeClient, asked: Callable[..., dict[str, Any]]
) -> None:
    first = client.v1.checkout.sessions.create(asked("month"))
    box.complete(first.id)
    subscription = client.v1.subscriptions.retrieve(str(client.v1.checkout.sessions.retrieve(first.id).subscription))
    session = ask(client, str(subscription.customer))
    box.complete(session.id, "pm_card_mastercard")
    method = str(client.v1.setup_intents.retrieve(str(session.setup_intent)).payment_method)

    client.v1.subscriptions.update(subscription.id, {"default_payment_method": method})
    box.advance(seconds=32 * DAY)

    newest = client.v1.charges.list({"customer": str(subscription.customer)}).data[0]
    assert (newest.payment_method, newest.status) == (method, "succeeded")


@pytest.mark.parametrize(
    ("token", "code", "decline"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ],
)
def test_a_refused_card_is_not_saved_and_another_may_be_tried(
    box: Sandbox, client: stripe.StripeClient, customer: str, event_types: Types, token: str, code: str, decline: str
) -> None:
    session = ask(client, customer)
    with pytest.raises(CardDeclined) as caught:
        box.complete(session.id, token)
    assert (caught.value.code, caught.value.decline_code) == (code, decline)
    assert event_types()[-1] == "setup_intent.setup_failed"
    intent = client.v1.setup_intents.retrieve(str(session.setup_intent))
    assert intent.last_setup_error is not None
    assert (intent.status, intent.last_setup_error.code) == ("requires_payment_method", code)
    assert client.v1.customers.payment_methods.list(customer).data == []
    answer = box.wsgi.test_client().post(
        f"/_sandbox/checkout/sessions/{session.id}/complete", data={"payment_method": token}
    )
    assert answer.status_code == 402
    assert answer.json["error"]["setup_intent"]["id"] == intent.id

    box.complete(session.id)
    again = client.v1.setup_intents.retrieve(intent.id)
    assert (again.status, again.last_setup_error) == ("succeeded", None)


def test_a_card_that_fails_only_later_can_be_saved(box: Sandbox, client: stripe.StripeClient, customer: str) -> None:
    session = ask(client, customer)
    box.complete(session.id, "pm_card_chargeCustomerFail")
    assert client.v1.setup_intents.retrieve(str(session.setup_intent)).status == "succeeded"


def test_an_expired_setup_cancels_its_intent(
    box: Sandbox, client: stripe.StripeClient, customer: str, event_types: Types
) -> None:
    session = ask(client, customer)
    box.advance(seconds=DAY + 1)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert client.v1.setup_intents.retrieve(str(session.setup_intent)).status == "canceled"
    assert event_types()[-2:] == ["setup_intent.canceled", "checkout.session.expired"]


def test_without_a_customer_the_card_belongs_to_nobody(
    box: Sandbox, client: stripe.StripeClient, event_types: Types
) -> None:
    session = ask(client)
    box.complete(session.id, email="ada@example.org")
    method = client.v1.payment_methods.retrieve(
        str(client.v1.setup_intents.retrieve(str(session.setup_intent)).payment_method)
    )
    assert method.customer is None
    assert "payment_method.attached" not in event_types()


# -- on the hosted page --------------------------------------------------------------------------------------------


def test_the_page_speaks_of_saving_and_never_of_paying(
    box: Sandbox, client: stripe.StripeClient, customer: str
) -> None:
    session, browser = ask(client, customer, cancel_url="http://127.0.0.1:5000/you"), box.wsgi.test_client()
    page = browser.get(f"/c/pay/{session.id}").text
    for words in ("Save a card for later", "Nothing is charged today", ">Save card<", "ada@example.org",
                  "No money moves.", "Go back without saving", "The card is saved"):  # fmt: skip
        assert words in page
    assert "Pay " not in page
    refused = browser.post(f"/c/pay/{session.id}", data={"card": "pm_card_chargeDeclined", "email": "ada@example.org"})
    assert (refused.status_code, "The card was not saved." in refused.text) == (402, True)
    assert _send(browser, session.id, "pm_card_visa").status_code == 303
    assert "The card has been saved" in browser.get(f"/c/pay/{session.id}").text
    assert "keeps a card" in browser.get("/").text


def test_the_bank_is_asked_before_a_card_is_saved(
    box: Sandbox, client: stripe.StripeClient, customer: str, event_types: Types
) -> None:
    session, browser = ask(client, customer), box.wsgi.test_client()
    bank = f"/c/pay/{session.id}/bank"
    assert _send(browser, session.id, "pm_card_authenticationRequiredOnSetup").location == bank
    assert event_types()[-1] == "setup_intent.requires_action"
    assert "Nothing is charged now" in browser.get(bank).text
    refused = browser.post(bank, data={"decision": "refuse"})
    assert (refused.status_code, "Your bank did not confirm the card." in refused.text) == (402, True)
    intent = client.v1.setup_intents.retrieve(str(session.setup_intent))
    assert intent.last_setup_error is not None
    assert intent.last_setup_error.code == "setup_intent_authentication_failure"
    _send(browser, session.id, "pm_card_authenticationRequiredOnSetup")
    assert browser.post(bank, data={"decision": "approve"}).status_code == 303
    assert client.v1.setup_intents.retrieve(intent.id).status == "succeeded"


def _send(browser: Client, session: str, card: str) -> Any:
    return browser.post(f"/c/pay/{session}", data={"card": card, "email": "ada@example.org"})


# -- whose a card is -----------------------------------------------------------------------------------------------


def test_a_customers_cards_are_listed_newest_first(client: stripe.StripeClient, customer: str) -> None:
    old = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    new = client.v1.payment_methods.attach("pm_card_amex", {"customer": customer}).id
    other = client.v1.customers.create({}).id
    client.v1.payment_methods.attach("pm_card_visa", {"customer": other})
    assert [one.id for one in client.v1.customers.payment_methods.list(customer).data] == [new, old]
    assert [one.id for one in client.v1.payment_methods.list({"customer": customer, "type": "card"}).data] == [new, old]
    assert client.v1.payment_methods.list({"customer": customer, "type": "sepa_debit"}).data == []
    listed = client.v1.customers.payment_methods.list(customer, {"expand": ["data.customer"]}).to_dict()
    assert listed["data"][0]["customer"]["name"] == "Ada"
    assert client.v1.customers.payment_methods.retrieve(customer, old).id == old
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.customers.payment_methods.retrieve(other, old)
    assert caught.value.http_status == 404
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: customer"):
        client.v1.payment_methods.list()


def test_a_detached_card_is_nobodys_default_and_may_not_come_back(
    box: Sandbox, client: stripe.StripeClient, customer: str, event_types: Types
) -> None:
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    settings: Any = {"invoice_settings": {"default_payment_method": method.id}}
    client.v1.customers.update(customer, settings)
    assert client.v1.payment_methods.attach(method.id, {"customer": customer}).id == method.id
    other = client.v1.customers.create({}).id
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        client.v1.payment_methods.attach(method.id, {"customer": other})

    assert client.v1.payment_methods.detach(method.id).customer is None
    assert event_types()[-2:] == ["payment_method.detached", "customer.updated"]
    event = client.v1.events.list({"type": "payment_method.detached"}).data[0].to_dict()
    assert event["data"]["previous_attributes"] == {"customer": customer}
    kept = client.v1.customers.retrieve(customer).to_dict()
    assert kept["invoice_settings"]["default_payment_method"] is None
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        client.v1.payment_methods.attach(method.id, {"customer": customer})
    with pytest.raises(stripe.InvalidRequestError, match="not attached to a customer"):
        client.v1.payment_methods.detach(method.id)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        client.v1.customers.update(customer, settings)


def test_a_card_that_is_refused_is_not_attached(client: stripe.StripeClient, customer: str) -> None:
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer})
    assert (caught.value.http_status, caught.value.code) == (402, "card_declined")
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: customer"):
        client.v1.payment_methods.attach("pm_card_visa", {})
    assert client.v1.customers.payment_methods.list(customer).data == []
