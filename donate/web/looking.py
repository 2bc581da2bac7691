"""Look at a member's pages as they see them: for a colleague at the desk, for a while, without a hand on anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from werkzeug.wrappers import Response as AnyResponse

from donate import clock, references
from donate.donors.models import Donor
from donate.donors.queries import find_donor
from donate.team.come_in import find_staff_session
from donate.team.models import Staff, StaffSession
from donate.team.permissions import may
from donate.web import cookies

#: The pages that may be looked at; everything else of an account is its member's alone, and every press is.
PAGES = frozenset({
    "account.gifts", "account.membership", "account.preferences", "account.promise", "account.act", "account.rest",
    "account.change", "account.stop", "account.receipt_pdf",
})  # fmt: skip
#: A desk that is left open looks at nobody for long.
FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Looked:
    """Who is looked at, and by whom.

    Args:
        donor: The member.
        staff: The colleague.
        session: The colleague's.
    """

    donor: Donor
    staff: Staff
    session: StaffSession


def begin_looking(response: AnyResponse, donor: Donor, session: StaffSession) -> None:
    """Let a browser see a member's pages from now on, as long as the colleague's session and ``FOR`` last.

    Args:
        response: To put the cookie on.
        donor: Whose pages.
        session: The colleague's: in another one the cookie is worth nothing.
    """
    until = str(int((clock.real_now() + FOR).timestamp()))
    key = references.sign("look", session.reference, donor.reference, until)
    cookies.put_cookie(response, cookies.LOOK, f"{donor.reference}.{until}.{key}", int(FOR.total_seconds()))


def end_looking(response: AnyResponse) -> None:
    """Let the browser forget whom it looked at."""
    if cookies.read_cookie(cookies.LOOK):
        cookies.drop_cookie(response, cookies.LOOK)


def find_looked() -> Looked | None:
    """Find whom the request's browser looks at; nobody where the colleague may not, or not any more."""
    reference, _, rest = cookies.read_cookie(cookies.LOOK).partition(".")
    until, _, key = rest.partition(".")
    if not key or not until.isascii() or not until.isdigit() or len(until) > 12:
        return None
    found = find_staff_session(cookies.read_cookie(cookies.STAFF))
    if found is None or found[1].second_factor_at is None or not may(found[0].role, "view_as_member"):
        return None
    if not references.is_signed(key, "look", found[1].reference, reference, until):
        return None
    if int(until) < clock.real_now().timestamp():
        return None
    donor = find_donor(reference)
    return Looked(donor, *found) if donor is not None and donor.erased_at is None else None
