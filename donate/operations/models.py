"""What the operator was told, and what came of asking: problems by cause, and the last verdict of each question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime


class Problem(Base):
    """A cause that was ever found, and how it stands; real times, and nothing personal."""

    __tablename__ = "operation_problem"
    __table_args__ = (
        sa.UniqueConstraint("cause"),
        sa.CheckConstraint("severity IN ('bad', 'warn')", name="severity"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: One of ``causes.CAUSES``.
    cause: Mapped[str] = mapped_column(sa.String(40))
    severity: Mapped[str] = mapped_column(sa.String(4))
    #: What its sentences name, as it was seen last.
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    path: Mapped[str] = mapped_column(sa.String(200))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None while it is open.
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the owners were told that it is open; None where this time they were not.
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Until then one that comes back is not told again.
    quiet_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: How often it was opened.
    times: Mapped[int] = mapped_column(sa.Integer, default=1)


class Verdict(Base):
    """What came of a question that a schedule asks: ``reconcile``, ``check``, ``stripe`` or ``endpoint``."""

    __tablename__ = "operation_verdict"

    name: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_good: Mapped[bool] = mapped_column(sa.Boolean)
    #: Since when it is as it is, good or not.
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What was found: see ``ask.py``.
    told: Mapped[dict[str, Any]] = mapped_column(Json)
