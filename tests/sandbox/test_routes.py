"""What the sandbox answers is what Stripe answers: each route, key, version and page of a list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from werkzeug.test import TestResponse

from donate.sandbox import schema
from donate.sandbox.app import Sandbox
from donate.sandbox.wire import ROUTES

Get = Callable[..., TestResponse]
KEY = {"Authorization": "Bearer sk_test_practice"}


@pytest.fixture
def get(box: Sandbox) -> Get:
    caller = box.wsgi.test_client()

    def call(path: str, method: str = "GET", headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
        return caller.open(path, method=method, headers=KEY if headers is None else headers, **more)

    return call


@pytest.mark.parametrize(("method", "template"), [route[:2] for route in ROUTES])
def test_each_route_is_one_of_stripes_operations(method: str, template: str) -> None:
    assert schema.find_operation(method, re.sub(r"\{\w+\}", "x_1", template)) is not None


def test_the_sandbox_speaks_the_version_of_the_installed_package() -> None:
    assert schema.API_VERSION == stripe.api_version == "2026-10-28.endive"


@pytest.mark.parametrize(
    ("header", "status", "words"),
    [
        (None, 401, "You did not provide an API key"),
        ("Bearer sk_live_abc", 403, "takes no live keys"),
        ("Bearer rk_live_abc", 403, "takes no live keys"),
        ("Bearer pk_test_abc", 401, "Invalid API Key provided"),
        ("Bearer nonsense", 401, "Invalid API Key provided"),
        ("Basic !!!", 401, "You did not provide an API key"),
    ],
)
def test_only_test_keys_open_the_door(get: Get, header: str | None, status: int, words: str) -> None:
    answer = get("/v1/customers", headers={"Authorization": header} if header else {})
    assert answer.status_code == status
    assert words in answer.json["error"]["message"]


@pytest.mark.parametrize("header", ["Bearer sk_test_x", "Bearer rk_test_x", "Basic c2tfdGVzdF94Og=="])
def test_test_keys_are_taken_by_bearer_and_basic(get: Get, header: str) -> None:
    assert get("/v1/customers", headers={"Authorization": header}).status_code == 200


def test_every_answer_names_its_request_and_the_version(get: Get) -> None:
    answer = get("/v1/balance")
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.headers["Stripe-Version"] == schema.API_VERSION


def test_another_version_is_refused(get: Get) -> None:
    answer = get("/v1/balance", headers={**KEY, "Stripe-Version": "2020-08-27"})
    assert answer.status_code == 400
    assert "Invalid Stripe API version: 2020-08-27" in answer.json["error"]["message"]


def test_an_unknown_operation_is_told_in_stripes_words(get: Get) -> None:
    answer = get("/v1/donations", method="POST", data={"amount": "5"})
    assert answer.status_code == 404
    assert answer.json["error"]["message"].startswith("Unrecognized request URL (POST: /v1/donations)")


def test_what_stripe_knows_and_the_sandbox_does_not_is_told_apart(get: Get) -> None:
    answer = get("/v1/coupons")
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "sandbox_not_modelled"


def test_an_unknown_parameter_is_refused_by_name(get: Get) -> None:
    error = get("/v1/customers", method="POST", data={"emial": "a@example.org"}).json["error"]
    assert error["type"] == "invalid_request_error"
    assert "emial" in error["message"]
    assert "/_sandbox/requests#req_" in error["request_log_url"]


def test_a_json_body_is_refused(get: Get) -> None:
    answer = get("/v1/customers", method="POST", json={"email": "a@example.org"})
    assert answer.status_code == 400
    assert "application/x-www-form-urlencoded" in answer.json["error"]["message"]


def test_a_missing_object_is_a_404_with_its_code(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.charges.retrieve("ch_nothing")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


# -- objects that are simply kept -----------------------------------------------------------------------------


def test_a_customer_lives_and_is_remembered_as_deleted(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "a@example.org", "metadata": {"a": "1", "b": "2"}})
    changed = client.v1.customers.update(customer.id, {"name": "Ada", "metadata": {"a": "", "c": "3"}})
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}
    assert client.v1.customers.list({"email": "a@example.org"}).data[0].name == "Ada"
    client.v1.customers.delete(customer.id)
    assert client.v1.customers.retrieve(customer.id).deleted is True
    assert client.v1.customers.list().data == []


def test_an_update_records_the_old_values(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "a@example.org", "metadata": {"a": "1"}})
    client.v1.customers.update(customer.id, {"email": "b@example.org", "metadata": {"a": "2"}})
    event = client.v1.events.list({"type": "customer.updated"}).data[0].to_dict()
    assert event["data"]["previous_attributes"] == {"email": "a@example.org", "metadata": {"a": "1"}}


def test_all_metadata_goes_when_an_empty_string_is_sent(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"metadata": {"a": "1"}})
    changed = client.v1.customers.update(customer.id, {"metadata": ""})
    assert changed.to_dict()["metadata"] == {}


def test_products_and_prices_are_kept_under_their_own_ids(client: stripe.StripeClient) -> None:
    client.v1.products.update("donate_general", {"name": "The newsroom", "active": False})
    assert client.v1.products.retrieve("donate_general").name == "The newsroom"
    assert [one.id for one in client.v1.products.list({"active": False}).data] == ["donate_general"]
    price = client.v1.prices.create(
        {"currency": "usd", "unit_amount": 500, "product": "donate_general", "recurring": {"interval": "month"}}
    )
    client.v1.prices.update(price.id, {"nickname": "five"})
    assert client.v1.prices.retrieve(price.id, {"expand": ["product"]}).to_dict()["product"]["name"] == "The newsroom"
    assert [one.nickname for one in client.v1.prices.list({"recurring": {"interval": "month"}}).data] == ["five"]


def test_a_product_id_is_taken_once(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        client.v1.products.create({"id": "donate_general", "name": "Again"})


def test_an_endpoint_shows_its_secret_once(client: stripe.StripeClient) -> None:
    made = client.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1:5000/webhooks/stripe", "enabled_events": ["invoice.paid"],
         "api_version": "2026-10-28.endive"}
    )  # fmt: skip
    assert made.secret is not None
    assert made.secret.startswith("whsec_")
    again = client.v1.webhook_endpoints.retrieve(made.id)
    assert (again.to_dict().get("secret"), again.api_version) == (None, "2026-10-28.endive")
    assert client.v1.webhook_endpoints.update(made.id, {"disabled": True}).status == "disabled"
    assert len(client.v1.webhook_endpoints.list().data) == 1
    assert client.v1.webhook_endpoints.delete(made.id).deleted is True
    assert client.v1.webhook_endpoints.list().data == []


def test_the_account_answers_for_a_health_check(client: stripe.StripeClient) -> None:
    assert client.v1.accounts.retrieve_current().charges_enabled is True


# -- lists and expand ---------------------------------------------------------------------------------------


def test_lists_are_newest_first_and_paged_both_ways(client: stripe.StripeClient) -> None:
    ids = [client.v1.customers.create({"name": str(n)}).id for n in range(5)]
    first = client.v1.customers.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == ([ids[4], ids[3]], True)
    last = client.v1.customers.list({"limit": 3, "starting_after": ids[3]})
    assert ([one.id for one in last.data], last.has_more) == ([ids[2], ids[1], ids[0]], False)
    back = client.v1.customers.list({"limit": 2, "ending_before": ids[1]})
    assert ([one.id for one in back.data], back.has_more) == ([ids[3], ids[2]], True)
    assert [one.id for one in client.v1.customers.list({"limit": 2}).auto_paging_iter()] == ids[::-1]


def test_lists_take_ranges_of_time(box: Sandbox, client: stripe.StripeClient) -> None:
    early = client.v1.customers.create({})
    box.advance(seconds=1000)
    late = client.v1.customers.create({})
    middle = early.created + 500
    assert [one.id for one in client.v1.customers.list({"created": {"gt": middle}}).data] == [late.id]
    assert [one.id for one in client.v1.customers.list({"created": {"lte": middle}}).data] == [early.id]
    assert [one.id for one in client.v1.customers.list({"created": late.created}).data] == [late.id]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "starting_after=cus_nothing", "starting_after=a&ending_before=b"]
)
def test_wrong_pages_are_refused(get: Get, query: str) -> None:
    assert get(f"/v1/customers?{query}").status_code == 400


def test_expand_goes_four_levels_deep_and_no_further(
    box: Sandbox, client: stripe.StripeClient, asked: Callable[..., dict[str, Any]]
) -> None:
    session = client.v1.checkout.sessions.create(asked("month"))
    box.complete(session.id)
    box.advance(seconds=10)
    listed = client.v1.checkout.sessions.list({"expand": ["data.subscription.latest_invoice.payments"]}).to_dict()
    assert listed["data"][0]["subscription"]["latest_invoice"]["payments"]["data"][0]["status"] == "paid"
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        client.v1.checkout.sessions.list({"expand": ["data.subscription.latest_invoice.payments.data"]})
    payments = client.v1.invoice_payments.list({"expand": ["data.payment.payment_intent"]}).to_dict()
    assert payments["data"][0]["payment"]["payment_intent"]["status"] == "succeeded"


@pytest.mark.parametrize(
    "path", ["metadata", "nothing", "customer.metadata", "payment_intent.nothing", "data.customer"]
)
def test_what_cannot_be_expanded_is_refused(get: Get, box: Sandbox, client: stripe.StripeClient, path: str,
                                            asked: Callable[..., dict[str, Any]]) -> None:  # fmt: skip
    session = client.v1.checkout.sessions.create(asked())
    answer = get(f"/v1/checkout/sessions/{session.id}?expand[]={path}")
    assert answer.status_code == 400
    assert answer.json["error"]["message"] == f"This property cannot be expanded ({path})."


def test_line_items_have_a_page_of_their_own(client: stripe.StripeClient, asked: Callable[..., dict[str, Any]]) -> None:
    session = client.v1.checkout.sessions.create(asked())
    lines = client.v1.checkout.sessions.line_items.list(session.id)
    assert [(line.description, line.amount_total) for line in lines.data] == [("General fund", 2500)]
    assert "line_items" not in client.v1.checkout.sessions.retrieve(session.id).to_dict()


# -- admin ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["sandbox.example.org", "192.168.1.5:12111", "127.0.0.1.example.org"])
def test_other_names_for_this_machine_are_refused(get: Get, host: str) -> None:
    for path in ("/_sandbox/clock", "/v1/balance", "/"):
        assert get(path, base_url=f"http://{host}").status_code == 403


def test_callers_from_elsewhere_are_refused(get: Get) -> None:
    assert get("/_sandbox/clock", environ_overrides={"REMOTE_ADDR": "10.0.0.9"}).status_code == 403


def test_pages_of_other_sites_may_not_post(get: Get) -> None:
    assert get("/_sandbox/reset", method="POST", headers={"Origin": "https://evil.example"}).status_code == 403
    assert get("/_sandbox/reset", method="POST", headers={"Origin": "http://127.0.0.1:5000"}).status_code == 200


def test_what_was_received_can_be_read_and_forgotten(get: Get, box: Sandbox, client: stripe.StripeClient) -> None:
    box.clear_requests()
    client.v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "abc"})
    noted = get("/_sandbox/requests").json
    assert [(one["method"], one["path"], one["body"], one["idempotency_key"], one["status"]) for one in noted] == [
        ("POST", "/v1/customers", "email=a%40example.org", "abc", 200)
    ]
    assert noted[0]["stripe_version"] == schema.API_VERSION
    assert get("/_sandbox/requests", method="DELETE").json == []


def test_settings_are_shown_and_changed(get: Get) -> None:
    changed = get("/_sandbox/settings", method="POST", data=json.dumps({"fee_fixed": 25, "business_name": "The Line"}),
                  content_type="application/json").json  # fmt: skip
    assert (changed["fee_fixed"], changed["business_name"], changed["fee_percent"]) == (25, "The Line", 2.9)
    assert get("/_sandbox/settings", method="POST", data={"colour": "red"}).status_code == 400
