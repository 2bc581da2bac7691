"""Appeals: the ask, its words in each language, its amounts, and what it is tied to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from donate.appeals.rules import PLACEMENTS
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
    #: Whether renewals move its goal; refunds always do, and offline gifts count and are marked.
    goal_counts_renewals: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    #: {currency: {frequency: {"amounts": [minor, …], "default": minor}}}
    amounts: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json)
    #: What the desk calls it; readers see the words of its texts.
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    #: Grows with each change, so that two people never write over each other.
    version: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: Where it may stand: see ``appeals.rules.PLACEMENTS``.
    placements: Mapped[list[str]] = mapped_column(Json, default=lambda: [*PLACEMENTS])
    #: Who is asked and where else it depends on: see ``appeals.rules.Rules``; what is left out asks nothing.
    rules: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: Of a hundred readers, how many see the copy ``b``, and how many see no ask so that its effect can be told.
    share_b: Mapped[int] = mapped_column(sa.Integer, default=0)
    holdback: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: When a person last looked its stories over and let it run: what changed on them since stops it there.
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it rests, as ids: {"flag": "correction", "article": slug} where a story changed; empty for a person's act.
    paused_why: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Since when the desk's list leaves it out; its gifts and its own page stay.
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    texts: Mapped[list[AppealText]] = relationship(
        back_populates="appeal", cascade="all, delete-orphan", lazy="selectin"
    )
    targets: Mapped[list[AppealTarget]] = relationship(
        back_populates="appeal", cascade="all, delete-orphan", lazy="selectin"
    )


class AppealText(Shown, Base):
    """An appeal's words in one language and copy; without them it does not appear there."""

    __tablename__ = "appeal_text"
    __table_args__ = (
        sa.UniqueConstraint("appeal_id", "language", "variant"),
        sa.CheckConstraint("variant IN ('a', 'b')", name="variant"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(sa.String(8))
    #: Copy ``b`` is shown to a share of readers; where it has no words, ``a`` stands.
    variant: Mapped[str] = mapped_column(sa.String(1), default="a")
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
    #: Whether this is where it never stands, whatever else it is tied to.
    is_excluded: Mapped[bool] = mapped_column(sa.Boolean, default=False)

    appeal: Mapped[Appeal] = relationship(back_populates="targets")


class AppealTally(Base):
    """What was given to an appeal in one currency, kept with the gifts themselves."""

    __tablename__ = "appeal_tally"
    __table_args__ = (sa.CheckConstraint("people >= 0 AND gifts >= 0", name="counts"),)

    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    #: Without covered fees, after refunds.
    raised_minor: Mapped[int] = mapped_column(sa.BigInteger)
    #: Of that, what renewals and gifts by cheque, transfer or cash brought.
    renewals_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    offline_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    gifts: Mapped[int] = mapped_column(sa.Integer)
    people: Mapped[int] = mapped_column(sa.Integer)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AppealSupporter(Base):
    """A donor of an appeal, counted once for it and a currency while something is kept."""

    __tablename__ = "appeal_supporter"

    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), primary_key=True, index=True)
    #: What is kept of this donor's gifts to it, without covered fees; nobody is counted for what went back.
    kept_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class AppealVersion(Base):
    """An appeal as it was after one change: what history compares and goes back to."""

    __tablename__ = "appeal_version"
    __table_args__ = (sa.UniqueConstraint("appeal_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id", ondelete="CASCADE"))
    #: The appeal's ``version`` then.
    number: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Row of the staff member; empty for a command or the worker.
    staff_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: Everything that can be edited, as ``appeals.snapshot`` writes it.
    contents: Mapped[dict[str, Any]] = mapped_column(Json)


class AskSwitch(Shown, Base):
    """A placement that is switched off: no ask stands there until somebody switches it on again."""

    __tablename__ = "ask_switch"

    placement: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    switched_off_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AskCount(Base):
    """How often an ask was seen, closed and pressed on one day: sums only, nothing of any reader."""

    __tablename__ = "ask_count"

    counted_on: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id", ondelete="CASCADE"), primary_key=True, index=True)
    #: ``a``, ``b``, or ``held`` where a reader of the holdback group saw none; empty where no copies run.
    variant: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    placement: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    #: Empty on a page that is no story.
    article_slug: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    views: Mapped[int] = mapped_column(sa.Integer, default=0)
    closes: Mapped[int] = mapped_column(sa.Integer, default=0)
    presses: Mapped[int] = mapped_column(sa.Integer, default=0)


class Reminder(Base):
    """One letter a reader asked for: "remind me in March"."""

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        # Asked twice for one day, it is one letter.
        sa.UniqueConstraint("email", "due_on"),
        sa.Index("ix_reminder_due", "sent_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: Normalised; emptied to the reference once the letter is out. Where its reader wants no further one, a keyed hash
    #: of the address, so that nobody can ask for one in their name.
    email: Mapped[str] = mapped_column(sa.String(254))
    language: Mapped[str] = mapped_column(sa.String(8))
    appeal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appeal.id"), index=True)
    article_slug: Mapped[str] = mapped_column(sa.String(200), default="")
    placement: Mapped[str] = mapped_column(sa.String(40), default="")
    #: The newsroom's day.
    due_on: Mapped[date] = mapped_column(sa.Date)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Set where its reader no longer wants it.
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
