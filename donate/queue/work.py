"""The worker: claims due jobs under a lease, runs them, retries with growing pauses, gives up loudly."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from donate import clock
from donate.db import committed, db
from donate.queue.hold import running
from donate.queue.models import Job

Handler = Callable[..., None]

# Longer than a job may take with all its retries, unless it says that it goes on (``hold_on``); a killed worker's
# job waits this long.
LEASE = timedelta(seconds=90)
MOST_ATTEMPTS = 12
_log = structlog.get_logger("queue")


class Worker:
    """One worker process's hands.

    Args:
        handlers: Job name to function; the function gets the job's args by name.
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self.handlers = handlers
        self.owner = secrets.token_hex(8)

    def run_due(self, *, at_most: int = 1000) -> int:
        """Run jobs that are due now, one after another, until none is left.

        Args:
            at_most: Stop after so many.

        Returns:
            How many ran, well or badly.
        """
        ran = 0
        while ran < at_most and (claimed := self._claim()) is not None:
            self._run(*claimed)
            ran += 1
        return ran

    def _claim(self) -> tuple[int, str, dict[str, Any], int] | None:
        # Looked for in autocommit first: an idle worker takes no write lock.
        if db.session.execute(_due().limit(1)).first() is None:
            return None
        with committed() as session:
            job = session.scalars(_due().limit(1).with_for_update(skip_locked=True)).first()
            if job is None:
                return None
            job.state = "running"
            job.owner = self.owner
            job.attempts += 1
            job.lease_until = clock.real_now() + LEASE
            return job.id, job.name, dict(job.args), job.attempts

    def _run(self, job_id: int, name: str, args: dict[str, Any], attempts: int) -> None:
        try:
            with running(job_id, self.owner, LEASE):
                self.handlers[name](**args)
        except Exception as error:  # whatever broke, the row keeps it and the next attempt is planned
            db.session.rollback()
            _log.warning("job_failed", job=name, id=job_id, attempts=attempts, error=repr(error))
            self._put_back(job_id, attempts, f"{type(error).__name__}: {error}"[:2000])
        else:
            self._finish(job_id)

    def _finish(self, job_id: int) -> None:
        with committed() as session:
            session.execute(
                sa.update(Job)
                .where(Job.id == job_id, Job.owner == self.owner)
                .values(state="done", finished_at=clock.real_now(), lease_until=None, error=None)
            )

    def _put_back(self, job_id: int, attempts: int, error: str) -> None:
        dead = attempts >= MOST_ATTEMPTS
        with committed() as session:
            session.execute(
                sa.update(Job)
                .where(Job.id == job_id, Job.owner == self.owner)
                .values(
                    state="dead" if dead else "waiting",
                    run_at=clock.real_now() + wait_after(attempts),
                    lease_until=None,
                    error=error,
                )
            )


def wait_after(attempts: int) -> timedelta:
    """Tell how long to wait after so many failed attempts: 2 s, 4 s, 8 s … six hours at most."""
    return timedelta(seconds=min(2**attempts, 6 * 3600))


def _due() -> sa.Select[Job]:
    at = clock.real_now()
    waiting = sa.and_(Job.state == "waiting", Job.run_at <= at)
    # A worker that died leaves its lease behind; when it has run out, the job is anybody's.
    abandoned = sa.and_(Job.state == "running", Job.lease_until < at)
    return sa.select(Job).where(sa.or_(waiting, abandoned)).order_by(Job.run_at, Job.id)
