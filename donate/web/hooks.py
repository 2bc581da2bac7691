"""Stripe's deliveries: signature, one insert, 200. Nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
from flask import Blueprint, Flask, current_app, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from donate.errors import Unreadable
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.payments.events import signature_fault
from donate.web.headers import standing_headers
from donate.webhooks.receive import receive_event

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

hooks = Blueprint("hooks", __name__)

_log = structlog.get_logger("hooks")

_SENTENCES = {
    "too_long": "This is longer than any event of Stripe's.",
    "broken_off": "This broke off.",
    "signature_wrong": "The signature does not fit. Is STRIPE_WEBHOOK_SECRET this endpoint's?",
    "signature_old": "The signature is older than five minutes. Is this machine's clock right?",
    "event_unreadable": "This is no event of Stripe's.",
    "event_of_another_account": "This event is of another account.",
}


_PATH = "/webhooks/stripe"


class HooksFirst:
    """Answer Stripe's deliveries before the application wakes; everything else is the application's.

    A delivery needs no page's address, language, reader or form. What is read and stored is the same as where the
    view below answers.

    Args:
        application: What answers everything else.
        app: Whose settings, database and headers they are.
    """

    def __init__(self, application: WSGIApplication, app: Flask) -> None:
        self.application = application
        self.app = app
        self.standing = standing_headers(app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        if environ["PATH_INFO"] != _PATH or environ["REQUEST_METHOD"] != "POST":
            return self.application(environ, start_response)
        with self.app.app_context():
            answer = self._answer(environ)
        for name, value in self.standing.items():
            answer.headers.setdefault(name, value)
        return answer(environ, start_response)

    def _answer(self, environ: WSGIEnvironment) -> Response:
        delivered = Request(environ)
        delivered.max_content_length = self.app.config["MAX_CONTENT_LENGTH"]
        try:
            return answer_delivery(delivered)
        except Exception:
            if self.app.config["PROPAGATE_EXCEPTIONS"]:
                raise
            # Stripe delivers it again; what broke is in the log, without the event's contents.
            _log.exception("webhook_broke")
            return Response("Not now.\n", 500)


@hooks.post(_PATH)
def stripe_event() -> Response:
    """Answer a delivery that came in by another way than ``HooksFirst``."""
    return answer_delivery(request)


def answer_delivery(delivered: Request) -> Response:
    """Store a signed event of our account; a repeated one is a quiet 200.

    Args:
        delivered: The request, its body not read yet.
    """
    try:
        body = _read_body(delivered)
    except RequestEntityTooLarge:
        return _refuse("too_long")
    except ClientDisconnected:
        return _refuse("broken_off")
    fault = signature_fault(
        body, delivered.headers.get("Stripe-Signature", ""), current_app.config["DONATE"].webhook_secrets
    )
    if fault is not None:
        return _refuse(fault)
    try:
        receive_event(body)
    except Unreadable as error:
        return _refuse(error.message)
    except (StripeRefused, StripeUnanswered) as error:
        # Whose it is can't be told now; Stripe delivers it again.
        _log.warning("webhook_postponed", reason=error.message, said=error.values["said"])
        return Response("Not now.\n", 503)
    return Response("stored\n", 200)


def _read_body(delivered: Request) -> bytes:
    body = delivered.get_data()
    # One that came in chunks, without its length, is cut off at the most that may come and raises nothing.
    if len(body) >= current_app.config["MAX_CONTENT_LENGTH"]:
        raise RequestEntityTooLarge
    return body


def _refuse(why: str) -> Response:
    """Answer 400 with a sentence, and note the reason alone: a body may hold a donor's name."""
    _log.warning("webhook_refused", reason=why)
    return Response(_SENTENCES[why] + "\n", 400)
