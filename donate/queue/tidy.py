"""Tidy: drop jobs that were done long ago."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from donate import clock
from donate.db import db
from donate.queue.models import Job

KEEP = timedelta(days=14)


def drop_done_jobs() -> int:
    """Delete done jobs older than two weeks; call inside ``committed()``.

    What made a job necessary has its own unique row (an event, a message), so nothing is done twice for it.

    Returns:
        How many went.
    """
    gone = db.session.execute(sa.delete(Job).where(Job.state == "done", Job.finished_at < clock.real_now() - KEEP))
    return int(gone.rowcount)  # type: ignore[attr-defined]
