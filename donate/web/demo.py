"""The demo's outbox: mail that went out, to be read here; only beside the sandbox."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template

from donate.db import db
from donate.mail.models import MailMessage
from donate.mail.queries import list_latest_messages
from donate.web.headers import is_this_machine

demo = Blueprint("demo", __name__, url_prefix="/demo")


@demo.before_request
def _only_here() -> None:
    if not is_this_machine():
        abort(404)


@demo.get("/mail")
def outbox() -> str:
    """List the newest messages."""
    return render_template("demo/outbox.html", messages=list_latest_messages())


@demo.get("/mail/<int:message_id>")
def message(message_id: int) -> Response:
    """Show one message, its HTML in a frame and its text below."""
    found = db.session.get(MailMessage, message_id) or abort(404)
    response = make_response(render_template("demo/message.html", message=found))
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; frame-src 'self'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@demo.get("/mail/<int:message_id>/html")
def html(message_id: int) -> Response:
    """Give a message's HTML as a mail program would show it."""
    found = db.session.get(MailMessage, message_id) or abort(404)
    response = make_response(found.html)
    # Mail carries its styles inline; it runs nothing here, and only our own page may frame it.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-top-navigation-by-user-activation"
    )
    return response
