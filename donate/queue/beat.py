"""The worker's beat: a row that says that it is alive, and how an operator tells a silent one from a busy one."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from donate import clock
from donate.db import committed, db, insert_of, write_alone
from donate.queue.models import Job, WorkerBeat

#: So often a worker says that it is alive.
EVERY = timedelta(seconds=15)
#: Longer than that without a word, and without a job that it holds, and it is not.
SILENT = timedelta(minutes=2)
_KEEP = timedelta(days=7)


def beat(owner: str, began_at: datetime) -> None:
    """Say that a worker is alive, in a transaction of its own; call outside ``committed()``.

    Args:
        owner: Its own name, as jobs keep it.
        began_at: When it was started.
    """
    row = insert_of(WorkerBeat).inline()
    statement = row.on_conflict_do_update(index_elements=["owner"], set_={"seen_at": row.excluded.seen_at})
    write_alone(statement, {"owner": owner, "began_at": began_at, "seen_at": clock.real_now()})


def leave(owner: str) -> None:
    """Take along the row of a worker that stops; call outside ``committed()``. Those long silent go with it."""
    with committed() as session:
        is_over = sa.or_(WorkerBeat.owner == owner, WorkerBeat.seen_at < clock.real_now() - _KEEP)
        session.execute(sa.delete(WorkerBeat).where(is_over))


def find_last_beat() -> datetime | None:
    """Tell when a worker last showed that it is alive: by its beat, or by a job whose lease it holds."""
    seen = db.session.scalar(sa.select(sa.func.max(WorkerBeat.seen_at)))
    held = sa.select(Job.id).where(Job.state == "running", Job.lease_until >= clock.real_now()).limit(1)
    return clock.real_now() if db.session.scalar(held) is not None else seen


def list_alive() -> list[WorkerBeat]:
    """List the workers that were heard of lately, the oldest first."""
    heard = sa.select(WorkerBeat).where(WorkerBeat.seen_at >= clock.real_now() - SILENT)
    return list(db.session.scalars(heard.order_by(WorkerBeat.began_at)))
