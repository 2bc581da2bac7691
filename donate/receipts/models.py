"""Receipts and the counters that number them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime


class ReceiptSeries(Base):
    """The last number given in a series: one for gifts and one for statements, each anew every year."""

    __tablename__ = "receipt_series"
    __table_args__ = (sa.CheckConstraint("kind IN ('gift', 'statement')", name="kind"),)

    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True, default="gift")
    year: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(sa.Integer, default=0)


class Receipt(Base):
    """A numbered receipt for one gift, or a statement of a donor's year; the database refuses to change what it says.

    It holds no personal values: whom it names stands on its gift or its donor, and in ``ReceiptHolder`` once they were
    forgotten. Only its end may be written, once: issued, then void.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        # One chain: a receipt is replaced by one other at most.
        sa.UniqueConstraint("replaces_id"),
        sa.CheckConstraint("kind IN ('gift', 'statement')", name="kind"),
        sa.CheckConstraint("(kind = 'gift') = (donation_id IS NOT NULL)", name="of_gift"),
        sa.CheckConstraint("kind = 'gift' OR donor_id IS NOT NULL", name="of_donor"),
        sa.CheckConstraint("status IN ('issued', 'void')", name="status"),
        sa.CheckConstraint(
            "(status = 'issued' AND voided_at IS NULL AND voided_on IS NULL AND void_reason = '') OR (status = 'void'"
            " AND voided_at IS NOT NULL AND voided_on IS NOT NULL"
            " AND void_reason IN ('refund', 'dispute', 'correction'))",
            name="void",
        ),
        # A gift that was given back whole has a receipt that says so, of nothing.
        sa.CheckConstraint("amount_minor >= 0", name="amount"),
        sa.CheckConstraint("benefit_value_minor >= 0 AND deductible_minor >= 0", name="parts"),
        sa.Index(
            "uq_receipt_issued_gift",
            "donation_id",
            unique=True,
            sqlite_where=sa.text("status = 'issued'"),
            postgresql_where=sa.text("status = 'issued'"),
        ),
        sa.Index(
            "uq_receipt_issued_statement",
            "donor_id",
            "year",
            unique=True,
            sqlite_where=sa.text("status = 'issued' AND kind = 'statement'"),
            postgresql_where=sa.text("status = 'issued' AND kind = 'statement'"),
        ),
        sa.Index("ix_receipt_donation_id", "donation_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: Such as ``2026-004183``; of a statement ``S2026-000012``.
    number: Mapped[str] = mapped_column(sa.String(20))
    kind: Mapped[str] = mapped_column(sa.String(10), default="gift")
    #: Of its series: in which the gift was received.
    year: Mapped[int] = mapped_column(sa.Integer)
    donation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("donation.id"))
    #: Of a statement.
    donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("donor.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_on: Mapped[date] = mapped_column(sa.Date)
    language: Mapped[str] = mapped_column(sa.String(8))
    #: What was kept: all that was charged, less what went back. Zero on a statement of several currencies, whose sums
    #: stand in its content.
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    fee_cover_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: Empty on a statement of several.
    currency: Mapped[str] = mapped_column(sa.String(3))
    #: The good-faith value of what was given in return.
    benefit_value_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: The part that may be deducted; NULL where nothing is said of it.
    deductible_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    status: Mapped[str] = mapped_column(sa.String(6), default="issued")
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_on: Mapped[date | None] = mapped_column(sa.Date)
    #: ``refund``, ``dispute`` or ``correction``.
    void_reason: Mapped[str] = mapped_column(sa.String(10), default="")
    #: The void one that it stands for; read from the other side it is "replaced by".
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("receipt.id"))
    #: All that it says, in its language, but whom it names.
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    #: SHA-256 of the content, as ``content.hash_of`` writes it.
    content_hash: Mapped[str] = mapped_column(sa.String(64))


class ReceiptCopy(Base):
    """A copy of a receipt that was handed out again: when, and at whose wish."""

    __tablename__ = "receipt_copy"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint("who_kind IN ('staff', 'member', 'giver', 'system')", name="who_kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_on: Mapped[date] = mapped_column(sa.Date)
    #: ``giver`` is whoever holds the gift's link.
    who_kind: Mapped[str] = mapped_column(sa.String(6))
    #: Row of the staff member or donor.
    who_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class ReceiptHolder(Base):
    """Whom a receipt names, of somebody who was forgotten: kept locked for as long as the law asks, then gone."""

    __tablename__ = "receipt_holder"

    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(250), default="")
    #: The postal address in lines, where the gift had one.
    address: Mapped[str] = mapped_column(sa.Text, default="")
    #: The last day it must be there.
    locked_until: Mapped[date] = mapped_column(sa.Date, index=True)
