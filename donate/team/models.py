"""Staff, their sessions and recovery codes, what they are mailed, and the history that nothing changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime
from donate.entry.models import SessionRow


class Staff(Base):
    """Somebody who works for the newsroom."""

    __tablename__ = "staff"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("email"),
        sa.CheckConstraint("role IN ('owner', 'finance', 'auditor', 'fundraising', 'editor', 'support')", name="role"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: Normalised.
    email: Mapped[str] = mapped_column(sa.String(254))
    role: Mapped[str] = mapped_column(sa.String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Since when nobody comes in as this person; their history stays theirs.
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The last day they may come in, of the newsroom's: an auditor's, whose work has an end.
    ends_on: Mapped[date | None] = mapped_column(sa.Date)
    #: What the authenticator's secret is derived from, beside SECRET_KEY: the secret itself is nowhere here.
    totp_salt: Mapped[str] = mapped_column(sa.String(43), default="")
    #: Set when a first code from the authenticator was right.
    totp_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The last half minute whose code was used: neither it nor an older one works again.
    totp_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class StaffNotices(Base):
    """What a staff member wants to be mailed; whether they may is asked of their role each time."""

    __tablename__ = "staff_notices"
    __table_args__ = (
        sa.CheckConstraint("above_minor > 0", name="above"),
        sa.CheckConstraint("digest_hour >= 0 AND digest_hour < 24", name="digest_hour"),
    )

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    every_gift: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: Gifts of so much and more, in one currency; None for none.
    above_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    above_currency: Mapped[str] = mapped_column(sa.String(3), default="")
    promises: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    disputes: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    refunds: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: The hour in the newsroom's zone from which the day before is summed up; None for never.
    digest_hour: Mapped[int | None] = mapped_column(sa.Integer)
    #: The last day that was summed up for them.
    digest_on: Mapped[date | None] = mapped_column(sa.Date)
    #: Of the letters.
    language: Mapped[str] = mapped_column(sa.String(8), default="en")


class RecoveryCode(Base):
    """One of ten codes for the day the authenticator is lost; a keyed hash."""

    __tablename__ = "recovery_code"
    __table_args__ = (sa.UniqueConstraint("staff_id", "code_hash"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    code_hash: Mapped[str] = mapped_column(sa.String(24))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffSession(SessionRow):
    """A staff member's session; it opens the desk once the second factor was shown."""

    __tablename__ = "staff_session"

    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    #: When the second factor was shown last; empty in the doorway.
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class History(Base):
    """One thing that was done, by whom, to what; the database refuses to change it, and it holds nothing personal."""

    __tablename__ = "history"
    __table_args__ = (
        sa.CheckConstraint("who_kind IN ('staff', 'member', 'system')", name="who_kind"),
        sa.CheckConstraint("(who_kind = 'system') = (who_id IS NULL)", name="who"),
        sa.Index("ix_history_object", "object_kind", "object_reference", "id"),
        sa.Index("ix_history_who", "who_kind", "who_id", "id"),
        sa.Index("ix_history_who_kind", "who_kind", "id"),
        sa.Index("ix_history_act", "act", "id"),
        sa.Index("ix_history_kind", "object_kind", "id"),
        sa.Index("ix_history_reference", "object_reference", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    who_kind: Mapped[str] = mapped_column(sa.String(6))
    #: Row of the staff member or donor; no foreign key, because history outlives what it tells of.
    who_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: The verb, such as ``link_address``.
    act: Mapped[str] = mapped_column(sa.String(60))
    object_kind: Mapped[str] = mapped_column(sa.String(40))
    object_reference: Mapped[str] = mapped_column(sa.String(80))
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    #: A keyed hash of the network it came from; empty where it came from none.
    network: Mapped[str] = mapped_column(sa.String(24), default="")
