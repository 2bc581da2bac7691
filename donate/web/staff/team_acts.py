"""What is grave for a colleague, asked first and then done: a role, a last day, out, in again, a new authenticator."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed
from donate.errors import StaffRefused
from donate.team.history import Who
from donate.team.look_after import disable_colleague, enable_colleague, forget_authenticator, give_role
from donate.team.models import Staff
from donate.team.permissions import ROLES
from donate.team.queries import get_staff_by_reference
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.role_choice import offered_roles
from donate.web.staff.team_page import member_page
from donate.web.staff.team_words import read_last_day, say_refusal
from donate.web.who import colleague


@staff.get("/team/<reference>/role")
@needs("manage_staff", fresh=True)
def role_form(reference: str) -> ResponseReturnValue:
    """Show the roles and the last day; the second factor is asked for here, so that nothing typed is lost to it."""
    member = get_staff_by_reference(reference)
    return _role_page(member, {"role": member.role, "ends_on": str(member.ends_on or "")}, {})


@staff.post("/team/<reference>/role")
@needs("manage_staff", fresh=True)
def change_role(reference: str) -> ResponseReturnValue:
    """Give a colleague another role or another last day."""
    member, who = get_staff_by_reference(reference), colleague().as_who()
    typed = {name: request.form.get(name, "").strip()[:20] for name in ("role", "ends_on")}
    ends_on, bad_day = read_last_day(typed["ends_on"])
    if bad_day or typed["role"] not in ROLES:
        problems = {"ends_on": bad_day, "role": "" if typed["role"] in ROLES else _("Choose what they do here.")}
        return _role_page(member, typed, {name: words for name, words in problems.items() if words}), 422
    try:
        with committed():
            give_role(member.id, typed["role"], ends_on, who)
    except StaffRefused as refused:
        field = "ends_on" if refused.message in ("owner_has_no_end", "day_is_over") else "role"
        return _role_page(member, typed, {field: say_refusal(refused)}), 422
    return redirect(url_for("staff.team_member", reference=reference, done="role"), 303)


@staff.get("/team/<reference>/disable")
@needs("manage_staff", fresh=True)
def confirm_disable(reference: str) -> ResponseReturnValue:
    """Say what disabling means."""
    return _confirm(reference, "disable")


@staff.post("/team/<reference>/disable")
@needs("manage_staff", fresh=True)
def disable_member(reference: str) -> ResponseReturnValue:
    """Let nobody in as a colleague any more."""
    return _do(reference, disable_colleague, "disabled")


@staff.get("/team/<reference>/enable")
@needs("manage_staff", fresh=True)
def confirm_enable(reference: str) -> ResponseReturnValue:
    """Say what letting in again means."""
    return _confirm(reference, "enable")


@staff.post("/team/<reference>/enable")
@needs("manage_staff", fresh=True)
def enable_member(reference: str) -> ResponseReturnValue:
    """Let a colleague come in again."""
    return _do(reference, enable_colleague, "enabled")


@staff.get("/team/<reference>/authenticator")
@needs("manage_staff", fresh=True)
def confirm_forget(reference: str) -> ResponseReturnValue:
    """Say what forgetting an authenticator means."""
    return _confirm(reference, "forget")


@staff.post("/team/<reference>/authenticator")
@needs("manage_staff", fresh=True)
def forget_member(reference: str) -> ResponseReturnValue:
    """Let a colleague set another authenticator at their next sign-in."""
    return _do(reference, forget_authenticator, "forgotten")


def _do(reference: str, act: Callable[[int, Who], object], done: str) -> ResponseReturnValue:
    member, who = get_staff_by_reference(reference), colleague().as_who()
    try:
        with committed():
            act(member.id, who)
    except StaffRefused as refused:
        return member_page(member, say_refusal(refused)), 422
    return redirect(url_for("staff.team_member", reference=reference, done=done), 303)


def _confirm(reference: str, act: str) -> ResponseReturnValue:
    return render_template("staff/team_confirm.html", member=get_staff_by_reference(reference), act=act, **frame())


def _role_page(member: Staff, typed: dict[str, str], problems: dict[str, str]) -> str:
    return render_template(
        "staff/team_role.html",
        member=member,
        is_me=member.id == colleague().staff.id,
        typed=typed,
        problems=problems,
        roles=offered_roles(colleague().staff.role),
        **frame(),
    )
