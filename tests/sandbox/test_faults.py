"""Requests that go wrong on order: refused before, broken after, and only on the page that was named."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox


def order(box: Sandbox, kind: str, **more: Any) -> None:
    answer = box.wsgi.test_client().post("/_sandbox/faults", json=[{"kind": kind, **more}])
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("kind", "error", "status", "code"),
    [
        ("http_401", stripe.AuthenticationError, 401, None),
        ("http_409", stripe.APIError, 409, "idempotency_key_in_use"),
        ("http_429", stripe.RateLimitError, 429, "rate_limit"),
        ("http_500", stripe.APIError, 500, None),
    ],
)
def test_a_refused_request_has_done_nothing_and_works_the_next_time(
    box: Sandbox, client: stripe.StripeClient, kind: str, error: type[stripe.StripeError], status: int, code: str | None
) -> None:
    order(box, kind, match={"method": "POST", "path": "/v1/customers"})
    with pytest.raises(error) as caught:
        client.v1.customers.create({}, {"idempotency_key": "k"})
    body: Any = caught.value.json_body
    assert (caught.value.http_status, body["error"].get("code")) == (status, code)
    assert client.v1.customers.list().data == []
    assert client.v1.customers.create({}, {"idempotency_key": "k"}).id.startswith("cus_")
    assert len(client.v1.customers.list().data) == 1


@pytest.mark.parametrize(("more", "seconds"), [({}, "1"), ({"seconds": 30}, "30")])
def test_too_many_requests_say_how_long_to_wait(
    box: Sandbox, client: stripe.StripeClient, more: dict[str, Any], seconds: str
) -> None:
    order(box, "http_429", **more)
    with pytest.raises(stripe.RateLimitError) as caught:
        client.v1.customers.list()
    assert caught.value.headers is not None
    assert caught.value.headers["retry-after"] == seconds


def test_a_request_that_breaks_after_its_effect_is_500_for_good_under_its_key(
    box: Sandbox, client: stripe.StripeClient
) -> None:
    order(box, "http_500_after", match={"path": "/v1/customers"})
    said = []
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            client.v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "k"})
        said.append((caught.value.http_status, str(caught.value.user_message)))
    assert said[0] == said[1] == (500, "The sandbox was told to fail after doing this.")
    assert [one.email for one in client.v1.customers.list().data] == ["a@example.org"]
    assert client.v1.events.list({"type": "customer.created"}).data != []
    client.v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "another"})
    assert len(client.v1.customers.list().data) == 2


def test_a_fault_can_strike_the_second_page_of_a_list(box: Sandbox, client: stripe.StripeClient) -> None:
    for _ in range(3):
        client.v1.customers.create({})
    order(box, "http_500", match={"path": "/v1/customers", "query": "*starting_after=*"})
    read = []
    with pytest.raises(stripe.APIError):
        for customer in client.v1.customers.list({"limit": 2}).auto_paging_iter():
            read.append(customer.id)
    assert len(read) == 2
    assert len(list(client.v1.customers.list({"limit": 2}).auto_paging_iter())) == 3


def test_a_fault_of_no_known_kind_or_match_is_refused(box: Sandbox) -> None:
    browser = box.wsgi.test_client()
    for wrong in ({"kind": "http_418"}, {"kind": "http_401", "match": {"colour": "red"}}):
        assert browser.post("/_sandbox/faults", json=[wrong]).status_code == 400
