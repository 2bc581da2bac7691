"""Hold on to a job that takes longer than a lease: whoever runs it says now and then that it still does."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from donate import clock
from donate.db import change_alone
from donate.queue.models import Job

_here = threading.local()


class LostLease(RuntimeError):
    """Another worker has taken the job over: what this one still does would be done twice."""


@contextlib.contextmanager
def running(job_id: int, owner: str, lease: timedelta) -> Iterator[None]:
    """Tell who runs which job in this thread, for ``hold_on``."""
    _here.job = (job_id, owner, lease)
    try:
        yield
    finally:
        _here.job = None


def hold_on() -> None:
    """Make the lease of the job that runs here longer; call outside ``committed()``. Outside of a job it does nothing.

    Raises:
        LostLease: When another worker has the job by now.
    """
    found: tuple[int, str, timedelta] | None = getattr(_here, "job", None)
    if found is None:
        return
    job_id, owner, lease = found
    kept = change_alone(
        sa.update(Job)
        .where(Job.id == job_id, Job.owner == owner, Job.state == "running")
        .values(lease_until=clock.real_now() + lease)
    )
    if not kept:
        raise LostLease(f"job {job_id} is another worker's by now")
