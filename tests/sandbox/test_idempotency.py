"""Idempotency keys: one request, one effect, for a day."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.sandbox.app import CardDeclined, Sandbox

KEY = {"Authorization": "Bearer sk_test_practice", "Idempotency-Key": "gift-1:session"}


def test_the_same_request_gets_the_same_answer(box: Sandbox) -> None:
    caller = box.wsgi.test_client()
    first = caller.post("/v1/customers", data={"email": "a@example.org"}, headers=KEY)
    again = caller.post("/v1/customers", data={"email": "a@example.org"}, headers=KEY)
    assert again.json == first.json
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert len(caller.get("/v1/customers", headers=KEY).json["data"]) == 1


def test_other_parameters_under_a_used_key_are_refused(box: Sandbox) -> None:
    caller = box.wsgi.test_client()
    caller.post("/v1/customers", data={"email": "a@example.org"}, headers=KEY)
    answer = caller.post("/v1/customers", data={"email": "b@example.org"}, headers=KEY)
    assert (answer.status_code, answer.json["error"]["type"]) == (400, "idempotency_error")


def test_another_path_under_a_used_key_is_refused(client: stripe.StripeClient) -> None:
    client.v1.customers.create({}, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError):
        client.v1.products.create({"name": "x"}, {"idempotency_key": "k"})


def test_a_key_has_an_end(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({}, {"idempotency_key": "k" * 256})


def test_a_request_that_failed_validation_leaves_the_key_free(box: Sandbox) -> None:
    caller = box.wsgi.test_client()
    assert caller.post("/v1/customers", data={"nonsense": "1"}, headers=KEY).status_code == 400
    assert caller.post("/v1/customers", data={"email": "no address"}, headers=KEY).status_code == 400
    assert caller.post("/v1/customers", data={"email": "a@example.org"}, headers=KEY).status_code == 200


def test_a_second_request_while_the_first_is_under_way_is_refused(box: Sandbox) -> None:
    answers: list[int] = []

    def post() -> None:
        answers.append(box.wsgi.test_client().post("/v1/customers", data={}, headers=KEY).status_code)

    with box.store.lock:  # the first request waits here, its key in flight
        first = threading.Thread(target=post)
        first.start()
        deadline = time.monotonic() + 10
        while not box.idempotency.in_flight and time.monotonic() < deadline:
            time.sleep(0.005)
        second = box.wsgi.test_client().post("/v1/customers", data={}, headers=KEY)
    first.join()
    assert (second.status_code, second.json["error"]["code"]) == (409, "idempotency_key_in_use")
    assert answers == [200]
    assert not box.idempotency.in_flight


def test_a_key_is_forgotten_after_a_day_of_sandbox_time(box: Sandbox, client: stripe.StripeClient) -> None:
    first = client.v1.customers.create({}, {"idempotency_key": "k"})
    box.advance(seconds=86300)
    assert client.v1.customers.create({}, {"idempotency_key": "k"}).id == first.id
    box.advance(seconds=101)
    assert client.v1.customers.create({}, {"idempotency_key": "k"}).id != first.id


def test_events_name_the_request_that_caused_them(
    box: Sandbox, client: stripe.StripeClient, asked: Callable[..., dict[str, Any]]
) -> None:
    customer = client.v1.customers.create({}, {"idempotency_key": "k"})
    event = client.v1.events.list({"type": "customer.created"}).data[0].to_dict()
    assert event["request"]["idempotency_key"] == "k"
    assert event["request"]["id"].startswith("req_")
    assert event["data"]["object"]["id"] == customer.id
    session = client.v1.checkout.sessions.create(asked())
    with pytest.raises(CardDeclined):
        box.complete(session.id, "pm_card_chargeDeclined")
    failed = client.v1.events.list({"type": "charge.failed"}).data[0].to_dict()
    assert failed["request"] == {"id": None, "idempotency_key": None}
