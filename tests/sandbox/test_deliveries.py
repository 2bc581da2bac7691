"""Deliveries are signed as stripe checks them, tried again, and survive a restart; faults strike them on order."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox

URL = "http://127.0.0.1:5000/webhooks/stripe"
Asked = Callable[..., dict[str, Any]]


def test_a_delivery_passes_stripes_own_check(box: Sandbox, client: stripe.StripeClient) -> None:
    _, secret = box.add_endpoint(URL)
    box.advance(seconds=400 * 86400)  # signatures follow the real clock, whatever the sandbox's says
    client.v1.customers.create({"email": "a@example.org"})
    (delivery,) = box.pull_deliveries()
    assert stripe.WebhookSignature.verify_header(
        delivery.body.decode(), delivery.headers["Stripe-Signature"], secret, tolerance=300
    )
    event = stripe.Webhook.construct_event(delivery.body, delivery.headers["Stripe-Signature"], secret)
    assert (event.type, delivery.url, delivery.event_id) == ("customer.created", URL, event.id)
    assert event.pending_webhooks == 1
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(delivery.body + b" ", delivery.headers["Stripe-Signature"], secret)


def test_an_endpoint_hears_only_what_it_listens_to(box: Sandbox, client: stripe.StripeClient) -> None:
    box.add_endpoint(URL, events=["product.updated"])
    endpoint, _ = box.add_endpoint(URL, secret="whsec_chosen")
    client.v1.webhook_endpoints.update(endpoint, {"disabled": True})
    client.v1.customers.create({})
    assert box.pull_deliveries() == []
    client.v1.products.update("donate_general", {"name": "x"})
    assert [one.event_type for one in box.pull_deliveries()] == ["product.updated"]


def test_an_event_is_rendered_in_the_endpoints_version(box: Sandbox, client: stripe.StripeClient) -> None:
    client.v1.webhook_endpoints.create({"url": URL, "enabled_events": ["*"], "api_version": "2025-03-31.basil"})
    client.v1.customers.create({})
    (delivery,) = box.pull_deliveries()
    assert json.loads(delivery.body)["api_version"] == "2025-03-31.basil"


def test_a_delivery_that_fails_is_tried_again_later(box: Sandbox, client: stripe.StripeClient) -> None:
    box.add_endpoint(URL)
    client.v1.customers.create({})
    (first,) = box.pull_deliveries()
    assert box.pull_deliveries() == []
    first.answer(500)
    assert box.pull_deliveries() == []
    assert client.v1.events.retrieve(first.event_id).pending_webhooks == 1
    box.advance(seconds=61)
    (second,) = box.pull_deliveries()
    assert second.event_id == first.event_id
    second.answer(200)
    box.advance(seconds=86400)
    assert box.pull_deliveries() == []
    assert client.v1.events.retrieve(first.event_id).pending_webhooks == 0
    assert client.v1.events.list({"delivery_success": False}).data == []


def test_after_many_failures_it_is_given_up(box: Sandbox, client: stripe.StripeClient) -> None:
    box.add_endpoint(URL)
    client.v1.customers.create({})
    tries = 0
    while deliveries := box.pull_deliveries():
        deliveries[0].answer(503)
        box.advance(seconds=12 * 3600)
        tries += 1
    assert tries == 8
    assert [one.type for one in client.v1.events.list({"delivery_success": False}).data] == ["customer.created"]


def test_deliveries_resume_after_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.db")
    box = Sandbox(path, deliver="pull")
    box.add_endpoint(URL)
    client = stripe.StripeClient("sk_test_x", http_client=box.http_client())
    client.v1.customers.create({})
    client.v1.customers.create({})
    answered, lost = box.pull_deliveries()
    answered.answer(200)
    box.advance(seconds=86400)
    box.close()
    again = Sandbox(path, deliver="pull")
    assert [one.event_id for one in again.pull_deliveries()] == [lost.event_id]
    assert again.offset() == pytest.approx(86400, abs=5)
    again.close()


# -- by HTTP ---------------------------------------------------------------------------------------------------


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[str], list[int]]]:
    """A server that notes the types it hears and answers from a list of statuses, then 200."""
    heard: list[str] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append(json.loads(body)["type"])
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard, answers
    server.shutdown()
    server.server_close()
    thread.join()


def test_advance_answers_when_deliveries_have_been_answered(
    receiver: tuple[str, list[str], list[int]], asked: Asked
) -> None:
    url, heard, answers = receiver
    box = Sandbox(check_responses=True, deliver="http")
    client = stripe.StripeClient("sk_test_x", http_client=box.http_client())
    client.v1.products.create({"id": "donate_general", "name": "General fund"})
    box.add_endpoint(url, events=["checkout.session.completed", "invoice.paid", "charge.updated"])
    session = client.v1.checkout.sessions.create(asked("month"))
    box.complete(session.id)
    answers[:] = [500, 302]
    box.advance(seconds=40 * 86400)
    assert sorted(heard[:2]) == ["checkout.session.completed", "invoice.paid"]  # both refused, both tried again
    assert sorted(heard[2:]) == ["charge.updated"] * 2 + ["checkout.session.completed"] + ["invoice.paid"] * 2
    assert client.v1.events.list({"delivery_success": False}).data == []
    box.close()


def test_a_dead_receiver_keeps_the_delivery_waiting() -> None:
    box = Sandbox(deliver="http")
    client = stripe.StripeClient("sk_test_x", http_client=box.http_client())
    box.add_endpoint("http://127.0.0.1:9/hook")
    client.v1.customers.create({})
    box.advance(seconds=0)
    state, answer = box.store.run("SELECT state, answer FROM deliveries")[0]
    assert state == "waiting"
    assert "no answer" in answer
    box.close()


# -- faults ------------------------------------------------------------------------------------------------------


def order(box: Sandbox, *faults: dict[str, Any]) -> None:
    answer = box.wsgi.test_client().post("/_sandbox/faults", json=list(faults))
    assert answer.status_code == 200, answer.json


def test_a_dropped_webhook_never_comes(box: Sandbox, client: stripe.StripeClient) -> None:
    box.add_endpoint(URL)
    order(box, {"kind": "drop_webhook", "match": {"type": "customer.*"}, "times": 1})
    client.v1.customers.create({})
    client.v1.customers.create({})
    assert len(box.pull_deliveries()) == 1
    box.advance(seconds=7 * 86400)
    assert box.pull_deliveries() == []
    assert len(client.v1.events.list({"type": "customer.created"}).data) == 2


def test_a_doubled_webhook_comes_twice(box: Sandbox, client: stripe.StripeClient) -> None:
    box.add_endpoint(URL)
    order(box, {"kind": "duplicate_webhook"})
    client.v1.customers.create({})
    first, second = box.pull_deliveries()
    assert first.event_id == second.event_id


def test_a_late_webhook_waits_its_time(box: Sandbox, client: stripe.StripeClient) -> None:
    box.add_endpoint(URL)
    order(box, {"kind": "delay_webhook", "seconds": 600, "match": {"path": "/webhooks/stripe"}})
    client.v1.customers.create({})
    assert box.pull_deliveries() == []
    box.advance(seconds=601)
    assert len(box.pull_deliveries()) == 1


def test_reordered_webhooks_come_newest_first(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    box.add_endpoint(URL)
    session = client.v1.checkout.sessions.create(asked())
    box.pull_deliveries()
    order(box, {"kind": "reorder_webhook", "times": 10})
    box.complete(session.id)
    box.advance(seconds=3)
    assert [one.event_type for one in box.pull_deliveries()] == [
        "checkout.session.completed", "payment_intent.succeeded", "charge.succeeded", "payment_intent.created",
    ]  # fmt: skip


def test_a_request_lost_on_the_way_has_no_effect(box: Sandbox, client: stripe.StripeClient) -> None:
    order(box, {"kind": "timeout_before", "match": {"method": "post", "path": "/v1/customers"}})
    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.create({})
    assert client.v1.customers.list().data == []
    client.v1.customers.create({})


def test_a_lost_answer_had_its_effect_and_the_key_finds_it(box: Sandbox, client: stripe.StripeClient) -> None:
    order(box, {"kind": "timeout_after", "match": {"path": "/v1/customers"}})
    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.create({"name": "Ada"}, {"idempotency_key": "k"})
    again = client.v1.customers.create({"name": "Ada"}, {"idempotency_key": "k"})
    assert [one.id for one in client.v1.customers.list().data] == [again.id]


@pytest.mark.parametrize(("kind", "error"), [("http_500", stripe.APIError), ("http_429", stripe.RateLimitError)])
def test_a_refusing_server_refuses_as_often_as_told(
    box: Sandbox, client: stripe.StripeClient, kind: str, error: type[Exception]
) -> None:
    order(box, {"kind": kind, "times": 2})
    for _ in range(2):
        with pytest.raises(error):
            client.v1.customers.list()
    assert client.v1.customers.list().data == []
    assert box.faults.all() == []


def test_over_http_a_lost_answer_is_held(box: Sandbox) -> None:
    order(box, {"kind": "timeout_before", "seconds": 0.2})
    began = time.monotonic()
    answer = box.wsgi.test_client().get("/v1/customers", headers={"Authorization": "Bearer sk_test_x"})
    assert (answer.status_code, time.monotonic() - began > 0.2) == (500, True)


@pytest.mark.parametrize(
    "bad", [{"kind": "flood"}, [{"kind": "flood"}], [{"kind": "http_500", "match": {"host": "x"}}]]
)
def test_an_unknown_fault_is_refused(box: Sandbox, bad: Any) -> None:
    assert box.wsgi.test_client().post("/_sandbox/faults", json=bad).status_code == 400
