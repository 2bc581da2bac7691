"""Hooks with what is sent to them and how it went, and tokens of programs that read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime


class Hook(Base):
    """An address of another program that is told when something happens."""

    __tablename__ = "hook"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint("off_because IN ('', 'person', 'failing', 'gone')", name="off_because"),
        sa.CheckConstraint("(off_because = '') = (off_since IS NULL)", name="off"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: What the desk calls it.
    name: Mapped[str] = mapped_column(sa.String(80))
    url: Mapped[str] = mapped_column(sa.Text)
    #: Of ``kinds.KINDS``.
    kinds: Mapped[list[str]] = mapped_column(Json)
    #: Whether names and addresses of givers are sent too.
    personal: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: What its secret is derived from, beside SECRET_KEY: the secret itself is nowhere here.
    salt: Mapped[str] = mapped_column(sa.String(43))
    #: The one before it, and until when it signs too, so that a receiver can change its own meanwhile.
    old_salt: Mapped[str] = mapped_column(sa.String(43), default="")
    old_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    #: Empty while it is on; else whether a person, days of failing, or the receiver itself ended it.
    off_because: Mapped[str] = mapped_column(sa.String(10), default="")
    off_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Since when nothing arrived; empty after each delivery that did.
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_good_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: After a try that failed nothing else is tried for a while: one receiver that hangs must not hold up all work.
    rests_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_on(self) -> bool:
        """Whether it is told anything."""
        return self.off_since is None


class HookEvent(Base):
    """Something that happened, as it was then; names nobody: who gave is looked up when it is sent."""

    __tablename__ = "hook_event"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        # Told of twice, it happened once.
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("about_kind IN ('gift', 'recurring', 'donor', 'test')", name="about_kind"),
        sa.Index("ix_hook_event_about", "about_kind", "about_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: The ``webhook-id``: the same at every try and for every receiver.
    reference: Mapped[str] = mapped_column(sa.String(16))
    key: Mapped[str] = mapped_column(sa.String(160))
    kind: Mapped[str] = mapped_column(sa.String(40))
    about_kind: Mapped[str] = mapped_column(sa.String(10))
    #: Row of the gift, promise or donor; no foreign key, because a donor may join another.
    about_id: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json)


class HookDelivery(Base):
    """One event for one hook, until it arrived or was given up."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("event_id", "hook_id"),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'given_up', 'held')", name="state"),
        sa.Index("ix_hook_delivery_hook", "hook_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("hook_event.id"))
    hook_id: Mapped[int] = mapped_column(sa.ForeignKey("hook.id"))
    #: ``held`` where its hook was switched off meanwhile.
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    #: All tries, and those of this round: a person who sends again begins a new round.
    tries: Mapped[int] = mapped_column(sa.Integer, default=0)
    round_tries: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: When it is tried next, in real time.
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What the last try came to; none where nobody answered.
    last_status: Mapped[int | None] = mapped_column(sa.Integer)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HookTry(Base):
    """One try of a delivery, with the beginning of what was answered."""

    __tablename__ = "hook_try"
    __table_args__ = (sa.UniqueConstraint("delivery_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: A try that is being written while its delivery is taken away goes with it.
    delivery_id: Mapped[int] = mapped_column(sa.ForeignKey("hook_delivery.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Milliseconds until the answer.
    took: Mapped[int] = mapped_column(sa.Integer)
    #: None where nobody answered, and then why.
    status: Mapped[int | None] = mapped_column(sa.Integer)
    problem: Mapped[str] = mapped_column(sa.String(40), default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")


class ApiToken(Base):
    """What lets a program read: shown once, kept as a hash."""

    __tablename__ = "api_token"
    __table_args__ = (sa.UniqueConstraint("reference"), sa.UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    name: Mapped[str] = mapped_column(sa.String(80))
    #: The first letters of the token, by which people tell one from another.
    prefix: Mapped[str] = mapped_column(sa.String(16))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    #: Of ``tokens.SCOPES``.
    scopes: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Every answer it was given, and of those how many held names or addresses.
    uses: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    personal_uses: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: The last day in whose history it stands that this token read names or addresses.
    personal_noted_on: Mapped[date | None] = mapped_column(sa.Date)
