"""The donation: one gift, one date, one amount; and what was given back of it or is disputed."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from donate import clock
from donate.db import Base, BigId, UtcDateTime
from donate.entry.address import normalise_email
from donate.money import Money


def _email_key(context: DefaultExecutionContext) -> str:
    given: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return normalise_email(given.get("email") or "")


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
        # What a reader who calls can tell of their gift.
        sa.Index("ix_donation_amount", "amount_minor", "id"),
        sa.Index("ix_donation_last4", "card_last4", "id"),
        # One row of another system is one gift, however often its file is read.
        sa.Index("uq_donation_imported_from_imported_id", "imported_from", "imported_id", unique=True),
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
    #: The same address as it is compared: its owner finds every gift by it, also those that never had a donor.
    email_key: Mapped[str] = mapped_column(sa.String(254), default=_email_key, index=True)
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
    #: The words beside that box, as they stood there.
    newsletter_words: Mapped[str] = mapped_column(sa.Text, default="")
    #: What the form said of being named among the supporters, where it said it and the giver did not stop it; and the
    #: sum it named, in minor units of the gift's currency. Without these a gift names nobody, whatever is set later.
    listing_words: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    listing_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
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
    #: When it last changed, for programs that ask what is new; where it is empty, when it was made counts.
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now, index=True)
    checkout_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Where it is paid, in Stripe's words: ``hosted_page``, or ``elements`` on a page of ours.
    ui_mode: Mapped[str] = mapped_column(sa.String(20), default="hosted_page", server_default="hosted_page")
    checkout_url: Mapped[str] = mapped_column(sa.Text, default="")
    #: When the sweep last asked about it: a slow bank waits its turn behind those nobody asked about.
    swept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
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

    #: Of a gift that came before this desk: the system it was given through, and its number there. The books that
    #: have it are those of then; here it has no entry and no receipt.
    imported_from: Mapped[str | None] = mapped_column(sa.String(20))
    imported_id: Mapped[str | None] = mapped_column(sa.String(120))
    #: Stripe's ids of it as that system knew them: to recognise the gift, never to follow its money.
    imported_charge_id: Mapped[str | None] = mapped_column(sa.String(80), index=True)
    imported_intent_id: Mapped[str | None] = mapped_column(sa.String(80), index=True)

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


class Refund(Base):
    """Money given back of one gift; there may be several."""

    __tablename__ = "refund"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("stripe_refund_id"),
        sa.CheckConstraint(
            "status IN ('requested', 'pending', 'requires_action', 'succeeded', 'failed', 'canceled')", name="status"
        ),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.Index("ix_refund_status_requested", "status", "requested_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    version: Mapped[int] = mapped_column(sa.Integer, default=0)
    donation_id: Mapped[int] = mapped_column(sa.ForeignKey("donation.id"), index=True)
    #: ``requested`` until Stripe has it; else Stripe's own.
    status: Mapped[str] = mapped_column(sa.String(20), default="requested")
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
    #: Minor units of the gift's currency.
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    #: Stripe's word, or empty.
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    #: Whose act it was: a member of staff's reference, ``command``, or ``stripe`` for one made in its dashboard.
    asked_by: Mapped[str] = mapped_column(sa.String(40))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When Stripe gave it back, and on which day of the newsroom's.
    refunded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refunded_on: Mapped[date | None] = mapped_column(sa.Date, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure_reason: Mapped[str] = mapped_column(sa.String(80), default="")
    stripe_refund_id: Mapped[str | None] = mapped_column(sa.String(80))

    @property
    def amount(self) -> Money:
        """What goes back, in the gift's currency."""
        return Money(self.amount_minor, self.currency)


class Dispute(Base):
    """A giver's bank asks for a gift back: https://docs.stripe.com/api/disputes/object."""

    __tablename__ = "dispute"
    __table_args__ = (
        sa.UniqueConstraint("stripe_dispute_id"),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.CheckConstraint(
            "status IN ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response',"
            " 'under_review', 'won', 'lost', 'prevented')",
            name="status",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(sa.Integer, default=0)
    donation_id: Mapped[int] = mapped_column(sa.ForeignKey("donation.id"), index=True)
    #: Stripe's own.
    status: Mapped[str] = mapped_column(sa.String(30))
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
    #: Minor units of the gift's currency.
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    reason: Mapped[str] = mapped_column(sa.String(60), default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_on: Mapped[date] = mapped_column(sa.Date, index=True)
    #: Until when the newsroom may answer.
    evidence_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stripe_dispute_id: Mapped[str] = mapped_column(sa.String(80))

    @property
    def amount(self) -> Money:
        """What is asked back, in the gift's currency."""
        return Money(self.amount_minor, self.currency)
