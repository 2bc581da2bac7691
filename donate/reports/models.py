"""Rows that reports write themselves: the register of what was exported."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime


class ExportOrder(Base):
    """A file that somebody at the desk asked for: written by the worker, handed to nobody else, gone after a day."""

    __tablename__ = "export_order"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint("state IN ('waiting', 'writing', 'ready', 'refused', 'gone')", name="state"),
        sa.Index("ix_export_order_staff", "staff_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(sa.String(40))
    #: Of a journal, else empty.
    shape: Mapped[str] = mapped_column(sa.String(40), default="")
    #: ``csv``, ``jsonl`` or ``xlsx``.
    form: Mapped[str] = mapped_column(sa.String(10))
    #: As ``reports.export.Period`` has it, dates as ISO writes them.
    period: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    #: How far it is, and how far it has to go as far as can be told beforehand.
    rows_done: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    rows_expected: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: Its files in their order: [{"name", "rows", "bytes", "sha256"}].
    files: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    #: Why it was refused: the name of a sentence, and its values.
    refusal: Mapped[str] = mapped_column(sa.String(60), default="")
    refusal_values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: The row of the register that says what it held.
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("export_run.id"))
    #: The saved report that asked for it, whose owner is told by mail when it is ready.
    saved_report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("saved_report.id", ondelete="SET NULL"))
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedReport(Base):
    """An export with a name that somebody asks for again, or has written each week or month."""

    __tablename__ = "saved_report"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("staff_id", "name"),
        sa.CheckConstraint("rhythm IN ('', 'week', 'month')", name="rhythm"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(40))
    shape: Mapped[str] = mapped_column(sa.String(40), default="")
    form: Mapped[str] = mapped_column(sa.String(10))
    #: Which days each time: see ``reports.saved.SPANS``.
    span: Mapped[str] = mapped_column(sa.String(20))
    #: What else it asks for, by the names of ``reports.export.Period``.
    filters: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Empty: only when asked.
    rhythm: Mapped[str] = mapped_column(sa.String(5), default="")
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The newsroom's day on which it is written next.
    next_on: Mapped[date | None] = mapped_column(sa.Date, index=True)
    #: Why it was last not written: ``not_allowed``; empty where it was.
    stopped: Mapped[str] = mapped_column(sa.String(20), default="")


class ExportRun(Base):
    """One file that was handed out: by whom, of what, and what it held; a trigger refuses every change."""

    __tablename__ = "export_run"
    __table_args__ = (sa.UniqueConstraint("reference"), sa.Index("ix_export_run_at", "exported_at", "id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: ``staff:<id>``, or ``command``.
    exported_by: Mapped[str] = mapped_column(sa.String(40))
    exported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(sa.String(40))
    #: Of a journal, else empty.
    shape: Mapped[str] = mapped_column(sa.String(40), default="")
    #: ``csv``, ``jsonl`` or ``xlsx``.
    form: Mapped[str] = mapped_column(sa.String(10))
    #: {"from", "to", "fund", "appeal", …}
    period: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Files it was split into.
    parts: Mapped[int] = mapped_column(sa.Integer, default=1)
    rows: Mapped[int] = mapped_column(sa.BigInteger)
    #: {currency: {column: sum}}
    sums: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Of the bytes; of several parts, of all of them in their order.
    sha256: Mapped[str] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column(sa.Integer)
