"""Add staff, change their role, and let nobody in as them any more."""

from __future__ import annotations

from datetime import date, timedelta

from donate import clock, references
from donate.db import db, lock
from donate.entry.mint import mint_invitation
from donate.entry.sessions import end_sessions
from donate.entry.use import end_proofs
from donate.errors import DonateError
from donate.team.history import Who, record_history
from donate.team.models import Staff, StaffSession
from donate.team.permissions import ROLES
from donate.team.queries import find_staff
from donate.team.second_factor import forget_second_factor

#: A first link is handed over by a person, not by our mail.
INVITATION = timedelta(hours=24)


def add_staff(
    email: str, role: str, who: Who, *, forget_factor: bool = False, ends_on: date | None = None
) -> tuple[Staff, str]:
    """Add a staff member, or give a known one a role and a way in again; call inside ``committed()``.

    Args:
        email: Normalised.
        role: One of ``ROLES``.
        who: For the history.
        forget_factor: Whether a known one begins anew with another authenticator.
        ends_on: The last day they may come in; None is without an end.

    Returns:
        The row, and the token of a link that signs in once within a day.

    Raises:
        DonateError: ``role_unknown``.
    """
    if role not in ROLES:
        raise DonateError("role_unknown", role=role)
    staff = find_staff(email)
    if staff is None:
        staff = write_staff(email, role, who)
    else:
        staff = lock(Staff, staff.id)
        _welcome_back(staff, role, who)
        if forget_factor:
            forget_second_factor(staff, who)
            end_sessions(StaffSession, staff.id)
    change_last_day(staff, ends_on, who)
    _proof, token = mint_invitation(email, f"staff:{staff.id}", INVITATION)
    return staff, token


def write_staff(email: str, role: str, who: Who) -> Staff:
    """Write the row of somebody who begins; call inside ``committed()``.

    Args:
        email: Normalised; nobody's yet.
        role: One of ``ROLES``.
        who: For the history.
    """
    staff = Staff(reference=references.new_reference(), email=email, role=role, created_at=clock.real_now())
    db.session.add(staff)
    db.session.flush()
    record_history(who, "add_staff", "staff", staff.reference, after={"role": role})
    return staff


def change_last_day(staff: Staff, ends_on: date | None, who: Who) -> None:
    """Set the last day somebody may come in; call inside ``committed()`` with the row locked.

    Args:
        staff: Who.
        ends_on: Of the newsroom's days; None is without an end.
        who: For the history.
    """
    if staff.ends_on == ends_on:
        return
    before, staff.ends_on = staff.ends_on, ends_on
    record_history(
        who, "change_last_day", "staff", staff.reference,
        before={"ends_on": str(before) if before else None}, after={"ends_on": str(ends_on) if ends_on else None},
    )  # fmt: skip


def disable_staff(staff: Staff, who: Who) -> None:
    """Let nobody in as a staff member any more, at once; call inside ``committed()``. Their history stays.

    Args:
        staff: Who leaves.
        who: For the history.
    """
    staff = lock(Staff, staff.id)
    if staff.disabled_at is None:
        staff.disabled_at = clock.real_now()
        record_history(who, "disable_staff", "staff", staff.reference, before={"role": staff.role})
    end_sessions(StaffSession, staff.id)
    end_proofs(staff.email, "staff")


def _welcome_back(staff: Staff, role: str, who: Who) -> None:
    before, was_away = staff.role, staff.disabled_at is not None
    if before == role and not was_away:
        return
    staff.role, staff.disabled_at = role, None
    # What was open under the old role asks again under the new one.
    end_sessions(StaffSession, staff.id)
    record_history(
        who, "change_role", "staff", staff.reference,
        before={"role": before, "disabled": was_away}, after={"role": role, "disabled": False},
    )  # fmt: skip
