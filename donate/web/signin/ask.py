"""Ask for a link and a code by mail; what is answered tells nobody whether an address is known."""

from __future__ import annotations

from flask import current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed
from donate.entry.address import normalise_email
from donate.entry.ask import ask_proof, wait_to_ask
from donate.web import csrf
from donate.web.addresses import check_address
from donate.web.language import current_language, prefixed
from donate.web.next_path import safe_next
from donate.web.origin import network
from donate.web.signin.door import signin
from donate.web.wait import wait_page
from donate.web.who import member_or_none

# Where each kind of visitor goes when no page sent them.
HOME = {"member": "/account", "staff": "/staff"}
FORM = {"member": "/signin", "staff": "/signin/staff"}


@signin.get("")
def ask() -> ResponseReturnValue:
    """Show the form for members; who is signed in goes on at once."""
    if member_or_none() is not None:
        return redirect(_next("member", request.args.get("next", "")), 303)
    return _form("member", next_path=request.args.get("next", ""))


@signin.get("/staff")
def ask_staff() -> ResponseReturnValue:
    """Show the form for staff."""
    return _form("staff", next_path=request.args.get("next", ""))


@signin.post("")
def send() -> ResponseReturnValue:
    """Ask for a member's mail."""
    return _ask("member")


@signin.post("/staff")
def send_staff() -> ResponseReturnValue:
    """Ask for a staff member's mail."""
    return _ask("staff")


def _ask(purpose: str) -> ResponseReturnValue:
    typed = request.form.get("email", "").strip()
    next_path = request.form.get("next", "")
    address, repair = check_address(typed, livemode=current_app.config["DONATE"].livemode)
    if repair:
        problem = repair if typed else _("Write the e-mail address you gave with.")
        return _form(purpose, next_path=next_path, typed=typed[:254], problem=problem, status=422)
    address = normalise_email(address)
    wait = wait_to_ask(network(), address)
    if wait:
        return wait_page(wait, prefixed(FORM[purpose], current_language()))
    with committed():
        ask_proof(purpose, address, current_language(), next_path=_next(purpose, next_path), browser=csrf.visitor())
    return redirect(prefixed("/signin/code", current_language()), 303)


def _next(purpose: str, asked: str) -> str:
    return safe_next(asked, prefixed(HOME[purpose], current_language()))


def _form(
    purpose: str, *, next_path: str, typed: str = "", problem: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "signin/ask.html", purpose=purpose, next_path=safe_next(next_path, ""), typed=typed, problem=problem
    )
    return make_response(page, status)
