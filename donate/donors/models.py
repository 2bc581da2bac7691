"""Donors, addresses, customers at Stripe, sessions, letters, what they follow, notes, and being forgotten."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate import clock
from donate.db import Base, BigId, Json, UtcDateTime
from donate.entry.models import SessionRow


class Donor(Base):
    """A person or organisation that gives."""

    __tablename__ = "donor"
    __table_args__ = (sa.UniqueConstraint("reference"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: As first given; an unproven gift never changes it.
    first_name: Mapped[str] = mapped_column(sa.String(120), default="")
    last_name: Mapped[str] = mapped_column(sa.String(120), default="")
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When their name or address last changed, for programs that ask what is new.
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now, index=True)
    #: Since when nobody stands behind this row: its gifts stay in the books, and nothing here says whose they were.
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DonorEmail(Base):
    """An address of a donor, normalised; proven once its owner opened a link sent to it."""

    __tablename__ = "donor_email"
    __table_args__ = (
        sa.UniqueConstraint("email"),
        # One address a donor is written to.
        sa.Index(
            "uq_donor_email_main",
            "donor_id",
            unique=True,
            sqlite_where=sa.text("is_main"),
            postgresql_where=sa.text("is_main"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_main: Mapped[bool] = mapped_column(sa.Boolean, default=False)


class DonorStripeCustomer(Base):
    """A customer object at Stripe that stands for a donor; several are possible."""

    __tablename__ = "donor_stripe_customer"
    __table_args__ = (sa.UniqueConstraint("stripe_customer_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    stripe_customer_id: Mapped[str] = mapped_column(sa.String(80))
    livemode: Mapped[bool] = mapped_column(sa.Boolean)


class DonorOldId(Base):
    """The number another system had for a donor: whose a past gift without an address is."""

    __tablename__ = "donor_old_id"

    system: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    old_id: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)


class MemberSession(SessionRow):
    """A donor's session, begun by proving an address."""

    __tablename__ = "member_session"

    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)


class MailChoice(Base):
    """A yes or no to letters of a kind, as it was said; the newest of a kind counts, older ones tell how it came."""

    __tablename__ = "mail_choice"
    __table_args__ = (
        # One press on one form is one choice, however often its gift is looked at.
        sa.UniqueConstraint("cause"),
        sa.CheckConstraint("place IN ('form', 'account', 'link', 'one_click', 'desk')", name="place"),
        sa.Index("ix_mail_choice_donor", "donor_id", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"))
    #: One of ``KINDS``, or ``supporters``: to be named on that page.
    kind: Mapped[str] = mapped_column(sa.String(20))
    wanted: Mapped[bool] = mapped_column(sa.Boolean)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Where it was said: the donation form, the account, a letter's link, a mail program's button, a desk.
    place: Mapped[str] = mapped_column(sa.String(10))
    #: The sentence as it stood there, and its language; empty where it was not kept.
    words: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(8), default="")
    #: What made it, where it must be made once: ``gift:<reference>``.
    cause: Mapped[str | None] = mapped_column(sa.String(40))


class Erasure(Base):
    """One donor's wish to be forgotten: written before anything is asked of Stripe, and the proof that it was done."""

    __tablename__ = "erasure"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        # Two presses at once are one wish.
        sa.UniqueConstraint("donor_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: No foreign key: it outlives a donor who joins another.
    donor_id: Mapped[int] = mapped_column(sa.BigInteger)
    #: ``member``, ``staff`` or ``command``.
    asked_by: Mapped[str] = mapped_column(sa.String(10))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: ``stripe`` (no answer), ``payment`` (a bank that takes days); empty where nothing stands in the way.
    waits_for: Mapped[str] = mapped_column(sa.String(10), default="")
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Keyed hashes of the addresses, so that it can be shown later that it was done for one of them.
    address_hashes: Mapped[list[str]] = mapped_column(Json, default=list)
    #: Stripe's ids of what stood for them, until the last events about it have been emptied.
    stripe_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    #: When events that came late were emptied too.
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Follow(Base):
    """A section or topic that a donor follows, by its address, wherever they read."""

    __tablename__ = "donor_follow"
    __table_args__ = (
        sa.UniqueConstraint("donor_id", "kind", "slug"),
        sa.CheckConstraint("kind IN ('section', 'topic')", name="kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    slug: Mapped[str] = mapped_column(sa.String(200))
    followed_at: Mapped[datetime] = mapped_column(UtcDateTime)


#: Compared byte by byte, whatever language the database sorts by: what begins with a word is one stretch of the index.
_Word = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")


class DonorWord(Base):
    """One word a donor is found by at the desk: of a name or an address as it was given, folded."""

    __tablename__ = "donor_word"
    __table_args__ = (sa.Index("ix_donor_word_donor", "donor_id"),)

    word: Mapped[str] = mapped_column(_Word, primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), primary_key=True)


class DonorNote(Base):
    """What a colleague keeps in mind about a donor, for the other colleagues; the donor may ask to read it."""

    __tablename__ = "donor_note"
    __table_args__ = (sa.UniqueConstraint("reference"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    #: The gift it was written about, by its reference; empty where it is about the person.
    about_gift: Mapped[str] = mapped_column(sa.String(16), default="")
    words: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AddressChange(Base):
    """An address that a colleague was asked to write to from now on: it becomes the donor's once its owner says yes."""

    __tablename__ = "address_change"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint("state IN ('asked', 'done', 'taken_back')", name="state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    #: Normalised.
    email: Mapped[str] = mapped_column(sa.String(254))
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    #: How the colleague made sure that it is the donor who asks: one of ``records.readdress.CHECKS``.
    checked_by: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[str] = mapped_column(sa.String(10), default="asked")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
