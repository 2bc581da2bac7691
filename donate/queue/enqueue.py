"""Ask for a job inside the transaction that makes it necessary."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from donate import clock
from donate.db import db, in_committed, insert_of
from donate.queue.models import Job


def enqueue(name: str, key: str, *, run_at: datetime | None = None, **args: Any) -> bool:
    """Write a job row, once for its key, in the caller's transaction.

    Args:
        name: The job's name, as registered in ``commands/worker.py``.
        key: What makes it one: a second request with the same key writes nothing.
        run_at: Not before this real time; None is at once.
        args: Plain JSON values for the job's function.

    Returns:
        Whether a row was written.
    """
    if not in_committed():
        raise RuntimeError("a job is asked for inside committed(), with what makes it necessary")
    asked_at = clock.real_now()
    statement = (
        insert_of(Job)
        .values(
            name=name, key=key, args=args, state="waiting", attempts=0, run_at=run_at or asked_at, created_at=asked_at
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Job.id)
    )
    return db.session.execute(statement).first() is not None
