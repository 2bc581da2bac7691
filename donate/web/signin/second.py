"""The staff's second factor: set once, shown at each sign-in, and again before what is grave."""

from __future__ import annotations

import segno
from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from donate.db import committed
from donate.limits.take import take
from donate.newsroom.queries import get_newsroom
from donate.team.come_in import enter_desk
from donate.team.models import Staff
from donate.team.second_factor import (
    TRIES,
    address_for_authenticator,
    pass_second_factor,
    secret_of,
    set_second_factor,
)
from donate.web import cookies
from donate.web.access import in_doorway, needs
from donate.web.language import current_language, prefixed
from donate.web.next_path import safe_next
from donate.web.signin.door import signin
from donate.web.wait import wait_page
from donate.web.who import colleague


@signin.get("/second")
@in_doorway
def second() -> ResponseReturnValue:
    """Ask for a code of the authenticator; who has none yet sets it first."""
    here = colleague()
    if here.session.second_factor_at is not None:
        return redirect(_next(), 303)
    if here.staff.totp_since is None:
        return redirect(f"{prefixed('/signin/second/set', current_language())}?{request.query_string.decode()}", 303)
    return _form("/signin/second")


@signin.post("/second")
@in_doorway
def pass_second() -> ResponseReturnValue:
    """Open the desk to whose code is right."""
    return _pass("/signin/second")


@signin.get("/again")
@needs("enter_desk")
def again() -> ResponseReturnValue:
    """Ask for the second factor once more, before something grave."""
    return _form("/signin/again")


@signin.post("/again")
@needs("enter_desk")
def pass_again() -> ResponseReturnValue:
    """Count the second factor as just shown."""
    return _pass("/signin/again")


@signin.get("/second/set")
@in_doorway
def set_up() -> ResponseReturnValue:
    """Show what the authenticator is to be fed with."""
    staff = colleague().staff
    return redirect(prefixed("/signin/second", current_language()), 303) if staff.totp_since else _set_form(staff)


@signin.post("/second/set")
@in_doorway
def finish_set_up() -> ResponseReturnValue:
    """Take the authenticator into use, and show the recovery codes once."""
    here = colleague()
    staff_id, session_id, who = here.staff.id, here.session.id, here.as_who()
    wait = take((TRIES, str(staff_id)))
    if wait:
        return wait_page(wait, prefixed("/signin/second/set", current_language()))
    secret = ""
    with committed():
        codes = set_second_factor(staff_id, request.form.get("code", "")[:40], who)
        if codes:
            secret = enter_desk(session_id, who, "authenticator")
    if not codes:
        return _set_form(here.staff, _("This code does not fit. Wait for the next one and type that."), 422)
    response = make_response(render_template("signin/recovery.html", codes=codes, next_path=_next()))
    cookies.put_cookie(response, cookies.STAFF, secret, None)
    return response


def _pass(form: str) -> ResponseReturnValue:
    here = colleague()
    staff_id, session_id, who = here.staff.id, here.session.id, here.as_who()
    wait = take((TRIES, str(staff_id)))
    if wait:
        return wait_page(wait, prefixed(form, current_language()))
    secret = ""
    with committed():
        by = pass_second_factor(staff_id, request.form.get("code", "")[:40], who)
        if by:
            secret = enter_desk(session_id, who, by)
    if not by:
        return _form(form, _("This code does not fit, or was used already. Wait for the next one and type that."), 422)
    response = redirect(_next(), 303)
    cookies.put_cookie(response, cookies.STAFF, secret, None)
    return response


def _next() -> str:
    return safe_next(request.values.get("next", ""), prefixed("/staff", current_language()))


def _form(form: str, problem: str = "", status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "signin/second.html", form=form, problem=problem, next_path=_next(), is_again=form == "/signin/again"
    )
    return make_response(page, status)


def _set_form(staff: Staff, problem: str = "", status: int = 200) -> ResponseReturnValue:
    address = address_for_authenticator(staff, get_newsroom().name)
    drawn = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=4, dark="#000", light="#fff")
    secret = secret_of(staff)
    page = render_template(
        "signin/set_second.html",
        qr=Markup(drawn),  # noqa: S704  # drawn by segno from an address of ours: paths and numbers only
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        problem=problem,
        next_path=_next(),
    )
    return make_response(page, status)
