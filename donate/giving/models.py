"""The donation: one gift, one date, one amount. Each instalment of a promise is one."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, UtcDateTime
from donate.money import Money


class Donation(Base):
    """One gift, from the moment its form was sent."""

    __tablename__ = "donation"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("stripe_checkout_session_id"),
        sa.UniqueConstraint("stripe_payment_intent_id"),
        sa.UniqueConstraint("stripe_charge_id"),
        sa.UniqueConstraint("livemode", "stripe_invoice_id"),
        sa.CheckConstraint(
            "status IN ('pending', 'processing', 'succeeded', 'failed', 'canceled', 'expired')", name="status"
        ),
        sa.CheckConstraint("kind IN ('one_time', 'recurring', 'offline')", name="kind"),
        sa.CheckConstraint("frequency IN ('once', 'month', 'year')", name="frequency"),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.CheckConstraint("fee_cover_minor >= 0 AND fee_cover_minor < amount_minor", name="fee_cover"),
        sa.CheckConstraint(
            "status != 'succeeded' OR (received_at IS NOT NULL AND received_on IS NOT NULL)", name="received"
        ),
        sa.Index("ix_donation_status_created", "status", "created_at"),
        sa.Index("ix_donation_received", "received_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: Grows with each change of state: what Stripe said is applied only to the row it was asked for.
    version: Mapped[int] = mapped_column(sa.Integer, default=0)
    status: Mapped[str] = mapped_column(sa.String(12), default="pending")
    kind: Mapped[str] = mapped_column(sa.String(10))
    frequency: Mapped[str] = mapped_column(sa.String(5))
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
    #: Tells a repeated press from a changed one.
    content_hash: Mapped[str] = mapped_column(sa.String(64), default="")

    #: What is charged, the covered fee included, in minor units of ``currency``.
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    #: The part of it that covers the card fee.
    fee_cover_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    currency: Mapped[str] = mapped_column(sa.String(3))

    #: Who gave, as typed on this gift.
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    first_name: Mapped[str] = mapped_column(sa.String(120), default="")
    last_name: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    address_line1: Mapped[str] = mapped_column(sa.String(200), default="")
    address_line2: Mapped[str] = mapped_column(sa.String(200), default="")
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    region: Mapped[str] = mapped_column(sa.String(120), default="")
    postcode: Mapped[str] = mapped_column(sa.String(20), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    #: To the newsroom; never published.
    note: Mapped[str] = mapped_column(sa.Text, default="")
    anonymous: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    newsletter: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    language: Mapped[str] = mapped_column(sa.String(8), default="en")

    #: Whence it came, written once.
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    appeal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appeal.id"), index=True)
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id", ondelete="SET NULL"), index=True)
    #: The article's address as it was asked for, also when we don't know it.
    article_slug: Mapped[str] = mapped_column(sa.String(200), default="")
    placement: Mapped[str] = mapped_column(sa.String(40), default="")
    variant: Mapped[str] = mapped_column(sa.String(40), default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")

    donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    recurring_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recurring_donation.id"), index=True)

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checkout_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checkout_url: Mapped[str] = mapped_column(sa.Text, default="")
    #: When Stripe took the money, and on which day of the newsroom's.
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_on: Mapped[date | None] = mapped_column(sa.Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Stripe's decline or error code of the last try, for the gift page's sentence.
    failure_code: Mapped[str] = mapped_column(sa.String(80), default="")

    payment_method: Mapped[str] = mapped_column(sa.String(40), default="")
    card_brand: Mapped[str] = mapped_column(sa.String(20), default="")
    card_last4: Mapped[str] = mapped_column(sa.String(4), default="")
    stripe_checkout_session_id: Mapped[str | None] = mapped_column(sa.String(120))
    stripe_payment_intent_id: Mapped[str | None] = mapped_column(sa.String(80))
    stripe_charge_id: Mapped[str | None] = mapped_column(sa.String(80))
    stripe_invoice_id: Mapped[str | None] = mapped_column(sa.String(80))

    @property
    def amount(self) -> Money:
        """What is charged."""
        return Money(self.amount_minor, self.currency)

    @property
    def fee_cover(self) -> Money:
        """The part that covers the card fee."""
        return Money(self.fee_cover_minor, self.currency)

    @property
    def gift(self) -> Money:
        """What the donor meant to give, without the covered fee."""
        return self.amount - self.fee_cover

    @property
    def donor_name(self) -> str:
        """The name as given on this gift; may be empty."""
        return f"{self.first_name} {self.last_name}".strip()
