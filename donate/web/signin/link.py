"""Open the link from the mail: a page with a button, and only its press uses the link, because scanners open links."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from donate.db import committed
from donate.entry.models import AddressProof
from donate.entry.use import look_at_link
from donate.entry.use import use_link as spend_link
from donate.errors import NotFound
from donate.web.addresses import masked
from donate.web.language import current_language, prefixed
from donate.web.signin.ask import FORM
from donate.web.signin.door import signin
from donate.web.signin.enter import Entered, enter, is_askers


@signin.get("/link/<token>")
def link(token: str) -> ResponseReturnValue:
    """Show what the link opens, and the button that opens it."""
    state, proof = look_at_link(token)
    if proof is None or state != "open":
        return _gone(state, proof)
    if proof.purpose == "address" and not is_askers(proof):
        return _silent(make_response(render_template("signin/elsewhere.html", address=masked(proof.address))))
    page = render_template("signin/link.html", token=token, address=masked(proof.address), purpose=proof.purpose)
    return _silent(make_response(page))


@signin.post("/link")
def use_link() -> ResponseReturnValue:
    """Let in who pressed the button, once."""
    token = request.form.get("token", "")[:100]
    entered = _try(token)
    return _silent(entered.answer()) if entered is not None else _gone(*look_at_link(token))


def _try(token: str) -> Entered | None:
    try:
        with committed():
            proof = spend_link(token)
            return enter(proof) if proof is not None else None
    except NotFound:
        return None


def _gone(state: str, proof: AddressProof | None) -> ResponseReturnValue:
    purpose = proof.purpose if proof is not None else "member"
    again = prefixed(FORM.get(purpose, "/account/sign-in"), current_language())
    page = render_template("signin/gone.html", state=state, purpose=purpose, again=again)
    return _silent(make_response(page, 410))


def _silent(response: Response) -> Response:
    """Let no further page learn the address of this one, which holds the token."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
