"""Tokens: made with a reach and an end, shown once, looked at while they are used, revoked."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import clock
from donate.connections.models import ApiToken
from donate.connections.queries import find_token
from donate.connections.tokens import LIVES, LONGEST_NAME, SCOPES, is_working, make_token, revoke_token
from donate.db import committed
from donate.errors import NotFound
from donate.team.queries import list_emails, list_history
from donate.web.access import needs
from donate.web.headers import site_url
from donate.web.reading import url_for
from donate.web.staff.connections.words import say_life, say_scope
from donate.web.staff.door import staff
from donate.web.staff.happened_acts import say_act
from donate.web.staff.home import frame
from donate.web.who import colleague


@dataclass(frozen=True)
class Typed:
    """What a token's form holds, and what of it must be put right: a sentence a field."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    days: int = 365
    problems: dict[str, str] = field(default_factory=dict)


@staff.get("/connections/tokens/new")
@needs("manage_hooks", fresh=True)
def new_token() -> ResponseReturnValue:
    """Show the form of a new token."""
    return _show(Typed())


@staff.post("/connections/tokens/new")
@needs("manage_hooks", fresh=True)
def add_token() -> ResponseReturnValue:
    """Make a token and show it, once."""
    typed = _read()
    if typed.problems:
        return _show(typed), 422
    with committed():
        row, token = make_token(typed.name, typed.scopes, typed.days, colleague().as_who())
    return render_template(
        "staff/connections/token_made.html", row=row, token=token, site=site_url(), say_scope=say_scope, **frame()
    )


@staff.get("/connections/tokens/<reference>")
@needs("manage_hooks")
def api_token(reference: str) -> ResponseReturnValue:
    """Show what a token may read and how it is used; never the token itself."""
    row = _the_token(reference)
    return render_template(
        "staff/connections/token.html",
        row=row,
        works=is_working(row, clock.real_now()),
        history=list_history("api_token", reference),
        names=list_emails(),
        say_scope=say_scope,
        say_act=say_act,
        **frame(),
    )


@staff.post("/connections/tokens/<reference>/revoke")
@needs("manage_hooks")
def end_token(reference: str) -> ResponseReturnValue:
    """Revoke a token."""
    with committed():
        revoke_token(_the_token(reference), colleague().as_who())
    return redirect(url_for("staff.api_token", reference=reference), 303)


def _the_token(reference: str) -> ApiToken:
    found = find_token(reference)
    if found is None:
        raise NotFound("token_missing", reference=reference[:20])
    return found


def _read() -> Typed:
    form = request.form
    name = form.get("name", "").strip()
    scopes = tuple(scope for scope in SCOPES if scope in form.getlist("scopes"))
    given = form.get("days", "")
    days = int(given) if given in map(str, LIVES) else 365
    problems = {"name": _name_problem(name), "scopes": _scopes_problem(scopes)}
    return Typed(name, scopes, days, {each: sentence for each, sentence in problems.items() if sentence})


def _name_problem(name: str) -> str:
    if not name:
        return str(_("Name the program that will use it, such as “Supporter list”."))
    return str(_("Shorten the name to %(most)s letters.", most=LONGEST_NAME)) if len(name) > LONGEST_NAME else ""


def _scopes_problem(scopes: tuple[str, ...]) -> str:
    return "" if scopes else str(_("Tick at least one thing that it may read."))


def _show(typed: Typed) -> str:
    return render_template(
        "staff/connections/token_form.html",
        typed=typed,
        scopes=SCOPES,
        lives=LIVES,
        labels={"name": _("Name at the desk"), "scopes": _("What it may read")},
        say_scope=say_scope,
        say_life=say_life,
        **frame(),
    )
