"""A file of past gifts that somebody at the desk handed in: looked at first, then brought in, gone after a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime


class ImportOrder(Base):
    """One file: whose it is, how it is read, how far that is, and what came of it."""

    __tablename__ = "import_order"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint(
            "state IN ('waiting', 'looking', 'looked', 'queued', 'writing', 'done', 'refused', 'gone')", name="state"
        ),
        sa.Index("ix_import_order_staff", "staff_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    system: Mapped[str] = mapped_column(sa.String(20))
    #: How it is read: fields of ``bring_in.Asked``, the mapping's among them.
    asked: Mapped[dict[str, Any]] = mapped_column(Json)
    #: ``waiting`` and ``looking`` before the dry run's report, ``looked`` with it; ``queued`` and ``writing`` after the
    #: press, ``done``; ``refused`` where the file as a whole can't be read.
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    rows_done: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    bytes_done: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    bytes_all: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: The last report: see ``report.Report``. Sums and reasons, nobody's name.
    report: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: Why it was refused, as a sentence.
    refusal: Mapped[str] = mapped_column(sa.Text, default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
