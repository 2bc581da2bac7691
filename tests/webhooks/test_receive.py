"""The webhook address: signatures, bodies that are none, duplicates, secrets that are replaced."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from donate.db import committed
from donate.payments import API_VERSION
from donate.sandbox.app import Sandbox
from donate.sandbox.deliveries import sign
from donate.web import hooks
from donate.webhooks.catch_up import catch_up_events
from donate.webhooks.dispatch import apply_event
from donate.webhooks.models import StripeEvent
from donate.webhooks.receive import store_event
from donate.webhooks.replay import replay, replay_failed
from tests.make.application import WEBHOOK_SECRET
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox
from tests.make.rows import count, every, fresh

EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "api_version": "2020-08-27",
    "livemode": False,
    "data": {"object": {"id": "cs_test_unknown"}},
}
BODY = json.dumps(EVENT).encode()


def post(client: FlaskClient, body: bytes, header: str | None) -> int:
    headers = {} if header is None else {"Stripe-Signature": header}
    with client.post("/webhooks/stripe", data=body, headers=headers) as answer:
        return answer.status_code


def signed(body: bytes, secret: str = WEBHOOK_SECRET, age: int = 0) -> str:
    return sign(secret, body, int(time.time()) - age)


def test_a_signed_event_is_stored_as_it_came(client: FlaskClient) -> None:
    assert post(client, BODY, signed(BODY)) == 200
    (event,) = every(StripeEvent)
    assert (event.event_id, event.type, event.object_id, event.state) == (
        "evt_1", "checkout.session.completed", "cs_test_unknown", "received",
    )  # fmt: skip
    assert event.payload == BODY


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "t=1,v1=abc",
        "nonsense",
        signed(BODY, "whsec_of_somebody_else"),
        signed(b"another body"),
        signed(BODY, age=3600),
    ],
    ids=["none", "empty", "old-and-wrong", "nonsense", "another-secret", "another-body", "an-hour-old"],
)
def test_what_stripe_did_not_sign_just_now_is_refused_and_not_stored(client: FlaskClient, header: str | None) -> None:
    assert post(client, BODY, header) == 400
    assert count(StripeEvent) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'"evt"',
        json.dumps({**EVENT, "id": 7}).encode(),
        json.dumps({**EVENT, "id": "e" * 81}).encode(),
        json.dumps({**EVENT, "id": "evt\x00"}).encode(),
        json.dumps({**EVENT, "data": None}).encode(),
        json.dumps({key: value for key, value in EVENT.items() if key != "livemode"}).encode(),
    ],
)
def test_a_signed_body_that_is_no_event_is_refused(client: FlaskClient, body: bytes) -> None:
    assert post(client, body, signed(body)) == 400
    assert count(StripeEvent) == 0


def test_a_repeated_delivery_is_a_quiet_yes(client: FlaskClient) -> None:
    assert [post(client, BODY, signed(BODY)) for _ in range(3)] == [200, 200, 200]
    assert count(StripeEvent) == 1


def test_while_a_secret_is_replaced_both_are_accepted(app: Flask, client: FlaskClient) -> None:
    chosen = app.config["DONATE"]
    app.config["DONATE"] = dataclasses.replace(chosen, stripe_webhook_secret=f"whsec_new, {WEBHOOK_SECRET}")
    assert post(client, BODY, signed(BODY, "whsec_new")) == 200
    assert post(client, BODY, signed(BODY)) == 200
    assert post(client, BODY, signed(BODY, "whsec_third")) == 400


def test_the_address_takes_posts_only(client: FlaskClient) -> None:
    with client.get("/webhooks/stripe") as answer:
        assert answer.status_code == 405


def test_an_event_of_another_version_is_applied_from_what_stripe_holds_and_named_to_the_operator(
    app: Flask, gifts: Gifts, box: Sandbox, client: FlaskClient, work: Callable[[], int]
) -> None:
    assert "NOTE" not in app.test_cli_runner().invoke(args=["check"]).output
    donation = gifts.paid()
    for delivery in box.pull_deliveries():
        body = json.dumps(json.loads(delivery.body) | {"api_version": "2019-03-14"}).encode()
        assert post(client, body, signed(body)) == 200
    others = len(every(StripeEvent))
    work()
    assert fresh(donation).status == "succeeded"
    checked = app.test_cli_runner().invoke(args=["check"])
    # Nothing is broken by it; what to do is said.
    assert checked.exit_code == 0, checked.output
    assert f"than {API_VERSION}: {others} in 2019-03-14. They took effect." in checked.output
    with client.get("/metrics") as answer:
        assert f"donate_events_of_another_version {float(others)}" in answer.text


def test_what_a_payload_says_is_never_believed(gifts: Gifts, client: FlaskClient, work: Callable[[], int]) -> None:
    """The event says paid; Stripe, when asked, says open."""
    donation = gifts.begin()
    said = {"id": donation.stripe_checkout_session_id, "status": "complete", "payment_status": "paid"}
    body = json.dumps({**EVENT, "data": {"object": said}}).encode()
    assert post(client, body, signed(body)) == 200
    work()
    assert fresh(donation).status == "pending"


def test_events_that_were_never_delivered_are_fetched_once(
    gifts: Gifts, box: Sandbox, settle: Callable[[], None], outbox: Outbox
) -> None:
    box.faults.replace([{"kind": "drop_webhook", "times": 100}])
    donation = gifts.paid()
    settle()
    assert fresh(donation).status == "pending"
    assert catch_up_events(donation.created_at) > 0
    assert catch_up_events(donation.created_at) == 0
    settle()
    assert fresh(donation).status == "succeeded"
    assert len(outbox) == 1


def test_applying_an_event_again_changes_nothing(gifts: Gifts, settle: Callable[[], None], outbox: Outbox) -> None:
    donation = gifts.paid()
    settle()
    version = fresh(donation).version
    for event in every(StripeEvent):
        assert replay(event.event_id) in ("applied", "ignored")
    settle()
    assert fresh(donation).version == version
    assert len(outbox) == 1


def test_failed_events_are_replayed_together(gifts: Gifts, box: Sandbox, settle: Callable[..., None]) -> None:
    donation = gifts.paid()
    box.faults.replace([{"kind": "http_500", "match": {"method": "GET"}, "times": 100}])
    settle(failing=True)
    assert "failed" in {event.state for event in every(StripeEvent)}
    box.faults.replace([])
    assert "failed" not in replay_failed().values()
    assert fresh(donation).status == "succeeded"


def test_an_event_of_a_kind_we_do_not_act_on_is_ignored(app: Flask) -> None:
    with committed():
        store_event(json.dumps({**EVENT, "type": "product.created"}).encode())
    apply_event("evt_1")
    assert [event.state for event in every(StripeEvent)] == ["ignored"]


def test_a_store_that_breaks_is_a_500_that_stripe_repeats_and_the_log_holds_no_event(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def break_down(_body: bytes) -> bool:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(hooks, "receive_event", break_down)
    with capture_logs() as said:
        assert post(client, BODY, signed(BODY)) == 500
    assert [each["event"] for each in said] == ["webhook_broke"]
    assert "cs_test_unknown" not in str(said)
    monkeypatch.undo()
    assert post(client, BODY, signed(BODY)) == 200


def test_a_delivery_carries_the_standing_headers_and_other_methods_are_told_so(client: FlaskClient) -> None:
    with client.post("/webhooks/stripe", data=BODY, headers={"Stripe-Signature": signed(BODY)}) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/webhooks/stripe").status_code == 405
