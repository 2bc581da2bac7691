"""The one place where a page is opened or refused: before every view, by its rule, for everybody."""

from __future__ import annotations

from urllib.parse import urlencode

import structlog
from flask import Flask, Response, abort, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.donors.models import MemberSession
from donate.entry.sessions import needs_noting, note_use
from donate.team.come_in import is_fresh
from donate.team.history import is_plain, record_history
from donate.team.models import StaffSession
from donate.team.permissions import WATCHED, may
from donate.web import csrf
from donate.web.access import ANYONE, DOORWAY, MEMBER, STAFF, TOKEN, Rule, rule_here, rule_of
from donate.web.bearer import refuse_token
from donate.web.headers import keep_nothing
from donate.web.language import current_language, prefixed
from donate.web.looking import PAGES, Looked
from donate.web.who import Member, colleague_or_none, follow_sessions, member_or_none

_log = structlog.get_logger("guard")


def stand_guard(app: Flask) -> None:
    """Let no view answer before its rule was kept."""
    follow_sessions(app)
    app.jinja_env.globals.update(csrf_field=csrf.csrf_field, looked_at=looked_at)
    app.before_request(_check)
    app.after_request(_close)


def _check() -> ResponseReturnValue | None:
    # A context that outlives one request, as commands and tests open it, must not remember who asked before.
    g.pop("_login_user", None)
    if request.endpoint is None:
        return None
    rule = rule_of(request.endpoint)
    if rule is None:
        _log.error("page_without_rule", endpoint=request.endpoint)
        abort(403)
    refused = _refuse(rule)
    if refused is not None:
        return refused
    if rule.most_bytes:
        # Only now: nobody else's file is read at all.
        request.max_content_length = rule.most_bytes
    if csrf.is_forged():
        abort(400)
    return _show_again(rule)


def _refuse(rule: Rule) -> ResponseReturnValue | None:
    """Send away who is not signed in, and refuse whose role or token does not allow it."""
    if rule.audience == ANYONE:
        return None
    if rule.audience == TOKEN:
        return refuse_token(rule.permission, names_people=rule.names_people)
    if rule.audience == MEMBER:
        member = member_or_none()
        if member is None:
            return _to("/signin", _here("/account"))
        if member.looker is not None:
            return _let_look(member)
        if needs_noting(member.session):
            _note(MemberSession, member.session.id)
        return None
    colleague = colleague_or_none()
    if colleague is None:
        return _to("/signin/staff", _here("/staff"))
    if rule.audience == DOORWAY:
        return None
    if colleague.session.second_factor_at is None:
        return _to("/signin/second", _here("/staff"))
    if not may(colleague.staff.role, rule.permission):
        _log.warning("refused", staff_id=colleague.staff.id, permission=rule.permission, endpoint=request.endpoint)
        abort(403)
    if needs_noting(colleague.session):
        _note(StaffSession, colleague.session.id)
    return None


def _let_look(looked: Member) -> ResponseReturnValue | None:
    """Show a member's page to a colleague and write it down; whatever would change something is not for them."""
    if request.method not in ("GET", "HEAD") or request.endpoint not in PAGES:
        page = render_template("errors/only_looking.html", donor=looked.donor)
        return keep_nothing(make_response(page, 403))
    with committed():
        after = {"page": str(request.endpoint)}
        record_history(looked.as_who(), "view_as_member", "donor", looked.donor.reference, after=after)
    return None


def looked_at() -> Looked | None:
    """Tell templates whom a colleague looks at on this page, if that is what they do."""
    here = member_or_none()
    return here.looker if here is not None else None


def _show_again(rule: Rule) -> ResponseReturnValue | None:
    if not rule.is_fresh:
        return None
    colleague = colleague_or_none()
    if colleague is not None and is_fresh(colleague.session):
        return None
    return _to("/signin/again", _here("/staff"))


def _note(model: type[MemberSession] | type[StaffSession], session_id: int) -> None:
    with committed():
        note_use(model, session_id)


def _here(otherwise: str) -> str:
    """Give the address to come back to: this one where it shows something, as a form does that is sent to itself."""
    if request.method not in ("GET", "HEAD"):
        adapter = current_app.create_url_adapter(request)
        is_shown = adapter is not None and adapter.test(request.path, "GET")
        return prefixed(request.path if is_shown else otherwise, current_language())
    return prefixed(request.full_path.rstrip("?"), current_language())


def _to(path: str, next_path: str) -> Response:
    query = urlencode({"next": next_path})
    response = redirect(f"{prefixed(path, current_language())}?{query}", 303)
    return keep_nothing(response)  # type: ignore[arg-type]


def _note_view(response: Response) -> None:
    """Write down what somebody from outside looked at, such as an auditor."""
    if request.endpoint is None or rule_here().audience != STAFF or response.status_code != 200:
        return
    here = colleague_or_none()
    if here is None or here.staff.role not in WATCHED or request.method != "GET":
        return
    seen = {name: value for name, value in list(request.args.items())[:12] if is_plain(name) and is_plain(value)}
    with committed():
        record_history(here.as_who(), "view", "page", request.path[:80] if is_plain(request.path) else "", after=seen)


def _close(response: Response) -> Response:
    """Mark what somebody in particular was answered as nobody's to keep."""
    _note_view(response)
    if request.endpoint is not None and (rule_here().audience not in (ANYONE, TOKEN) or request.blueprint == "signin"):
        keep_nothing(response)
    return csrf.keep_visitor(response)
