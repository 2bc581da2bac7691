"""What the webhook address refuses, with one line in the log and nothing stored; and all that it takes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from donate.payments.gateway import account_id, connect
from donate.sandbox.app import Sandbox
from donate.webhooks.models import StripeEvent
from tests.make.rows import count, every
from tests.make.signed import deliver_event, signature, write_event

TOO_MUCH = 2 * 1024 * 1024


def is_refused(deliver: Callable[[], int], why: str) -> None:
    """Check that a delivery is answered 400, noted in exactly one line that holds nothing of it, and not stored."""
    with capture_logs() as lines:
        assert deliver() == 400
    assert lines == [{"event": "webhook_refused", "reason": why, "log_level": "warning"}]
    assert count(StripeEvent) == 0


def test_a_body_of_two_megabytes_is_refused(client: FlaskClient) -> None:
    body = write_event(note="x" * TOO_MUCH)
    is_refused(lambda: deliver_event(client, body), "too_long")


def test_a_body_that_never_said_how_long_it_is_is_refused_when_it_grows_too_long(client: FlaskClient) -> None:
    body = write_event(note="x" * TOO_MUCH)
    is_refused(lambda: deliver_in_pieces(client, body), "too_long")


def test_a_body_in_pieces_is_taken_like_any_other(client: FlaskClient) -> None:
    assert deliver_in_pieces(client, write_event()) == 200
    assert [event.payload for event in every(StripeEvent)] == [write_event()]


def deliver_in_pieces(client: FlaskClient, body: bytes) -> int:
    """Deliver a body as a server hands on one that came in chunks: without its length, but with its end."""
    pieces = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    with client.post(
        "/webhooks/stripe",
        input_stream=io.BytesIO(body),
        headers={"Stripe-Signature": signature(body)},
        environ_overrides=pieces,
    ) as answer:
        return answer.status_code


def test_a_body_that_breaks_off_is_refused(client: FlaskClient) -> None:
    body = write_event()
    short = {"CONTENT_LENGTH": str(len(body) + 1)}
    is_refused(lambda: deliver_event(client, body, environ_overrides=short), "broken_off")


@pytest.mark.parametrize("body", [b"{", b"{'id': 1}", b"\xff\xfe", b"[" * 100_000, b"", b"3", write_event(id="\ud800")])
def test_what_is_no_json_of_an_event_is_refused(client: FlaskClient, body: bytes) -> None:
    # What is no text can't have been signed.
    why = "signature_wrong" if body == b"\xff\xfe" else "event_unreadable"
    is_refused(lambda: deliver_event(client, body), why)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=1,v1=abc",
        "t=,v1=",
        "v1=abc",
        "t=1,,v1",
        "t=9999999999,v1=é",
    ],
)
def test_a_wrong_signature_is_refused(client: FlaskClient, header: str) -> None:
    is_refused(lambda: deliver_event(client, write_event(), header), "signature_wrong")


def test_a_signature_by_another_secret_is_refused(client: FlaskClient) -> None:
    is_refused(lambda: deliver_event(client, write_event(), signature(write_event(), "whsec_x")), "signature_wrong")


def test_a_signature_older_than_five_minutes_is_refused(client: FlaskClient) -> None:
    body = write_event()
    is_refused(lambda: deliver_event(client, body, signature(body, age=302)), "signature_old")
    assert deliver_event(client, body, signature(body, age=290)) == 200


def test_an_old_signature_that_was_never_right_is_called_wrong(client: FlaskClient) -> None:
    body = write_event()
    is_refused(lambda: deliver_event(client, body, signature(body, "whsec_x", age=302)), "signature_wrong")


@pytest.mark.parametrize("account", ["acct_of_somebody_else", "", 7, ["acct_1PracticeSandbox"], {}])
def test_an_event_of_another_account_is_refused(client: FlaskClient, account: Any) -> None:
    is_refused(lambda: deliver_event(client, write_event(account=account)), "event_of_another_account")


def test_an_event_that_names_our_own_account_is_taken_and_stripe_is_asked_once_whose_it_is(
    app: Flask, box: Sandbox, client: FlaskClient
) -> None:
    ours = account_id()
    asked = len(box.requests())
    for number in range(3):
        assert deliver_event(client, write_event(number, account=ours)) == 200
    assert deliver_event(client, write_event(4, account=None)) == 200
    assert count(StripeEvent) == 4
    assert len(box.requests()) == asked


def test_an_event_that_names_no_account_asks_stripe_nothing(box: Sandbox, client: FlaskClient) -> None:
    assert deliver_event(client, write_event()) == 200
    assert box.requests() == []


def test_while_stripe_can_not_be_asked_whose_it_is_an_event_is_to_come_again(box: Sandbox, client: FlaskClient) -> None:
    body = write_event(account="acct_1PracticeSandbox")
    box.faults.replace([{"kind": "http_500", "match": {"path": "/v1/account"}, "times": 1}])
    with capture_logs() as lines:
        assert deliver_event(client, body) == 503
    assert [(line["event"], line["reason"]) for line in lines] == [("webhook_postponed", "stripe_unanswered")]
    assert count(StripeEvent) == 0
    assert deliver_event(client, body) == 200


def test_without_a_key_nobody_knows_whose_an_event_is(client: FlaskClient) -> None:
    connect("", "")
    assert deliver_event(client, write_event(account="acct_1PracticeSandbox")) == 503
    assert count(StripeEvent) == 0


@pytest.mark.parametrize(
    "otherwise",
    [
        {"type": "something.nobody.has_heard_of"},
        {"api_version": "2099-01-01.moss"},
        {"api_version": None},
        {"livemode": True},
        {"data": {"object": {"object": "balance"}}},
        {"data": {"object": {"id": "chosen-by-somebody-" * 20}}},
        {"note": "سلام \ud83d\ude00 שלום"},
        {"and_more": {"nested": [None, 1.5, {"deep": "x" * 500_000}]}},
    ],
)
def test_whatever_else_stripe_signed_is_stored(client: FlaskClient, otherwise: dict[str, Any]) -> None:
    body = write_event(**otherwise)
    with capture_logs() as lines:
        assert deliver_event(client, body) == 200
        assert deliver_event(client, body) == 200
    assert lines == []
    (event,) = every(StripeEvent)
    assert event.payload == body
    assert event.state == "received"
