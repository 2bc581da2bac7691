"""Take one try of several limits, or learn how long to wait; where nothing can be counted, the answer is to wait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from donate import clock, references
from donate.db import committed, db, insert_of
from donate.limits.models import LimitUse
from donate.limits.queries import find_use

# What is answered when the count can't be read: shut for a minute, never open.
WAIT_WHEN_UNKNOWN = 60
KEEP = timedelta(days=2)
_log = structlog.get_logger("limits")


@dataclass(frozen=True)
class Limit:
    """So many tries within a time that begins with the first of them.

    Args:
        name: What is tried.
        most: How many tries.
        within: After this the count begins anew; nobody waits longer.
    """

    name: str
    most: int
    within: timedelta


def take(*uses: tuple[Limit, str]) -> int:
    """Count one try under each limit, in order, until one is spent; call outside ``committed()``.

    Args:
        uses: A limit and whom it counts, widest first; one that is spent leaves those after it uncounted.

    Returns:
        The seconds to wait; 0 when the try may go on.
    """
    try:
        with committed():
            for limit, who in uses:
                wait = count(limit, who)
                if wait:
                    return wait
    except SQLAlchemyError as error:
        _log.error("limits_unknown", error=repr(error))
        return WAIT_WHEN_UNKNOWN
    return 0


def count(limit: Limit, who: str) -> int:
    """Count one try; call inside ``committed()``.

    Args:
        limit: What is tried.
        who: Whom it counts: an address, a network, an account. Only a keyed hash is kept.

    Returns:
        The seconds to wait when there were too many; else 0.
    """
    at = clock.real_now()
    is_over = LimitUse.started_at <= at - limit.within
    row = db.session.execute(
        insert_of(LimitUse)
        .values(key=_key(limit, who), started_at=at, used=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "started_at": sa.case((is_over, at), else_=LimitUse.started_at),
                # One above the most says enough: a flood must not make the number grow for ever.
                "used": sa.case((is_over, 1), (LimitUse.used > limit.most, LimitUse.used), else_=LimitUse.used + 1),
            },
        )
        .returning(LimitUse.used, LimitUse.started_at)
    ).one()
    return _seconds_left(limit, row.started_at, at) if row.used > limit.most else 0


def wait_for(limit: Limit, who: str) -> int:
    """Tell how long to wait, counting nothing.

    Args:
        limit: What is tried.
        who: Whom it counts.
    """
    at = clock.real_now()
    found = find_use(_key(limit, who))
    if found is None or found.used < limit.most or found.started_at <= at - limit.within:
        return 0
    return _seconds_left(limit, found.started_at, at)


def drop_old_uses() -> None:
    """Forget counts that no limit looks at any more; call inside ``committed()``."""
    db.session.execute(sa.delete(LimitUse).where(LimitUse.started_at < clock.real_now() - KEEP))


def _key(limit: Limit, who: str) -> str:
    return references.sign("limit", limit.name, who)


def _seconds_left(limit: Limit, started_at: datetime, at: datetime) -> int:
    return max(1, math.ceil((started_at + limit.within - at).total_seconds()))
