"""Who is signed in: flask-login's current_user, found by our own session rows; its own cookies are not used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface
from flask_login import LoginManager, UserMixin, current_user

from donate.donors.models import Donor, MemberSession
from donate.members.standing import UNKNOWN, Giving
from donate.reports.readers import find_signed_in
from donate.team.come_in import find_staff_session
from donate.team.history import Who
from donate.team.models import Staff, StaffSession
from donate.web import cookies
from donate.web.access import DOORWAY, MEMBER, STAFF, rule_here
from donate.web.looking import Looked, find_looked
from donate.web.origin import network_hash


@dataclass(frozen=True, eq=False)
class Member(UserMixin):  # type: ignore[misc]  # flask-login carries no types
    """A donor who is signed in."""

    donor: Donor
    session: MemberSession
    member_since: date | None = None
    follows: tuple[tuple[str, str], ...] = ()
    giving: Giving = UNKNOWN
    #: The colleague who looks at the member's pages; the member is not here then.
    looker: Looked | None = None

    def get_id(self) -> str:
        """Give what tells one member from another."""
        return self.donor.reference

    def as_who(self) -> Who:
        """Give whoever is here as the history names them."""
        if self.looker is not None:
            return Who("staff", self.looker.staff.id, network_hash())
        return Who("member", self.donor.id, network_hash())


@dataclass(frozen=True, eq=False)
class Colleague(UserMixin):  # type: ignore[misc]
    """A staff member who came in; at the desk once their second factor was shown."""

    staff: Staff
    session: StaffSession

    def get_id(self) -> str:
        """Give what tells one staff member from another."""
        return self.staff.reference

    def as_who(self) -> Who:
        """Give them as the history names them."""
        return Who("staff", self.staff.id, network_hash())


class _Loader(LoginManager):  # type: ignore[misc]
    """Flask-login's manager without its remember-me cookie.

    That cookie's hook reads Flask's session with every answer, which marks public pages as different for each reader.
    """

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


class _NoSessions(SessionInterface):
    """Flask's own session is never opened: ours are rows, found by ``_load``, and only where a page asks who came."""

    def open_session(self, app: Flask, request: Request) -> None:
        """Open nothing: whoever wrote into it would be told so."""


def follow_sessions(app: Flask) -> None:
    """Let current_user be whom our own cookie names: staff on staff pages, a member everywhere else."""
    app.session_interface = _NoSessions()
    loader = _Loader()
    loader.session_protection = None
    loader.init_app(app, add_context_processor=False)
    loader.request_loader(_load)


def member_or_none() -> Member | None:
    """Give the member who is signed in, if any."""
    found: Any = current_user._get_current_object()
    return found if isinstance(found, Member) else None


def colleague_or_none() -> Colleague | None:
    """Give the staff member who came in, if any; the page's rule says whether they are at the desk."""
    found: Any = current_user._get_current_object()
    return found if isinstance(found, Colleague) else None


def member() -> Member:
    """Give the member a page for members was opened by."""
    found = member_or_none()
    assert found is not None
    return found


def colleague() -> Colleague:
    """Give the staff member a page for staff was opened by."""
    found = colleague_or_none()
    assert found is not None
    return found


def _load(_asked: Request) -> Member | Colleague | None:
    if rule_here().audience in (STAFF, DOORWAY):
        found = find_staff_session(cookies.read_cookie(cookies.STAFF))
        return Colleague(*found) if found is not None else None
    if rule_here().audience == MEMBER:
        looked = find_looked()
        if looked is not None:
            # No session of the member's: nothing that a session allows can be done by looking.
            return Member(looked.donor, MemberSession(reference="", owner_id=looked.donor.id), looker=looked)
    kept = find_signed_in(cookies.read_cookie(cookies.MEMBER))
    if kept is None:
        return None
    return Member(kept.donor, kept.session, kept.member_since, kept.follows, kept.giving)
