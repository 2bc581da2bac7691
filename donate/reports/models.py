"""Rows that reports write themselves: the register of what was exported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime


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
