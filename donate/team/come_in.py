"""A staff member comes in: by mail into the doorway, by the second factor to the desk."""

from __future__ import annotations

from datetime import timedelta

from donate import clock, references
from donate.db import db, lock
from donate.entry.models import AddressProof
from donate.entry.sessions import Life, begin_session, find_live_session, renew_secret
from donate.errors import NotFound
from donate.team.history import Who, record_history
from donate.team.models import Staff, StaffSession
from donate.team.queries import find_staff, find_working_staff
from donate.team.second_factor import FRESH

LIFE = Life(idle=timedelta(hours=4), whole=timedelta(hours=12))


def find_staff_to_let_in(address: str) -> Staff | None:
    """Find who may ask for a link with an address."""
    staff = find_staff(address)
    return find_working_staff(staff.id) if staff is not None else None


def enter_doorway(proof: AddressProof, device: str) -> tuple[StaffSession, str]:
    """Begin the session of a used proof, which opens nothing yet; call inside ``committed()``.

    Args:
        proof: Just used.
        device: In words.

    Returns:
        The session, and the secret for its cookie.

    Raises:
        NotFound: ``staff_missing``, when they left meanwhile.
    """
    staff = find_staff_to_let_in(proof.address)
    if staff is None:
        raise NotFound("staff_missing")
    if staff.totp_since is None:
        # Whoever stood in the doorway before has seen the secret that was offered then.
        lock(Staff, staff.id).totp_salt = references.new_secret()
    return begin_session(StaffSession, staff.id, LIFE, device)


def enter_desk(session_id: int, who: Who, by: str) -> str:
    """Open the desk to a session whose second factor was right; call inside ``committed()``.

    Args:
        session_id: In the doorway, or one that showed its factor again.
        who: For the history.
        by: ``authenticator`` or ``recovery``.

    Returns:
        The new secret for its cookie: the doorway's opens nothing.
    """
    session = db.session.get_one(StaffSession, session_id, populate_existing=True)
    staff = db.session.get_one(Staff, session.owner_id)
    if session.second_factor_at is None:
        record_history(who, "sign_in", "staff", staff.reference, after={"by": by})
    session.second_factor_at = clock.real_now()
    return renew_secret(session)


def find_staff_session(secret: str) -> tuple[Staff, StaffSession] | None:
    """Find whose session a cookie's secret is; none when it has ended or they left."""
    session = find_live_session(StaffSession, secret, LIFE)
    if session is None:
        return None
    staff = find_working_staff(session.owner_id)
    return (staff, session) if staff is not None else None


def is_fresh(session: StaffSession) -> bool:
    """Tell whether the second factor was shown within the last minutes."""
    shown = session.second_factor_at
    return shown is not None and clock.real_now() - shown < FRESH
