"""What is asked of Stripe for a gift: exactly these parameters, no other, the same again for the same gift."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from flask import Flask

from donate import payments
from donate.errors import DonateError
from donate.money import Money
from donate.payments.checkout import expire_session, find_session, open_session, retrieve_session, session_params
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.payments.setup import EVENTS, ensure_product, list_endpoints, product_id, replace_endpoint
from donate.payments.values import CheckoutRequest
from donate.sandbox.app import Sandbox

REQUEST = CheckoutRequest(
    reference="AAAABBBBCCCCDDDD",
    site="http://127.0.0.1:5000",
    frequency="once",
    amount=Money(2500, "USD"),
    product="donate_general",
    email="amal@example.org",
    customer_id=None,
    language="en",
    ui_mode="hosted_page",
    back_url="http://127.0.0.1:5000/gifts/AAAABBBBCCCCDDDD?key=k",
    expires_at=datetime(2026, 3, 2, 11, tzinfo=UTC),
    statement_suffix="GIFT",
)
MARK = {"donate_ref": "AAAABBBBCCCCDDDD", "donate_site": "http://127.0.0.1:5000"}


def test_a_gift_once_asks_for_exactly_this() -> None:
    assert session_params(REQUEST) == {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "submit_type": "donate",
        "client_reference_id": "AAAABBBBCCCCDDDD",
        "line_items": [
            {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 2500, "product": "donate_general"}}
        ],
        "customer_email": "amal@example.org",
        "success_url": REQUEST.back_url,
        "cancel_url": REQUEST.back_url,
        "expires_at": 1772449200,
        "adaptive_pricing": {"enabled": False},
        "locale": "en",
        "metadata": MARK,
        "payment_intent_data": {"metadata": MARK, "statement_descriptor_suffix": "GIFT"},
    }


@pytest.mark.parametrize("frequency", ["once", "month"])
def test_a_gift_paid_on_our_own_page_asks_for_the_same_without_words_for_a_page_of_stripes(frequency: str) -> None:
    hosted = session_params(replace(REQUEST, frequency=frequency))
    here = session_params(replace(REQUEST, frequency=frequency, ui_mode="elements", language="ar"))
    assert here["return_url"] == hosted["success_url"]
    for_the_page = {"ui_mode", "success_url", "cancel_url", "submit_type", "locale"}
    rest = {name: value for name, value in hosted.items() if name not in for_the_page}
    assert here == {**rest, "ui_mode": "elements", "return_url": REQUEST.back_url}


@pytest.mark.parametrize("frequency", ["month", "year"])
def test_a_gift_that_repeats_asks_for_a_subscription_carrying_the_mark(frequency: str) -> None:
    params = session_params(replace(REQUEST, frequency=frequency))
    assert params["mode"] == "subscription"
    assert params["line_items"][0]["price_data"]["recurring"] == {"interval": frequency}
    assert params["subscription_data"] == {"metadata": MARK}
    # Stripe refuses both of these in a subscription's session.
    assert not {"submit_type", "payment_intent_data"} & params.keys()


@pytest.mark.parametrize("frequency", ["once", "month", "year"])
def test_what_would_double_or_change_our_words_is_never_asked_for(frequency: str) -> None:
    params = session_params(replace(REQUEST, frequency=frequency))
    written = repr(params)
    for never in ("receipt_email", "invoice_creation", "allow_promotion_codes", "automatic_tax", "discounts",
                  "payment_method_types", "setup_future_usage"):  # fmt: skip
        assert never not in written


def test_a_known_customer_is_sent_instead_of_the_address() -> None:
    params = session_params(replace(REQUEST, customer_id="cus_1"))
    assert params["customer"] == "cus_1"
    assert "customer_email" not in params


@pytest.mark.parametrize(("language", "sent"), [("en", "en"), ("ar", None), ("he", None), ("fr", "fr")])
def test_the_language_is_sent_where_the_payment_page_speaks_it(language: str, sent: str | None) -> None:
    assert session_params(replace(REQUEST, language=language)).get("locale") == sent


@pytest.mark.parametrize(
    ("amount", "asked"),
    [(Money(1500, "JPY"), 1500), (Money(2500, "JOD"), 2500), (Money(500, "UGX"), 50000), (Money(2550, "ILS"), 2550)],
)
def test_the_amount_is_written_as_stripe_counts_the_currency(amount: Money, asked: int) -> None:
    price: Any = session_params(replace(REQUEST, amount=amount))["line_items"][0]["price_data"]
    assert (price["unit_amount"], price["currency"]) == (asked, amount.currency.lower())


@pytest.mark.parametrize("frequency", ["once", "month", "year"])
@pytest.mark.parametrize("language", ["en", "ar", "he"])
@pytest.mark.parametrize("customer", [None, "known"])
@pytest.mark.parametrize("ui_mode", ["hosted_page", "elements"])
def test_stripe_understands_every_kind_of_request(
    app: Flask, box: Sandbox, frequency: str, language: str, customer: str | None, ui_mode: str
) -> None:
    ensure_product("general", "General fund")
    customer_id = None
    if customer:
        speaker = stripe.StripeClient("sk_test_by_hand", http_client=box.http_client(), max_network_retries=0)
        customer_id = speaker.v1.customers.create({"email": "amal@example.org"}).id
    asked = replace(
        REQUEST,
        frequency=frequency,
        language=language,
        customer_id=customer_id,
        ui_mode=ui_mode,
        expires_at=at(box, minutes=60),
    )
    session = open_session(asked)
    assert (session.status, session.payment_status, session.reference) == ("open", "unpaid", REQUEST.reference)
    assert session.site == REQUEST.site
    # The same request under the same key is the same session.
    assert open_session(asked).session_id == session.session_id


def test_the_same_key_with_other_content_is_a_clear_refusal(app: Flask, box: Sandbox) -> None:
    ensure_product("general", "General fund")
    asked = replace(REQUEST, expires_at=at(box, minutes=60))
    open_session(asked)
    with pytest.raises(StripeRefused):
        open_session(replace(asked, amount=Money(9900, "USD")))


def test_a_session_is_found_by_reference_among_others(app: Flask, box: Sandbox) -> None:
    ensure_product("general", "General fund")
    mine = open_session(replace(REQUEST, expires_at=at(box, minutes=60)))
    open_session(replace(REQUEST, reference="EEEEFFFFGGGGHHHH", expires_at=at(box, minutes=60)))
    found = find_session(REQUEST.reference, at(box, minutes=-5), at(box, minutes=5))
    assert found is not None
    assert found.session_id == mine.session_id
    assert find_session(REQUEST.reference, at(box, minutes=-60), at(box, minutes=-30)) is None


def test_expiring_says_how_the_session_stands_in_truth(app: Flask, box: Sandbox) -> None:
    ensure_product("general", "General fund")
    paid = open_session(replace(REQUEST, expires_at=at(box, minutes=60)))
    box.complete(paid.session_id)
    state = expire_session(paid.session_id)
    assert (state.status, state.payment_status) == ("complete", "paid")
    assert state.payment is not None
    assert (state.payment.amount, state.payment.card_last4) == (Money(2500, "USD"), "4242")
    unpaid = open_session(replace(REQUEST, reference="EEEEFFFFGGGGHHHH", expires_at=at(box, minutes=60)))
    assert expire_session(unpaid.session_id).status == "expired"


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        ("timeout_before", StripeUnanswered),
        ("timeout_after", StripeUnanswered),
        ("http_500", StripeUnanswered),
        ("http_429", StripeUnanswered),
        ("http_409", StripeUnanswered),
    ],
)
def test_what_nobody_knows_is_never_called_a_refusal(
    app: Flask, box: Sandbox, kind: str, raised: type[DonateError]
) -> None:
    box.faults.replace([{"kind": kind, "times": 1}])
    with pytest.raises(raised):
        retrieve_session("cs_test_1")


def test_what_is_not_there_is_a_refusal(app: Flask) -> None:
    with pytest.raises(StripeRefused) as refusal:
        retrieve_session("cs_test_nothing")
    assert refusal.value.values["code"] == "resource_missing"


def test_without_a_key_nothing_is_asked(app: Flask) -> None:
    payments.connect("", "https://api.stripe.com")
    with pytest.raises(StripeRefused) as refusal:
        retrieve_session("cs_test_1")
    assert refusal.value.values["code"] == "not_connected"


def test_a_funds_product_is_made_once_and_renamed(app: Flask, box: Sandbox) -> None:
    assert ensure_product("legal-defence", "Legal defence")
    assert not ensure_product("legal-defence", "Legal defence")
    assert not ensure_product("legal-defence", "Legal defence fund")
    assert [(each["id"], each["name"]) for each in box.store.select("product")] == [
        (product_id("legal-defence"), "Legal defence fund")
    ]


def test_replacing_the_endpoint_leaves_one_with_our_events_and_version(app: Flask, box: Sandbox) -> None:
    url = "http://127.0.0.1:5000/webhooks/stripe"
    first = replace_endpoint(url)
    second = replace_endpoint(url)
    assert first.secret.startswith("whsec_")
    assert second.secret != first.secret
    (left,) = list_endpoints()
    assert (left.endpoint_id, left.api_version, left.enabled) == (second.endpoint_id, stripe.api_version, True)
    assert set(box.store.select("webhook_endpoint")[0]["enabled_events"]) == set(EVENTS)


def at(box: Sandbox, *, minutes: int) -> datetime:
    return datetime.fromtimestamp(box.clock.now() + 60 * minutes, UTC)
