"""Donors, their addresses, their customers at Stripe."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, UtcDateTime


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


class DonorEmail(Base):
    """An address of a donor, normalised; proven once its owner opened a link sent to it."""

    __tablename__ = "donor_email"
    __table_args__ = (sa.UniqueConstraint("email"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DonorStripeCustomer(Base):
    """A customer object at Stripe that stands for a donor; several are possible."""

    __tablename__ = "donor_stripe_customer"
    __table_args__ = (sa.UniqueConstraint("stripe_customer_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    stripe_customer_id: Mapped[str] = mapped_column(sa.String(80))
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
