"""Sessions of any kind: begun with a new secret, used until idle or old, ended one by one or all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from donate import clock, references
from donate.db import db
from donate.entry.models import SessionRow
from donate.entry.queries import find_session, list_sessions

Kept = TypeVar("Kept", bound=SessionRow)

# The last use is written down at most so often: a page that is read costs no write.
_NOTE_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Life:
    """How long a session lives.

    Args:
        idle: Without use.
        whole: However much it is used.
    """

    idle: timedelta
    whole: timedelta


def begin_session(model: type[Kept], owner_id: int, life: Life, device: str, **more: Any) -> tuple[Kept, str]:
    """Begin a session with a new secret; call inside ``committed()``.

    Args:
        model: The kind.
        owner_id: Whose.
        life: How long it may live.
        device: In words.
        more: Further columns of the kind.

    Returns:
        The row, and the secret for the cookie, which is kept nowhere else.
    """
    secret = references.new_secret()
    at = clock.real_now()
    row = model(
        reference=references.new_reference(),
        id_hash=references.fingerprint(secret),
        owner_id=owner_id,
        device=device,
        started_at=at,
        last_used_at=at,
        expires_at=at + life.whole,
        **more,
    )
    db.session.add(row)
    db.session.flush()
    return row, secret


def renew_secret(row: SessionRow) -> str:
    """Give a session a new secret, which ends the old one; call inside ``committed()`` with the row read there."""
    secret = references.new_secret()
    row.id_hash = references.fingerprint(secret)
    row.last_used_at = clock.real_now()
    return secret


def find_live_session(model: type[Kept], secret: str, life: Life) -> Kept | None:
    """Find the session of a cookie, if it lives.

    Args:
        model: The kind.
        secret: From the cookie.
        life: How long it may live.
    """
    row = find_session(model, references.fingerprint(secret)) if secret else None
    return row if row is not None and is_live(row, life) else None


def is_live(row: SessionRow, life: Life) -> bool:
    """Tell whether a session has neither come to its end nor lain idle too long."""
    at = clock.real_now()
    return row.expires_at > at and row.last_used_at > at - life.idle


def needs_noting(row: SessionRow) -> bool:
    """Tell whether a session's last use is old enough to be written down again."""
    return clock.real_now() - row.last_used_at >= _NOTE_EVERY


def note_use(model: type[Kept], session_id: int) -> None:
    """Write down that a session was used; call inside ``committed()``."""
    db.session.execute(
        sa.update(model)
        .where(model.id == session_id)
        .values(last_used_at=clock.real_now())
        .execution_options(synchronize_session=False)
    )


def list_live_sessions(model: type[Kept], owner_id: int, life: Life) -> list[Kept]:
    """List somebody's sessions that live, the last used first."""
    at = clock.real_now()
    return list_sessions(model, owner_id, at, at - life.idle)


def end_session(model: type[Kept], owner_id: int, reference: str) -> bool:
    """End one of somebody's sessions; call inside ``committed()``.

    Args:
        model: The kind.
        owner_id: Whose.
        reference: Of the session; somebody else's is left alone.

    Returns:
        Whether there was one.
    """
    return _end(model, model.owner_id == owner_id, model.reference == reference) > 0


def end_sessions(model: type[Kept], owner_id: int, *, but: str = "") -> int:
    """End all of somebody's sessions but one; call inside ``committed()``.

    Args:
        model: The kind.
        owner_id: Whose.
        but: The reference of the one that stays.

    Returns:
        How many ended.
    """
    return _end(model, model.owner_id == owner_id, model.reference != but)


def drop_old_sessions(model: type[Kept]) -> None:
    """Forget sessions that are past their end; call inside ``committed()``."""
    _end(model, model.expires_at <= clock.real_now())


def _end(model: type[Kept], *which: Any) -> int:
    gone = db.session.execute(sa.delete(model).where(*which).execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]
