"""The whole life of a gift given once, through stripe's own client in process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.sandbox.app import CardDeclined, Sandbox

DAY = 86400
Asked = Callable[..., dict[str, Any]]
Types = Callable[[], list[str]]


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
