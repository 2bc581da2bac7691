"""Appeals: the ask, its words in each language, its amounts, and what it is tied to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from donate.db import Base, BigId, Json, UtcDateTime
from donate.newsroom.edition import Shown


class Appeal(Shown, Base):
    """A campaign: who is asked where, for what, until when."""

    __tablename__ = "appeal"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("status IN ('draft', 'live', 'paused', 'ended')", name="status"),
        sa.CheckConstraint("goal_minor IS NULL OR goal_minor > 0", name="goal"),
        # Exactly one appeal has no end: it takes what names none.
        sa.Index(
            "uq_appeal_evergreen",
            "is_evergreen",
            unique=True,
            sqlite_where=sa.text("is_evergreen"),
            postgresql_where=sa.text("is_evergreen"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80))
    status: Mapped[str] = mapped_column(sa.String(10), default="live")
    is_evergreen: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    #: Days of the newsroom's zone, both included; empty is open.
    starts_on: Mapped[date | None] = mapped_column(sa.Date)
    ends_on: Mapped[date | None] = mapped_column(sa.Date)
    #: Higher goes first where two appeals fit one article.
    priority: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: The inline ask stands after this paragraph.
    paragraph: Mapped[int] = mapped_column(sa.Integer, default=4)
    goal_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    goal_currency: Mapped[str | None] = mapped_column(sa.String(3))
    #: {currency: {frequency: {"amounts": [minor, …], "default": minor}}}
    amounts: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json)

    texts: Mapped[list[AppealText]] = relationship(
        back_populates="appeal", cascade="all, delete-orphan", lazy="selectin"
    )
    targets: Mapped[list[AppealTarget]] = relationship(
        back_populates="appeal", cascade="all, delete-orphan", lazy="selectin"
    )


class AppealText(Shown, Base):
    """An appeal's words in one language; without them it does not appear there."""

    __tablename__ = "appeal_text"
    __table_args__ = (sa.UniqueConstraint("appeal_id", "language"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(sa.String(8))
    kicker: Mapped[str] = mapped_column(sa.String(120))
    headline: Mapped[str] = mapped_column(sa.String(300))
    inline: Mapped[str] = mapped_column(sa.Text)
    body_html: Mapped[str] = mapped_column(sa.Text)
    signed_name: Mapped[str] = mapped_column(sa.String(120), default="")
    signed_role: Mapped[str] = mapped_column(sa.String(120), default="")
    button: Mapped[str] = mapped_column(sa.String(80))
    form_title: Mapped[str] = mapped_column(sa.String(200))
    thanks: Mapped[str] = mapped_column(sa.Text, default="")

    appeal: Mapped[Appeal] = relationship(back_populates="texts")


class AppealTarget(Shown, Base):
    """One thing an appeal is tied to: all articles, a section, a topic, or one article."""

    __tablename__ = "appeal_target"
    __table_args__ = (
        sa.UniqueConstraint("appeal_id", "kind", "slug"),
        sa.CheckConstraint("kind IN ('all', 'section', 'topic', 'article')", name="kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    #: The slug of the section, topic or article; empty for all.
    slug: Mapped[str] = mapped_column(sa.String(200), default="")

    appeal: Mapped[Appeal] = relationship(back_populates="targets")


class AppealTally(Base):
    """What was given to an appeal in one currency, kept with the gifts themselves."""

    __tablename__ = "appeal_tally"
    __table_args__ = (sa.CheckConstraint("people >= 0 AND gifts >= 0", name="counts"),)

    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    #: Without covered fees, after refunds.
    raised_minor: Mapped[int] = mapped_column(sa.BigInteger)
    gifts: Mapped[int] = mapped_column(sa.Integer)
    people: Mapped[int] = mapped_column(sa.Integer)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AppealSupporter(Base):
    """A donor counted once for an appeal and currency."""

    __tablename__ = "appeal_supporter"

    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), primary_key=True, index=True)
