"""The demo's outbox: mail that went out, to be read here; only beside the sandbox."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import unquote

from flask import Blueprint, Response, abort, current_app, make_response, render_template

from donate.db import db
from donate.mail.deliver import name_of_file
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
    response = make_response(render_template("demo/message.html", message=found, text=_part(found, "plain")))
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; frame-src 'self'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@demo.get("/mail/<int:message_id>/html")
def html(message_id: int) -> Response:
    """Give a message's HTML as a mail program would show it."""
    found = db.session.get(MailMessage, message_id) or abort(404)
    response = make_response(_part(found, "html").replace("<head>", '<head><base target="_top">', 1))
    # Mail carries its styles inline; it runs nothing here, and only our own page may frame it.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-top-navigation-by-user-activation"
    )
    return response


def _part(found: MailMessage, kind: str) -> str:
    """Give a message's text or HTML; what a row must not keep is read from the file it went into."""
    kept = found.text if kind == "plain" else found.html
    way = current_app.config["DONATE"].mail_url
    if kept or not way.startswith("file:"):
        return kept
    path = Path(unquote(way.removeprefix("file:"))) / name_of_file(found)
    if not path.is_file():
        return ""
    part = message_from_bytes(path.read_bytes(), policy=default).get_body((kind,))
    return str(part.get_content()) if part is not None else ""
