"""Tokens by which programs read: made and shown once, found by their hash, counted with each use, revoked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from donate import clock, references
from donate.connections.models import ApiToken
from donate.connections.queries import find_token_by_hash
from donate.db import committed, db
from donate.limits.take import Limit, count
from donate.team.history import SYSTEM, Who, record_history
from donate.team.queries import real_today

#: What a token may read; names and addresses only with the first.
DONORS = "donors:read"
SCOPES = (DONORS, "gifts:read", "recurring:read", "appeals:read")
LONGEST_NAME = 80
#: Days that a token may be made for; 0 is without end.
LIVES = (30, 90, 365, 0)
#: How often one token may ask, whichever process answers.
LIMIT = Limit("api_token", 240, timedelta(minutes=1))

_MARK = "donate_"
_SHOWN = len(_MARK) + 6


def make_token(name: str, scopes: Sequence[str], days: int, who: Who) -> tuple[ApiToken, str]:
    """Make a token; call inside ``committed()``.

    Args:
        name: What the desk calls it.
        scopes: Of ``SCOPES``.
        days: How long it works, of ``LIVES``.
        who: A staff member.

    Returns:
        The row, and the token itself, to be shown once.
    """
    assert who.row_id is not None
    token = _MARK + secrets.token_urlsafe(32)
    at = clock.real_now()
    row = ApiToken(
        reference=references.new_reference(),
        name=name[:LONGEST_NAME],
        prefix=token[:_SHOWN],
        token_hash=_hash(token),
        scopes=[scope for scope in SCOPES if scope in scopes],
        created_at=at,
        created_by=who.row_id,
        expires_at=at + timedelta(days=days) if days else None,
    )
    db.session.add(row)
    db.session.flush()
    after = {scope.replace(":", "_"): scope in row.scopes for scope in SCOPES}
    record_history(who, "make_token", "api_token", row.reference, after={**after, "days": days})
    return row, token


def revoke_token(row: ApiToken, who: Who) -> None:
    """Let a token open nothing any more; call inside ``committed()``."""
    if row.revoked_at is None:
        row.revoked_at = clock.real_now()
        record_history(who, "revoke_token", "api_token", row.reference)


def find_working_token(token: str) -> ApiToken | None:
    """Find the row of a token that opens something now."""
    if not token.startswith(_MARK):
        return None
    given = _hash(token)
    row = find_token_by_hash(given)
    if row is None or not hmac.compare_digest(row.token_hash, given) or not is_working(row, clock.real_now()):
        return None
    return row


def is_working(row: ApiToken, at: datetime) -> bool:
    """Tell whether a token opens anything at a moment."""
    return row.revoked_at is None and (row.expires_at is None or at < row.expires_at)


def note_use(row: ApiToken, *, personal: bool) -> int:
    """Count one use of a token, or say how long it must wait; call outside ``committed()``.

    A row of the history for each request would bury the rest: the token's row counts them, and the history says once
    a day that it read names.

    Args:
        row: Working.
        personal: Whether names or addresses are answered.

    Returns:
        The seconds to wait; 0 when the answer may be given.
    """
    token_id, reference, day = row.id, row.reference, real_today()
    with committed():
        wait = count(LIMIT, reference)
        if wait:
            return wait
        _add(token_id, uses=ApiToken.uses + 1, last_used_at=clock.real_now())
        if personal:
            _add(token_id, personal_uses=ApiToken.personal_uses + 1)
            is_first = sa.or_(ApiToken.personal_noted_on.is_(None), ApiToken.personal_noted_on < day)
            if _add(token_id, is_first, personal_noted_on=day):
                record_history(SYSTEM, "read_personal", "api_token", reference, after={"on": day.isoformat()})
    return 0


def _add(token_id: int, *which: sa.ColumnElement[bool], **values: object) -> int:
    statement = sa.update(ApiToken).where(ApiToken.id == token_id, *which).values(**values)
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _hash(token: str) -> str:
    # 256 random bits need no slow hash: https://datatracker.ietf.org/doc/html/rfc6750#section-5.2
    return hashlib.sha256(token.encode()).hexdigest()
