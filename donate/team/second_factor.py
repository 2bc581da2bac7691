"""The second factor: an authenticator's codes (RFC 6238), and ten codes for the day it is lost."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import timedelta

import pyotp
import sqlalchemy as sa

from donate import clock, references
from donate.db import db, lock
from donate.entry.use import to_western
from donate.limits.take import Limit
from donate.team.history import Who, record_history
from donate.team.models import RecoveryCode, Staff

#: Tries of one staff member, whatever is typed. Only who reads their mail gets this far.
TRIES = Limit("second-factor", 6, timedelta(minutes=5))
RECOVERY_CODES = 10
#: How long a second factor counts as just shown, for what must not be done from an unlocked desk.
FRESH = timedelta(minutes=10)
_STEP_SECONDS = 30
# 160 bits, as RFC 4226 asks for at least.
_SECRET_BYTES = 20
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def secret_of(staff: Staff) -> str:
    """Give the authenticator's secret in base32: derived, so that the database alone tells nothing of it."""
    derived = references.derive("totp", staff.reference, staff.totp_salt)
    return base64.b32encode(derived[:_SECRET_BYTES]).decode()


def address_for_authenticator(staff: Staff, issuer: str) -> str:
    """Give the ``otpauth://`` address that a QR code holds.

    Args:
        staff: Whose.
        issuer: The newsroom's name, as the authenticator shows it.
    """
    return pyotp.TOTP(secret_of(staff)).provisioning_uri(name=staff.email, issuer_name=issuer)


def set_second_factor(staff_id: int, typed: str, who: Who) -> list[str] | None:
    """Take the authenticator into use by its first right code; call inside ``committed()``.

    Args:
        staff_id: Who has none yet.
        typed: The code.
        who: For the history.

    Returns:
        Ten recovery codes, to be shown once; none when the code is wrong.
    """
    staff = lock(Staff, staff_id)
    if staff.totp_since is not None or not staff.totp_salt or not _use_step(staff, typed):
        return None
    staff.totp_since = clock.real_now()
    record_history(who, "set_second_factor", "staff", staff.reference)
    return _new_codes(staff)


def pass_second_factor(staff_id: int, typed: str, who: Who) -> str:
    """Check a code of the authenticator or a recovery code, and use it up; call inside ``committed()``.

    Args:
        staff_id: Who has set a second factor.
        typed: Six digits, or a recovery code.
        who: For the history.

    Returns:
        ``authenticator`` or ``recovery`` when it was right; else empty.
    """
    staff = lock(Staff, staff_id)
    if staff.totp_since is None:
        return ""
    if _use_step(staff, typed):
        return "authenticator"
    if _use_recovery_code(staff, typed):
        record_history(who, "use_recovery_code", "staff", staff.reference)
        return "recovery"
    return ""


def renew_recovery_codes(staff_id: int, who: Who) -> list[str]:
    """Replace somebody's recovery codes by ten new ones; call inside ``committed()``.

    Args:
        staff_id: Whose.
        who: For the history.

    Returns:
        The codes, to be shown once.
    """
    staff = lock(Staff, staff_id)
    record_history(who, "renew_recovery_codes", "staff", staff.reference)
    return _new_codes(staff)


def forget_second_factor(staff: Staff, who: Who) -> None:
    """Let somebody begin anew with another authenticator; call inside ``committed()`` with the row locked."""
    staff.totp_salt, staff.totp_since = "", None
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    record_history(who, "forget_second_factor", "staff", staff.reference)


def _use_step(staff: Staff, typed: str) -> bool:
    """Use up the half minute whose code was typed: a neighbour counts too, because clocks differ."""
    code = re.sub(r"\s", "", to_western(typed))
    if not re.fullmatch(r"[0-9]{6}", code):
        return False
    made = pyotp.TOTP(secret_of(staff))
    now = int(clock.real_now().timestamp()) // _STEP_SECONDS
    fits = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(made.generate_otp(step), code)]
    fresh = [step for step in fits if step > staff.totp_step]
    if not fresh:
        return False
    staff.totp_step = fresh[0]
    return True


def _use_recovery_code(staff: Staff, typed: str) -> bool:
    code = re.sub(r"[\s-]", "", typed).upper()
    used = db.session.execute(
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.staff_id == staff.id,
            RecoveryCode.code_hash == _hash(staff, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.real_now())
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    ).first()
    return used is not None


def _new_codes(staff: Staff) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    # Ten letters of 32: 50 bits each.
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(staff_id=staff.id, code_hash=_hash(staff, code)) for code in codes)
    db.session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _hash(staff: Staff, code: str) -> str:
    return references.sign("recovery-code", staff.reference, code)
