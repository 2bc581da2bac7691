"""Add a colleague: their address, their role, their last day where they have one; the way in is mailed to them."""

from __future__ import annotations

from datetime import date

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError

from donate.db import committed
from donate.entry.address import normalise_email
from donate.errors import StaffRefused
from donate.team.look_after import add_colleague
from donate.team.permissions import ROLES
from donate.team.queries import find_staff
from donate.web.access import needs
from donate.web.addresses import check_address
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.role_choice import offered_roles
from donate.web.staff.team_words import read_last_day, say_refusal
from donate.web.who import colleague

_FIELDS = ("email", "role", "ends_on")


@staff.get("/team/add")
@needs("manage_staff", fresh=True)
def add_form() -> ResponseReturnValue:
    """Show the form; the second factor is asked for here, so that nothing typed is lost to it."""
    return _page({"role": ""}, {})


@staff.post("/team/add")
@needs("manage_staff", fresh=True)
def add_member() -> ResponseReturnValue:
    """Add a colleague and mail them their way in."""
    typed = {name: request.form.get(name, "").strip()[:254] for name in _FIELDS}
    address, ends_on, problems = _read(typed)
    if problems:
        return _page(typed, problems), 422
    try:
        with committed():
            added = add_colleague(address, typed["role"], ends_on, colleague().as_who())
            reference = added.reference
    except (StaffRefused, IntegrityError) as refused:
        return _page(typed, _say(refused, address)), 422
    return redirect(url_for("staff.team_member", reference=reference, done="added"), 303)


def _read(typed: dict[str, str]) -> tuple[str, date | None, dict[str, str | Markup]]:
    """Read the form; give the address, the last day, and by field what is to be put right."""
    address, bad_address = check_address(typed["email"], livemode=current_app.config["DONATE"].livemode)
    ends_on, bad_day = read_last_day(typed["ends_on"])
    problems: dict[str, str | Markup] = {
        "email": bad_address if typed["email"] else _("Write the e-mail address they work with."),
        "role": "" if typed["role"] in ROLES else _("Choose what they do here."),
        "ends_on": bad_day,
    }
    return normalise_email(address), ends_on, {name: words for name, words in problems.items() if words}


def _say(refused: StaffRefused | IntegrityError, address: str) -> dict[str, str | Markup]:
    """Say why nobody was added, at the field that is to be put right."""
    known = find_staff(address)
    if known is not None:
        path = url_for("staff.team_member", reference=known.reference)
        words = _("This address is a colleague’s already, or was: their page has all that can be changed.")
        return {"email": Markup('{} <a href="{}">{}</a>').format(words, path, _("Open their page"))}
    assert isinstance(refused, StaffRefused)
    field = "ends_on" if refused.message in ("owner_has_no_end", "day_is_over") else "role"
    return {field: say_refusal(refused)}


def _page(typed: dict[str, str], problems: dict[str, str | Markup]) -> str:
    return render_template(
        "staff/team_add.html", typed=typed, problems=problems, roles=offered_roles(colleague().staff.role), **frame()
    )
