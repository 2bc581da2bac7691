"""Receipts and the counters that number them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, UtcDateTime


class ReceiptSeries(Base):
    """The last number given in a year."""

    __tablename__ = "receipt_series"

    year: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(sa.Integer, default=0)


class Receipt(Base):
    """A numbered receipt for one gift; holds no personal values."""

    __tablename__ = "receipt"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("donation_id"),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: Such as ``2026-004183``.
    number: Mapped[str] = mapped_column(sa.String(20))
    donation_id: Mapped[int] = mapped_column(sa.ForeignKey("donation.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_on: Mapped[date] = mapped_column(sa.Date)
    language: Mapped[str] = mapped_column(sa.String(8))
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    fee_cover_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    currency: Mapped[str] = mapped_column(sa.String(3))


class ReceiptHolder(Base):
    """Whom a receipt names, of somebody who was forgotten: kept locked for as long as the law asks, then gone."""

    __tablename__ = "receipt_holder"

    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(250), default="")
    #: The postal address in lines, where the gift had one.
    address: Mapped[str] = mapped_column(sa.Text, default="")
    #: The last day it must be there.
    locked_until: Mapped[date] = mapped_column(sa.Date, index=True)
