"""A member's sign-in: their addresses, the devices they are signed in on, and the way out."""

from __future__ import annotations

from flask import current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed
from donate.donors.change_main import change_main_email
from donate.donors.come_in import LIFE
from donate.donors.models import MemberSession
from donate.donors.queries import list_emails
from donate.entry.address import normalise_email
from donate.entry.ask import ask_proof, wait_to_ask
from donate.entry.sessions import end_session, end_sessions, list_live_sessions
from donate.errors import NotFound
from donate.records.notices import notify_main_changed
from donate.references import new_reference
from donate.team.history import record_history
from donate.web import cookies, csrf
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.addresses import check_address
from donate.web.language import current_language, prefixed
from donate.web.origin import network
from donate.web.wait import wait_page
from donate.web.who import member

PAGE = "/account/sign-in"


@account.get("/sign-in")
@for_members
def sign_in() -> ResponseReturnValue:
    """Show the member's addresses and sessions."""
    return _page(linked=request.args.get("linked", ""))


@account.post("/sign-in/addresses")
@for_members
def add_address() -> ResponseReturnValue:
    """Ask for the mail that proves one more address."""
    typed = request.form.get("email", "").strip()
    address, repair = check_address(typed, livemode=current_app.config["DONATE"].livemode)
    if repair:
        return _page(typed=typed[:254], problem=repair if typed else _("Write the address to link."), status=422)
    account_name = f"member:{member().donor.id}"
    address = normalise_email(address)
    wait = wait_to_ask(network(), address, account_name)
    if wait:
        return wait_page(wait, _here())
    with committed():
        ask_proof("address", address, current_language(), browser=csrf.visitor(may_begin=True), account=account_name)
    return redirect(prefixed("/signin/code", current_language()), 303)


@account.post("/sign-in/main")
@for_members
def choose_main() -> ResponseReturnValue:
    """Write to another of the member's proven addresses from now on; their other sessions end."""
    here = member()
    email = normalise_email(request.form.get("email", "")[:254])
    with committed():
        before = change_main_email(here.donor.id, email, here.as_who(), session=here.session.reference)
        if before:
            notify_main_changed(here.donor, before, email, new_reference())
    return redirect(_here(), 303)


@account.post("/sign-in/sessions/<reference>/end")
@for_members
def end_one(reference: str) -> ResponseReturnValue:
    """End one of the member's sessions; this one too, where it is the one that was pressed."""
    here = member()
    is_own = here.session.reference == reference
    with committed():
        if not end_session(MemberSession, here.donor.id, reference):
            raise NotFound("session_missing")
        record_history(here.as_who(), "end_session", "donor", here.donor.reference, after={"session": reference})
    return _out() if is_own else redirect(_here(), 303)


@account.post("/sign-in/sessions/end-others")
@for_members
def end_others() -> ResponseReturnValue:
    """End all of the member's sessions but this one."""
    here = member()
    with committed():
        ended = end_sessions(MemberSession, here.donor.id, but=here.session.reference)
        record_history(here.as_who(), "end_sessions", "donor", here.donor.reference, after={"ended": ended})
    return redirect(_here(), 303)


@account.post("/sign-out")
@for_members
def sign_out() -> ResponseReturnValue:
    """End this session."""
    here = member()
    with committed():
        end_session(MemberSession, here.donor.id, here.session.reference)
    return _out()


def _out() -> ResponseReturnValue:
    response = redirect(prefixed("/signin", current_language()), 303)
    cookies.drop_cookie(response, cookies.MEMBER)
    return response


def _here() -> str:
    return prefixed(PAGE, current_language())


def _page(*, linked: str = "", typed: str = "", problem: str = "", status: int = 200) -> ResponseReturnValue:
    here = member()
    page = render_template(
        "account/sign_in.html",
        emails=list_emails(here.donor.id),
        sessions=list_live_sessions(MemberSession, here.donor.id, LIFE),
        this=here.session.reference,
        linked=linked if linked in ("new", "own", "joined") else "",
        typed=typed,
        problem=problem,
    )
    return make_response(page, status)
