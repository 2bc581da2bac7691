"""The job row."""

from __future__ import annotations

from datetime import datetime
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
