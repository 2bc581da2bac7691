"""A staff member's own sign-in: sessions, recovery codes, the way out."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.entry.sessions import end_session, end_sessions, list_live_sessions
from donate.errors import NotFound
from donate.team.come_in import LIFE
from donate.team.history import record_history
from donate.team.models import StaffSession
from donate.team.queries import count_recovery_codes
from donate.team.second_factor import renew_recovery_codes
from donate.web import cookies
from donate.web.access import needs
from donate.web.language import current_language, prefixed
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.who import colleague

PAGE = "/staff/sign-in"


@staff.get("/sign-in")
@needs("enter_desk")
def sign_in() -> ResponseReturnValue:
    """Show the staff member's sessions and how many recovery codes are left."""
    here = colleague()
    return render_template(
        "staff/sign_in.html",
        sessions=list_live_sessions(StaffSession, here.staff.id, LIFE),
        this=here.session.reference,
        codes_left=count_recovery_codes(here.staff.id),
        **frame(),
    )


@staff.post("/sign-in/codes")
@needs("enter_desk", fresh=True)
def renew_codes() -> ResponseReturnValue:
    """Make ten new recovery codes and show them once; the old ones stop working."""
    here = colleague()
    with committed():
        codes = renew_recovery_codes(here.staff.id, here.as_who())
    return render_template("signin/recovery.html", codes=codes, next_path=prefixed(PAGE, current_language()))


@staff.post("/sign-in/sessions/<reference>/end")
@needs("enter_desk")
def end_one(reference: str) -> ResponseReturnValue:
    """End one of the staff member's sessions; this one too, where it is the one that was pressed."""
    here = colleague()
    is_own = here.session.reference == reference
    with committed():
        if not end_session(StaffSession, here.staff.id, reference):
            raise NotFound("session_missing")
        record_history(here.as_who(), "end_session", "staff", here.staff.reference, after={"session": reference})
    return _out() if is_own else redirect(prefixed(PAGE, current_language()), 303)


@staff.post("/sign-in/sessions/end-others")
@needs("enter_desk")
def end_others() -> ResponseReturnValue:
    """End all of the staff member's sessions but this one."""
    here = colleague()
    with committed():
        ended = end_sessions(StaffSession, here.staff.id, but=here.session.reference)
        record_history(here.as_who(), "end_sessions", "staff", here.staff.reference, after={"ended": ended})
    return redirect(prefixed(PAGE, current_language()), 303)


@staff.post("/sign-out")
@needs("enter_desk")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    here = colleague()
    with committed():
        end_session(StaffSession, here.staff.id, here.session.reference)
    return _out()


def _out() -> ResponseReturnValue:
    response = redirect(prefixed("/signin/staff", current_language()), 303)
    cookies.drop_cookie(response, cookies.STAFF)
    return response
