"""Who works here: the list, and a colleague's page with what happened to them."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.entry.sessions import list_live_sessions
from donate.errors import StaffRefused
from donate.team.come_in import LIFE
from donate.team.look_after import invite_again, sign_out_colleague
from donate.team.models import Staff, StaffSession
from donate.team.permissions import ROLES, may_grant
from donate.team.queries import count_recovery_codes, get_staff_by_reference, list_last_seen, list_staff
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.happened import happened
from donate.web.staff.home import frame
from donate.web.staff.team_words import say_refusal, say_state, state_of
from donate.web.staff.words import say_role, say_what_role_does
from donate.web.who import colleague


@staff.get("/team")
@needs("manage_staff")
def team() -> ResponseReturnValue:
    """List who works here, then who did."""
    everybody = list_staff()
    return render_template(
        "staff/team.html",
        here_now=[each for each in everybody if state_of(each) in ("here", "invited")],
        gone=[each for each in everybody if state_of(each) in ("over", "disabled")],
        seen=list_last_seen(),
        me=colleague().staff.id,
        state_of=state_of,
        say_state=say_state,
        say_role=say_role,
        roles={role: say_what_role_does(role) for role in ROLES},
        **frame(),
    )


@staff.get("/team/<reference>")
@needs("manage_staff")
def team_member(reference: str) -> ResponseReturnValue:
    """Show one colleague and what can be done."""
    return member_page(get_staff_by_reference(reference))


@staff.post("/team/<reference>/sign-out")
@needs("manage_staff")
def sign_out_member(reference: str) -> ResponseReturnValue:
    """End all of a colleague's sessions."""
    member, who = get_staff_by_reference(reference), colleague().as_who()
    try:
        with committed():
            sign_out_colleague(member.id, who)
    except StaffRefused as refused:
        return member_page(member, say_refusal(refused)), 422
    return redirect(url_for("staff.team_member", reference=reference, done="signed-out"), 303)


@staff.post("/team/<reference>/invite")
@needs("manage_staff")
def invite_member(reference: str) -> ResponseReturnValue:
    """Mail a colleague who has not come in yet another link."""
    member, who = get_staff_by_reference(reference), colleague().as_who()
    try:
        with committed():
            invite_again(member.id, who)
    except StaffRefused as refused:
        return member_page(member, say_refusal(refused)), 422
    return redirect(url_for("staff.team_member", reference=reference, done="invited"), 303)


def member_page(member: Staff, problem: str = "") -> str:
    """Draw a colleague's page.

    Args:
        member: Who.
        problem: Why what was pressed was not done.
    """
    here = colleague().staff
    return render_template(
        "staff/team_member.html",
        member=member,
        is_me=member.id == here.id,
        may_act=member.id != here.id and may_grant(here.role, member.role),
        state=state_of(member),
        say_state=say_state,
        role_name=say_role(member.role),
        role_does=say_what_role_does(member.role),
        last_seen=list_last_seen().get(member.id),
        sessions=list_live_sessions(StaffSession, member.id, LIFE),
        codes_left=count_recovery_codes(member.id),
        happened=happened("staff", member.reference),
        done=request.args.get("done", ""),
        problem=problem,
        **frame(),
    )
