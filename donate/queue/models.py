"""The rows of the queue: jobs, the schedules that ask for them, and the workers that are alive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime


class Job(Base):
    """One thing to do, at least once, after the transaction that asked for it has committed."""

    __tablename__ = "job"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'dead')", name="state"),
        sa.Index("ix_job_due", "state", "run_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    args: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Two askers with one key make one job.
    key: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    #: Real time, not the sandbox's: retries wait in the world.
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    owner: Mapped[str | None] = mapped_column(sa.String(40))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Schedule(Base):
    """What a worker asks for by the clock, as the worker that started last knows it, and when it last went well."""

    __tablename__ = "schedule"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    every_seconds: Mapped[int] = mapped_column(sa.Integer)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ran_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def every(self) -> timedelta:
        """How often it should run."""
        return timedelta(seconds=self.every_seconds)


class WorkerBeat(Base):
    """A worker process that says now and then that it is alive; one that stops politely takes its row along."""

    __tablename__ = "worker_beat"

    owner: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
