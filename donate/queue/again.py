"""Run a job again that was given up: from its first attempt, and at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from donate import clock
from donate.db import db
from donate.queue.enqueue import enqueue
from donate.queue.models import Job


def ask_again(name: str, key: str, **args: Any) -> None:
    """Ask for a job whether or not it was done before; call inside ``committed()``. One under way is left alone.

    Args:
        name: As ``enqueue`` takes it.
        key: Likewise.
        args: Likewise.
    """
    if not enqueue(name, key, **args):
        _revive(Job.key == key, Job.state.in_(("dead", "done")))


def revive(job_ids: Sequence[int]) -> int:
    """Let jobs that were given up run again; call inside ``committed()``.

    Returns:
        How many they were; those that are no longer given up are left alone.
    """
    return _revive(Job.id.in_(job_ids), Job.state == "dead")


def settle(key: str) -> None:
    """Mark a job that was given up as done, because its work was done by hand; call inside ``committed()``."""
    which = sa.update(Job).where(Job.key == key, Job.state == "dead")
    db.session.execute(which.values(state="done", finished_at=clock.real_now(), error=None))


def _revive(*which: sa.ColumnElement[bool]) -> int:
    anew = {"state": "waiting", "attempts": 0, "run_at": clock.real_now(), "error": None, "finished_at": None}
    done = db.session.execute(sa.update(Job).where(*which).values(**anew).execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
