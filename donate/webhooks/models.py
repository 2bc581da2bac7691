"""The inbox of Stripe's events."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, UtcDateTime


class StripeEvent(Base):
    """One event as it was delivered, stored before anything is done about it."""

    __tablename__ = "stripe_event"
    __table_args__ = (
        sa.UniqueConstraint("event_id"),
        sa.CheckConstraint("state IN ('received', 'queued', 'applied', 'ignored', 'failed')", name="state"),
        sa.Index("ix_stripe_event_received", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[str] = mapped_column(sa.String(80))
    type: Mapped[str] = mapped_column(sa.String(80))
    api_version: Mapped[str] = mapped_column(sa.String(40), default="")
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
    object_id: Mapped[str] = mapped_column(sa.String(120), default="")
    payload: Mapped[bytes] = mapped_column(sa.LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: received → queued (a job knows it) → applied, or ignored (nothing of ours), or failed (the job gave up).
    state: Mapped[str] = mapped_column(sa.String(10), default="received")
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(sa.Text)
    #: Whether we had to fetch it from Stripe's list: nobody had delivered it by then.
    is_fetched: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())


class CatchUpMark(Base):
    """Up to when Stripe's own lists were read, so that each reading goes on where the last one ended."""

    __tablename__ = "catch_up_mark"

    #: ``events`` or ``transactions``.
    name: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    read_until: Mapped[datetime] = mapped_column(UtcDateTime)
