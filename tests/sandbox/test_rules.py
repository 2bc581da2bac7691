"""Every rule between fields: what breaks it is refused, with the parameter named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.sandbox import rules
from donate.sandbox.app import Sandbox

Asked = Callable[..., dict[str, Any]]
Change = Callable[[dict[str, Any]], None]


def with_(**more: Any) -> Change:
    return lambda params: params.update(more)


def without(*names: str) -> Change:
    return lambda params: [params.pop(name) for name in names]  # type: ignore[return-value]


def data(**more: Any) -> Change:
    return lambda params: params["line_items"][0]["price_data"].update(more)


def line(**more: Any) -> Change:
    return lambda params: params["line_items"][0].update(more)


def suffix(text: str) -> Change:
    return with_(payment_intent_data={"statement_descriptor_suffix": text})


def second_line(**more: Any) -> Change:
    def change(params: dict[str, Any]) -> None:
        params["line_items"].append(copy.deepcopy(params["line_items"][0]))
        params["line_items"][1]["price_data"].update(more)

    return change


def setup(**more: Any) -> Change:
    def change(params: dict[str, Any]) -> None:
        del params["line_items"]
        wanted = {"mode": "setup", "currency": "usd", **more}
        params.update({name: value for name, value in wanted.items() if value is not None})

    return change


def elements(**more: Any) -> Change:
    def change(params: dict[str, Any]) -> None:
        del params["success_url"], params["cancel_url"]
        wanted = {"ui_mode": "elements", "return_url": "https://a.example/", **more}
        params.update({name: value for name, value in wanted.items() if value is not None})

    return change


MONTH = {"interval": "month"}
# rule, the parameters it begins from, what breaks it, the parameter named in the error
BROKEN: list[tuple[str, str | None, Change, str | None]] = [
    ("mode_required", None, without("mode"), "mode"),
    ("setup_has_no_lines", None, with_(mode="setup", currency="usd"), "line_items"),
    ("setup_needs_currency", None, setup(currency=None), "currency"),
    ("setup_needs_currency", None, setup(currency="USD"), "currency"),
    ("setup_intent_data_only_in_setup", None, with_(setup_intent_data={"metadata": {"a": "b"}}), "setup_intent_data"),
    ("payment_intent_data_only_in_payment", None, setup(customer_creation="always"), "customer_creation"),
    ("ui_mode_modelled", None, with_(ui_mode="embedded_page"), "ui_mode"),
    ("hosted_page_words_not_with_elements", None, elements(submit_type="donate"), "submit_type"),
    ("hosted_page_words_not_with_elements", None, elements(origin_context="web"), "origin_context"),
    ("hosted_page_words_not_with_elements", None, elements(branding_settings={"display_name": "A"}),
     "branding_settings"),
    ("hosted_page_words_not_with_elements", None, elements(custom_text={"submit": {"message": "A"}}), "custom_text"),
    ("success_url_required", None, elements(success_url="https://a.example/"), "success_url"),
    ("success_url_required", None, elements(cancel_url="https://a.example/"), "cancel_url"),
    ("success_url_required", None, elements(return_url=None), "return_url"),
    ("urls_absolute", None, elements(return_url="/gifts"), "return_url"),
    ("submit_type_allowed", None, with_(submit_type="subscribe"), "submit_type"),
    ("success_url_required", None, without("success_url"), "success_url"),
    ("success_url_required", None, with_(return_url="https://a.example/"), "return_url"),
    ("urls_absolute", None, with_(success_url="/gifts"), "success_url"),
    ("urls_absolute", None, with_(cancel_url="javascript:alert(1)"), "cancel_url"),
    ("customer_or_email_not_both", None, with_(customer="cus_x", customer_email="a@example.org"), "customer_email"),
    ("customer_or_email_not_both", None, with_(customer="cus_x", customer_creation="always"), "customer_creation"),
    ("customer_email_plausible", None, with_(customer_email="nobody"), "customer_email"),
    ("payment_intent_data_only_in_payment", "month", with_(payment_intent_data={"metadata": {"a": "b"}}),
     "payment_intent_data"),
    ("payment_intent_data_only_in_payment", "month", with_(customer_creation="always"), "customer_creation"),
    ("subscription_data_only_in_subscription", None, with_(subscription_data={"metadata": {"a": "b"}}),
     "subscription_data"),
    ("billing_mode_flexible", "month", with_(subscription_data={"billing_mode": {"type": "classic"}}),
     "subscription_data[billing_mode]"),
    ("statement_descriptor", None, suffix("<GIFT>"), "payment_intent_data[statement_descriptor_suffix]"),
    ("statement_descriptor", None, suffix("2026"), "payment_intent_data[statement_descriptor_suffix]"),
    ("statement_descriptor", None, suffix("A GIFT TOO LONG"), "payment_intent_data[statement_descriptor_suffix]"),
    ("statement_descriptor", None, with_(payment_intent_data={"statement_descriptor": "GIFT"}),
     "payment_intent_data[statement_descriptor]"),
    ("client_reference_id", None, with_(client_reference_id="a b"), "client_reference_id"),
    ("client_reference_id", None, with_(client_reference_id="a" * 201), "client_reference_id"),
    ("line_items_required", None, without("line_items"), "line_items"),
    ("subscription_needs_recurring", None, with_(mode="subscription"), "line_items"),
    ("payment_refuses_recurring", "month", with_(mode="payment"), "line_items"),
    ("one_currency", None, second_line(currency="eur"), "line_items"),
    ("one_currency", None, with_(currency="eur"), "line_items"),
    ("last_digit_of_three_decimals", None, data(currency="kwd", unit_amount=5121), "line_items[0]"),
    ("last_digit_of_three_decimals", None, data(currency="isk", unit_amount=5050), "line_items[0]"),
    ("amount_minimum", None, data(unit_amount=49), "line_items"),
    ("amount_minimum", None, data(currency="huf", unit_amount=17499), "line_items"),
    ("amount_minimum", None, data(unit_amount=100_000_000), "line_items"),
    ("currency", None, data(currency="USD"), "line_items[0][price_data][currency]"),
    ("recurring", "month", data(recurring={"interval": "month", "interval_count": 37}),
     "line_items[0][price_data][recurring][interval_count]"),
    ("recurring", "month", data(recurring={"interval": "year", "interval_count": 0}),
     "line_items[0][price_data][recurring][interval_count]"),
    ("price_or_data", None, line(price="price_x"), "line_items[0]"),
    ("price_or_data", None, data(product_data={"name": "x"}), "line_items[0]"),
    ("quantity", None, lambda params: params["line_items"][0].pop("quantity"), "line_items[0][quantity]"),
    ("quantity", None, line(quantity=0), "line_items[0][quantity]"),
    ("product_exists", None, data(product="donate_nothing"), "line_items[0][price_data][product]"),
]  # fmt: skip
# Rules with a test of their own below.
ELSEWHERE = {
    "expires_between_30_minutes_and_24_hours", "product_active", "minor_units", "session_open", "subscription_alive",
    "payout_covered", "payout_pending",
    # in test_refunds.py and test_disputes.py
    "refund_names_a_payment", "refund_reason", "refund_of_a_paid_charge", "refund_not_disputed", "refund_left",
    "refund_cancelable", "dispute_possible", "dispute_awaits_answer", "dispute_undecided",
    "resumes_later", "method_unused", "method_attached", "method_of_customer",
    "invoice_payable", "method_offered", "search_clauses", "search_field", "search_operator",
    "clock_begins_now", "clock_moves_forward",
}  # fmt: skip


@pytest.mark.parametrize(("rule", "interval", "change", "param"), BROKEN)
def test_a_broken_rule_is_refused_by_the_parameters_name(
    client: stripe.StripeClient, asked: Asked, rule: str, interval: str | None, change: Change, param: str | None
) -> None:
    params = asked(interval)
    change(params)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(params)
    assert (caught.value.http_status, caught.value.param) == (400, param)
    assert client.v1.checkout.sessions.list().data == []
    assert client.v1.prices.list().data == []


def test_each_rule_is_proved_and_says_itself_in_a_sentence() -> None:
    assert {rule for rule, *_ in BROKEN} | ELSEWHERE == set(rules.NAMES)
    assert all(sentence.endswith(".") for sentence in rules.NAMES.values())


@pytest.mark.parametrize("interval", [None, "month", "year"])
def test_what_keeps_the_rules_is_accepted(client: stripe.StripeClient, asked: Asked, interval: str | None) -> None:
    params = asked(interval, submit_type="donate", locale="de", customer_email="a@example.org")
    params["adaptive_pricing"] = {"enabled": False}
    session = client.v1.checkout.sessions.create(params)
    assert (session.submit_type, session.locale, session.amount_total) == ("donate", "de", 2500)


@pytest.mark.parametrize(("ahead", "fine"), [(1790, False), (1830, True), (86390, True), (86430, False)])
def test_expires_at_lies_between_half_an_hour_and_a_day(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, ahead: int, fine: bool
) -> None:
    params = asked(expires_at=int(box.clock.exact()) + ahead)
    if fine:
        assert client.v1.checkout.sessions.create(params).status == "open"
        return
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(params)
    assert caught.value.param == "expires_at"


def test_an_inactive_product_or_price_is_refused(client: stripe.StripeClient, asked: Asked) -> None:
    price = client.v1.prices.create({"currency": "usd", "unit_amount": 500, "product": "donate_general"})
    client.v1.prices.update(price.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        client.v1.checkout.sessions.create(asked(line_items=[{"price": price.id, "quantity": 1}]))
    client.v1.products.update("donate_general", {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        client.v1.checkout.sessions.create(asked())


def test_a_stored_price_can_be_given_to(client: stripe.StripeClient, asked: Asked) -> None:
    price = client.v1.prices.create({"currency": "usd", "unit_amount": 500, "product": "donate_general"})
    session = client.v1.checkout.sessions.create(asked(line_items=[{"price": price.id, "quantity": 3}]))
    assert session.amount_total == 1500


def test_only_an_open_session_expires(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    session = client.v1.checkout.sessions.create(asked())
    box.complete(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="status of complete"):
        client.v1.checkout.sessions.expire(session.id)


def test_a_canceled_subscription_takes_metadata_and_nothing_else(
    box: Sandbox, client: stripe.StripeClient, asked: Asked
) -> None:
    session = client.v1.checkout.sessions.create(asked("month"))
    box.complete(session.id)
    identifier = str(client.v1.checkout.sessions.retrieve(session.id).subscription)
    with pytest.raises(stripe.InvalidRequestError, match="in the future"):
        client.v1.subscriptions.update(identifier, {"pause_collection": {"behavior": "void", "resumes_at": 1}})
    client.v1.subscriptions.cancel(identifier)
    client.v1.subscriptions.update(identifier, {"metadata": {"a": "b"}})
    with pytest.raises(stripe.InvalidRequestError, match="canceled subscription"):
        client.v1.subscriptions.update(identifier, {"cancel_at_period_end": True})


def test_a_new_amount_keeps_to_the_currencys_units(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    params = asked("month")
    params["line_items"][0]["price_data"] |= {"currency": "kwd", "unit_amount": 5120}
    session = client.v1.checkout.sessions.create(params)
    box.complete(session.id)
    identifier = str(client.v1.checkout.sessions.retrieve(session.id).subscription)
    item = client.v1.subscriptions.retrieve(identifier)["items"].data[0]
    change: Any = {"id": item.id, "price_data": {"currency": "kwd", "product": "donate_general", "unit_amount": 5125,
                                                 "recurring": {"interval": "month"}}}  # fmt: skip
    with pytest.raises(stripe.InvalidRequestError, match="0 as their last digit"):
        client.v1.subscriptions.update(identifier, {"items": [change], "proration_behavior": "none"})


def test_what_is_not_acted_out_is_refused_and_never_ignored(client: stripe.StripeClient, asked: Asked) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(asked(allow_promotion_codes=True))
    assert (caught.value.code, caught.value.param) == ("sandbox_not_modelled", "allow_promotion_codes")


def test_metadata_has_limits(client: stripe.StripeClient) -> None:
    for bad in ({"k" * 41: "v"}, {"k": "v" * 501}, {f"k{n}": "v" for n in range(51)}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.customers.create({"metadata": bad})


@pytest.mark.parametrize("bad", [{"url": "ftp://x/"}, {"enabled_events": ["*", "invoice.paid"]}])
def test_an_endpoint_needs_an_address_and_a_clear_list(client: stripe.StripeClient, bad: dict[str, Any]) -> None:
    good = {"url": "http://127.0.0.1:5000/", "enabled_events": ["*"]}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.webhook_endpoints.create({**good, **bad})  # type: ignore[typeddict-item]
