"""Look-ups of staff, their recovery codes and the history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from donate import clock
from donate.db import db
from donate.errors import NotFound
from donate.newsroom.queries import find_newsroom
from donate.team.models import History, RecoveryCode, Staff, StaffNotices, StaffSession
from donate.team.permissions import ROLES, may


def find_staff(email: str) -> Staff | None:
    """Find who works here under a normalised address, disabled ones too."""
    return db.session.scalars(select(Staff).where(Staff.email == email)).first()


def find_working_staff(staff_id: int) -> Staff | None:
    """Find a staff member who may come in."""
    return db.session.scalars(select(Staff).where(Staff.id == staff_id, *_work_here())).first()


def get_staff(email: str) -> Staff:
    """Give who works here under a normalised address.

    Raises:
        NotFound: ``staff_missing``.
    """
    found = find_staff(email)
    if found is None:
        raise NotFound("staff_missing", email=email)
    return found


def list_staff() -> list[Staff]:
    """List everybody who works or worked here, by address."""
    return list(db.session.scalars(select(Staff).order_by(Staff.email)))


def get_staff_by_reference(reference: str) -> Staff:
    """Give who works or worked here by their reference.

    Raises:
        NotFound: ``staff_missing``.
    """
    found = db.session.scalars(select(Staff).where(Staff.reference == reference)).first()
    if found is None:
        raise NotFound("staff_missing", reference=reference[:20])
    return found


def list_owner_ids() -> list[int]:
    """List the keys of all owners who are not disabled, in their order."""
    owners = select(Staff.id).where(Staff.role == "owner", Staff.disabled_at.is_(None))
    return list(db.session.scalars(owners.order_by(Staff.id)))


def list_last_seen() -> dict[int, datetime]:
    """Tell when each of the staff was seen last: at the desk, or by what they last did."""
    used = db.session.execute(
        select(StaffSession.owner_id, func.max(StaffSession.last_used_at)).group_by(StaffSession.owner_id)
    )
    did = (
        select(History.at)
        .where(History.who_kind == "staff", History.who_id == Staff.id)
        .order_by(History.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    seen: dict[int, datetime] = {key: at for key, at in used}  # noqa: C416  # a result has keys() of its own
    for key, at in db.session.execute(select(Staff.id, did)):
        if at is not None:
            seen[key] = max(at, seen.get(key, at))
    return seen


def list_emails() -> dict[int, str]:
    """List the addresses of all staff, those who left too, by their keys."""
    rows = db.session.execute(select(Staff.id, Staff.email))
    return {key: email for key, email in rows}  # noqa: C416  # a result has keys() of its own


def list_working_with(permission: str) -> list[Staff]:
    """List who may come in and whose role allows something, by address."""
    roles = [role for role in ROLES if may(role, permission)]
    query = select(Staff).where(*_work_here(), Staff.role.in_(roles))
    return list(db.session.scalars(query.order_by(Staff.email)))


def find_notices(staff_id: int) -> StaffNotices | None:
    """Find what somebody chose to be mailed; none where they never chose."""
    return db.session.get(StaffNotices, staff_id)


def list_notices() -> list[tuple[Staff, StaffNotices]]:
    """List what was chosen by everybody who may come in."""
    asked = select(Staff, StaffNotices).join(StaffNotices, StaffNotices.staff_id == Staff.id).where(*_work_here())
    return [(staff, notices) for staff, notices in db.session.execute(asked.order_by(Staff.id))]


def count_recovery_codes(staff_id: int) -> int:
    """Count the recovery codes somebody has left."""
    return (
        db.session.scalar(
            select(func.count(RecoveryCode.id)).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def list_history(object_kind: str, object_reference: str) -> list[History]:
    """List what was done to something, oldest first."""
    return list(
        db.session.scalars(
            select(History)
            .where(History.object_kind == object_kind, History.object_reference == object_reference)
            .order_by(History.id)
        )
    )


def list_newest_history(object_kind: str, object_reference: str, at_most: int) -> list[History]:
    """List the last that was done to something, newest first.

    Args:
        object_kind: Such as ``appeal``.
        object_reference: Which one.
        at_most: How many.
    """
    about = (History.object_kind == object_kind, History.object_reference == object_reference)
    return list(db.session.scalars(select(History).where(*about).order_by(History.id.desc()).limit(at_most)))


def find_last_change(object_kind: str, object_reference: str) -> History | None:
    """Find what was done to something last; none where nothing was."""
    return next(iter(list_newest_history(object_kind, object_reference, 1)), None)


def name_of_staff(staff_id: int | None) -> str:
    """Tell the address of who did something; empty where nobody of the staff did."""
    found = db.session.get(Staff, staff_id) if staff_id is not None else None
    return found.email if found is not None else ""


def _work_here() -> list[ColumnElement[bool]]:
    return [Staff.disabled_at.is_(None), or_(Staff.ends_on.is_(None), Staff.ends_on >= real_today())]


def works_here(staff: Staff) -> bool:
    """Tell whether a staff member, whose row is at hand, may come in."""
    return staff.disabled_at is None and (staff.ends_on is None or staff.ends_on >= real_today())


def real_today() -> date:
    """Tell the newsroom's day by the real clock, which sign-ins go by; before its facts are loaded, UTC's."""
    newsroom = find_newsroom()
    return clock.on(clock.real_now(), newsroom.time_zone if newsroom is not None else "UTC")
