"""The recurring donation: a promise to give each month or year, and the words it was given with."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, UtcDateTime
from donate.money import Money


class RecurringDonation(Base):
    """A standing promise; at Stripe it is a subscription."""

    __tablename__ = "recurring_donation"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("stripe_subscription_id"),
        sa.CheckConstraint("interval IN ('month', 'year')", name="interval"),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.CheckConstraint(
            "status IN ('pending', 'incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled',"
            " 'unpaid', 'paused', 'abandoned')",
            name="status",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    version: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: ``pending`` until Stripe has a subscription, ``abandoned`` when its first payment never came; else Stripe's own.
    status: Mapped[str] = mapped_column(sa.String(20), default="pending")
    interval: Mapped[str] = mapped_column(sa.String(5))
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    fee_cover_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    currency: Mapped[str] = mapped_column(sa.String(3))

    email: Mapped[str] = mapped_column(sa.String(254))
    first_name: Mapped[str] = mapped_column(sa.String(120), default="")
    last_name: Mapped[str] = mapped_column(sa.String(120), default="")
    anonymous: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("donor.id"), index=True)

    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    appeal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appeal.id"), index=True)
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id", ondelete="SET NULL"), index=True)
    article_slug: Mapped[str] = mapped_column(sa.String(200), default="")
    placement: Mapped[str] = mapped_column(sa.String(40), default="")
    variant: Mapped[str] = mapped_column(sa.String(40), default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")

    #: The authorisation exactly as the donor saw it, its version, language and time.
    authorisation_text: Mapped[str] = mapped_column(sa.Text)
    authorisation_version: Mapped[str] = mapped_column(sa.String(20))
    authorisation_language: Mapped[str] = mapped_column(sa.String(8))
    authorised_at: Mapped[datetime] = mapped_column(UtcDateTime)

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The end of what is paid for: the next charge, unless it is stopped before.
    next_charge_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_at_period_end: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stripe_subscription_id: Mapped[str | None] = mapped_column(sa.String(80))
    stripe_customer_id: Mapped[str | None] = mapped_column(sa.String(80))

    @property
    def amount(self) -> Money:
        """What is charged each time, the covered fee included."""
        return Money(self.amount_minor, self.currency)
