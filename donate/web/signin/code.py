"""Type the code from the mail, in the browser that asked for it."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed
from donate.entry.models import AddressProof
from donate.entry.use import MOST_WRONG_CODES, find_asked
from donate.entry.use import use_code as spend_code
from donate.errors import NotFound
from donate.limits.take import take
from donate.web import csrf
from donate.web.language import current_language, prefixed
from donate.web.origin import network
from donate.web.signin.ask import FORM
from donate.web.signin.door import NETWORK_CODES, signin
from donate.web.signin.enter import Entered, enter
from donate.web.wait import wait_page

_PURPOSES = ("member", "staff", "address")


@signin.get("/code")
def code() -> ResponseReturnValue:
    """Show the field for the code of what this browser asked for last."""
    proof = find_asked(csrf.visitor(), _PURPOSES)
    return _page(proof) if proof is not None else _ask_anew()


@signin.post("/code")
def use_code() -> ResponseReturnValue:
    """Let in whose code is right; count a wrong one."""
    proof = find_asked(csrf.visitor(), _PURPOSES)
    if proof is None:
        return _ask_anew()
    wait = take((NETWORK_CODES, network()))
    if wait:
        return wait_page(wait, prefixed("/signin/code", current_language()))
    entered = _try(proof.id, request.form.get("code", "")[:40])
    if entered is not None:
        return entered.answer()
    proof = find_asked(csrf.visitor(), _PURPOSES)
    if proof is None:
        return _ask_anew()
    return _page(proof, _("This is not the code of our last mail. Look again, or open the link in it."), 422)


def _try(proof_id: int, typed: str) -> Entered | None:
    try:
        with committed():
            used = spend_code(proof_id, typed)
            return enter(used) if used is not None else None
    except NotFound:
        # Who it was for has gone meanwhile; said like a wrong code, because it tells no more.
        return None


def _page(proof: AddressProof, problem: str = "", status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "signin/code.html",
        address=proof.address,
        purpose=proof.purpose,
        again=prefixed(FORM.get(proof.purpose, "/account/sign-in"), current_language()),
        problem=problem,
        is_spent=proof.wrong_codes >= MOST_WRONG_CODES,
    )
    return make_response(page, status)


def _ask_anew() -> ResponseReturnValue:
    return redirect(prefixed("/signin", current_language()), 303)
