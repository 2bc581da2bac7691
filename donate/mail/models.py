"""The outbox row: what goes to whom, once for its key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime


class MailMessage(Base):
    """One message; rendered from its values when it is delivered, and kept as it went out."""

    __tablename__ = "mail_message"
    __table_args__ = (sa.UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: What it is for, such as ``receipt:<reference>``: two requests with one key make one message.
    key: Mapped[str] = mapped_column(sa.String(200))
    #: The template's name in ``templates/mail/``.
    template: Mapped[str] = mapped_column(sa.String(60))
    #: Empty once its reader was forgotten.
    to_address: Mapped[str] = mapped_column(sa.String(254), index=True)
    to_name: Mapped[str] = mapped_column(sa.String(250), default="")
    sender_address: Mapped[str] = mapped_column(sa.String(254))
    sender_name: Mapped[str] = mapped_column(sa.String(120))
    language: Mapped[str] = mapped_column(sa.String(8))
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(sa.Text, default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    html: Mapped[str] = mapped_column(sa.Text, default="")
    #: The path that ends letters of its kind; empty for those that can't be declined.
    unsubscribe: Mapped[str] = mapped_column(sa.String(200), default="")
    #: Whether its words and address stay after it went out.
    is_kept: Mapped[bool] = mapped_column(sa.Boolean, default=True)
