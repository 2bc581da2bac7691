"""What one colleague may do to another: never above their own role, nor to themselves, nor to the last owner.

A command on the server is not held to this: whoever types there holds all keys already, and is whom a newsroom turns to
when its only owner has lost theirs.
"""

from __future__ import annotations

from datetime import date

from donate import references
from donate.db import lock
from donate.entry.sessions import end_sessions
from donate.entry.use import end_proofs
from donate.errors import DonateError, StaffRefused
from donate.queue.enqueue import enqueue
from donate.team.hire import change_last_day, disable_staff, write_staff
from donate.team.history import Who, record_history
from donate.team.models import Staff, StaffSession
from donate.team.permissions import ROLES, may, may_grant
from donate.team.queries import find_staff, list_owner_ids, real_today, works_here
from donate.team.second_factor import forget_second_factor


def add_colleague(email: str, role: str, ends_on: date | None, who: Who) -> Staff:
    """Add a colleague and ask for the mail with their way in; call inside ``committed()``.

    Args:
        email: Normalised.
        role: One of ``ROLES``.
        ends_on: The last day they may come in; None is without an end.
        who: The colleague who adds them.

    Raises:
        DonateError: ``role_unknown``.
        StaffRefused: ``not_yours``, ``above_you``, ``known_already`` (reference), ``owner_has_no_end`` or
            ``day_is_over``.
    """
    _check(role, ends_on)
    by = _at_work(_lock_all(who.row_id or 0), who)
    if not may_grant(by.role, role):
        raise StaffRefused("above_you", role=role)
    known = find_staff(email)
    if known is not None:
        raise StaffRefused("known_already", reference=known.reference)
    staff = write_staff(email, role, who)
    change_last_day(staff, ends_on, who)
    _ask_for_mail(staff, who)
    return staff


def give_role(staff_id: int, role: str, ends_on: date | None, who: Who) -> None:
    """Give a colleague another role or another last day, at once in what they have open; call inside ``committed()``.

    Args:
        staff_id: Whose.
        role: One of ``ROLES``.
        ends_on: The last day they may come in; None is without an end.
        who: The colleague who does it.

    Raises:
        DonateError: ``role_unknown``.
        StaffRefused: ``not_yours``, ``own_row``, ``above_you``, ``last_owner``, ``owner_has_no_end``, ``day_is_over``.
    """
    rows, by, staff = _take(staff_id, who)
    if ends_on != staff.ends_on or role != staff.role:
        _check(role, ends_on)
    if not may_grant(by.role, role):
        raise StaffRefused("above_you", role=role)
    if role != "owner":
        _keep_an_owner(rows, staff)
    if role != staff.role:
        before, staff.role = staff.role, role
        record_history(who, "change_role", "staff", staff.reference, before={"role": before}, after={"role": role})
    change_last_day(staff, ends_on, who)


def disable_colleague(staff_id: int, who: Who) -> None:
    """Let nobody in as a colleague any more, at once; call inside ``committed()``. Their history stays.

    Args:
        staff_id: Who leaves.
        who: The colleague who does it.

    Raises:
        StaffRefused: ``not_yours``, ``own_row``, ``above_you``, ``last_owner``.
    """
    rows, _by, staff = _take(staff_id, who)
    _keep_an_owner(rows, staff)
    disable_staff(staff, who)


def enable_colleague(staff_id: int, who: Who) -> None:
    """Let a disabled colleague come in again, with the role and the authenticator they had; inside ``committed()``.

    Args:
        staff_id: Who comes back.
        who: The colleague who does it.

    Raises:
        StaffRefused: ``not_yours``, ``own_row``, ``above_you``.
    """
    _rows, _by, staff = _take(staff_id, who)
    if staff.disabled_at is None:
        return
    staff.disabled_at = None
    record_history(who, "enable_staff", "staff", staff.reference, after={"role": staff.role})


def sign_out_colleague(staff_id: int, who: Who) -> int:
    """End all sessions of a colleague; call inside ``committed()``.

    Args:
        staff_id: Whose.
        who: The colleague who does it.

    Returns:
        How many ended.

    Raises:
        StaffRefused: ``not_yours``, ``own_row``, ``above_you``.
    """
    _rows, _by, staff = _take(staff_id, who)
    ended = end_sessions(StaffSession, staff.id)
    record_history(who, "end_sessions", "staff", staff.reference, after={"ended": ended})
    return ended


def forget_authenticator(staff_id: int, who: Who) -> None:
    """Let a colleague begin anew with another authenticator at their next sign-in; call inside ``committed()``.

    Their sessions end and links on their way to them stop working: only a mail asked for from now on leads in.

    Args:
        staff_id: Whose.
        who: The colleague who does it.

    Raises:
        StaffRefused: ``not_yours``, ``own_row``, ``above_you``.
    """
    _rows, _by, staff = _take(staff_id, who)
    forget_second_factor(staff, who)
    end_sessions(StaffSession, staff.id)
    end_proofs(staff.email, "staff")


def invite_again(staff_id: int, who: Who) -> None:
    """Ask for another mail to a colleague who has not come in yet; call inside ``committed()``.

    Args:
        staff_id: Who.
        who: The colleague who does it.

    Raises:
        StaffRefused: ``not_yours``, ``own_row``, ``above_you``, or ``has_come_in``: they ask for their own link then.
    """
    _rows, _by, staff = _take(staff_id, who)
    if staff.totp_since is not None or not works_here(staff):
        raise StaffRefused("has_come_in")
    record_history(who, "invite_staff", "staff", staff.reference)
    _ask_for_mail(staff, who)


def _ask_for_mail(staff: Staff, who: Who) -> None:
    enqueue("invite_staff", f"invite:{references.new_reference()}", staff_id=staff.id, by_id=who.row_id)


def _check(role: str, ends_on: date | None) -> None:
    if role not in ROLES:
        raise DonateError("role_unknown", role=role[:20])
    if ends_on is not None and role == "owner":
        raise StaffRefused("owner_has_no_end")
    if ends_on is not None and ends_on < real_today():
        raise StaffRefused("day_is_over", day=ends_on)


def _lock_all(*row_ids: int) -> dict[int, Staff]:
    """Lock these rows and those of all owners, in the order of their keys, so that of two acts one waits."""
    return {key: lock(Staff, key) for key in sorted({*row_ids, *list_owner_ids()})}


def _at_work(rows: dict[int, Staff], who: Who) -> Staff:
    """Give who acts, as they are now: they may have been disabled, or lowered, since their page opened."""
    by = rows[who.row_id or 0]
    if not works_here(by) or not may(by.role, "manage_staff"):
        raise StaffRefused("not_yours")
    return by


def _take(staff_id: int, who: Who) -> tuple[dict[int, Staff], Staff, Staff]:
    """Lock whom it is about, and hold who acts to what they may do to them."""
    rows = _lock_all(who.row_id or 0, staff_id)
    by, staff = _at_work(rows, who), rows[staff_id]
    if staff.id == by.id:
        raise StaffRefused("own_row")
    if not may_grant(by.role, staff.role):
        raise StaffRefused("above_you", role=staff.role)
    return rows, by, staff


def _keep_an_owner(rows: dict[int, Staff], leaving: Staff) -> None:
    if leaving.role != "owner" or not works_here(leaving):
        return
    if not any(each.role == "owner" and works_here(each) for each in rows.values() if each.id != leaving.id):
        raise StaffRefused("last_owner")
