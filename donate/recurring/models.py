"""The recurring donation: a promise to give each month or year, its changes, movements, cards and failed charges."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate import clock
from donate.db import Base, BigId, Json, UtcDateTime
from donate.money import Money

#: Why what a promise counts in a year became another sum: see ``movements.py``.
MOVEMENT_KINDS = ("new", "returned", "raised", "lowered", "paused", "failed", "cancelled")


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
        sa.Index("ix_recurring_donation_due", "status", "next_charge_at"),
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
    #: As on its first gift: each instalment takes them over.
    listing_words: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    listing_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
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
    #: When it last changed, for programs that ask what is new; where it is empty, when it was made counts.
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The end of what is paid for: the next charge, unless it is stopped before.
    next_charge_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_at_period_end: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    #: When the sweep last asked about it.
    swept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stripe_subscription_id: Mapped[str | None] = mapped_column(sa.String(80))
    stripe_customer_id: Mapped[str | None] = mapped_column(sa.String(80))

    #: From when periods are counted: Stripe's ``billing_cycle_anchor``.
    anchor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Stripe's ``pause_collection``: what falls due meanwhile is voided; without an end where it stays so.
    is_paused: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    resumes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Stripe's ``cancellation_details.reason``; empty while it lives.
    ended_because: Mapped[str] = mapped_column(sa.String(40), default="")
    card_brand: Mapped[str] = mapped_column(sa.String(20), default="")
    card_last4: Mapped[str] = mapped_column(sa.String(4), default="")
    #: The last day the card is good on.
    card_good_until: Mapped[date | None] = mapped_column(sa.Date)
    #: Since when it is kept here, where another system began it: what was paid before is not ours.
    adopted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The reference of the ended promise that this one takes up again.
    restarts: Mapped[str] = mapped_column(sa.String(16), default="")
    #: Why it was stopped, where the donor said so, and when they want to be asked again.
    stop_reason: Mapped[str] = mapped_column(sa.String(20), default="")
    stop_words: Mapped[str] = mapped_column(sa.Text, default="")
    ask_again_on: Mapped[date | None] = mapped_column(sa.Date, index=True)

    @property
    def amount(self) -> Money:
        """What is charged each time, the covered fee included."""
        return Money(self.amount_minor, self.currency)


class RecurringChange(Base):
    """One change of a promise: written before Stripe is asked, ended when Stripe's answer is known."""

    __tablename__ = "recurring_change"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint(
            "act IN ('change', 'skip', 'pause', 'resume', 'cancel', 'cancel_now', 'reactivate')", name="act"
        ),
        sa.CheckConstraint("status IN ('asked', 'done', 'refused')", name="status"),
        # One under way at a time, whoever asks.
        sa.Index(
            "uq_recurring_change_asked",
            "recurring_id",
            unique=True,
            sqlite_where=sa.text("status = 'asked'"),
            postgresql_where=sa.text("status = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    recurring_id: Mapped[int] = mapped_column(sa.ForeignKey("recurring_donation.id"), index=True)
    act: Mapped[str] = mapped_column(sa.String(12))
    status: Mapped[str] = mapped_column(sa.String(10), default="asked")
    #: ``member:<id>``, ``staff:<id>``, ``system``, or ``stripe`` where it was made in Stripe's dashboard.
    asked_by: Mapped[str] = mapped_column(sa.String(40))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Stripe's code where it refused.
    refusal: Mapped[str] = mapped_column(sa.String(80), default="")
    #: The terms before and after, and the dated lines that were shown: see ``terms.py`` and ``schedule.py``.
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class RecurringMovement(Base):
    """What a promise counts in a year became another sum; a trigger refuses every change."""

    __tablename__ = "recurring_movement"
    __table_args__ = (
        # One change is one movement, however often it is told of: two at once would have the same number.
        sa.UniqueConstraint("recurring_id", "number"),
        sa.CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in MOVEMENT_KINDS)})", name="kind"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("annual_before_minor >= 0 AND annual_after_minor >= 0", name="annual"),
        sa.CheckConstraint("annual_before_minor <> annual_after_minor", name="moves"),
        sa.Index("ix_recurring_movement_on", "moved_on", "id"),
        sa.Index("ix_recurring_movement_kind", "kind", "moved_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recurring_id: Mapped[int] = mapped_column(sa.ForeignKey("recurring_donation.id"))
    #: 1 for the promise's first.
    number: Mapped[int] = mapped_column(sa.Integer)
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
    #: When it was learned of, so that a day that has passed keeps its sums.
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: That moment's day in the newsroom's zone.
    moved_on: Mapped[date] = mapped_column(sa.Date)
    kind: Mapped[str] = mapped_column(sa.String(10))
    #: The promise's, as it was.
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    currency: Mapped[str] = mapped_column(sa.String(3))
    #: What it counted in a year, and counts from now on: a twelfth of it is the MRR, rounded only where it is shown.
    annual_before_minor: Mapped[int] = mapped_column(sa.BigInteger)
    annual_after_minor: Mapped[int] = mapped_column(sa.BigInteger)


class RecurringMovementDay(Base):
    """The movements of one day, kind, currency and fund summed up, kept with the movements themselves."""

    __tablename__ = "recurring_movement_day"

    moved_on: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    fund_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    #: How many movements.
    changes: Mapped[int] = mapped_column(sa.Integer)
    #: What they come to in a year: after less before, negative where less is given.
    annual_minor: Mapped[int] = mapped_column(sa.BigInteger)


class FailedCharge(Base):
    """An instalment that the bank refused, for as long as Stripe tries again, and how it ended."""

    __tablename__ = "failed_charge"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("livemode", "stripe_invoice_id"),
        sa.CheckConstraint("state IN ('open', 'paid', 'ended')", name="state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: Names the card page that its letters link to.
    reference: Mapped[str] = mapped_column(sa.String(16))
    recurring_id: Mapped[int] = mapped_column(sa.ForeignKey("recurring_donation.id"), index=True)
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
    stripe_invoice_id: Mapped[str] = mapped_column(sa.String(80))
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    #: How often the bank was asked.
    attempts: Mapped[int] = mapped_column(sa.Integer)
    #: When Stripe asks again by its own settings; none when it has given up.
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure_code: Mapped[str] = mapped_column(sa.String(80), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def amount(self) -> Money:
        """What was to be charged."""
        return Money(self.amount_minor, self.currency)


class CardChange(Base):
    """One visit to Stripe's page for another card: written before the page is opened."""

    __tablename__ = "card_change"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("stripe_checkout_session_id"),
        sa.CheckConstraint("state IN ('open', 'kept', 'done', 'expired')", name="state"),
        sa.CheckConstraint("collected IN ('', 'paid', 'processing', 'refused')", name="collected"),
        # One page open at a time: a second press leads to the same one.
        sa.Index(
            "uq_card_change_open",
            "recurring_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    recurring_id: Mapped[int] = mapped_column(sa.ForeignKey("recurring_donation.id"), index=True)
    #: The failed charge whose letter led here; none when its donor was signed in.
    failed_charge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("failed_charge.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    return_url: Mapped[str] = mapped_column(sa.String(1000))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stripe_checkout_session_id: Mapped[str | None] = mapped_column(sa.String(80))
    checkout_url: Mapped[str] = mapped_column(sa.Text, default="")
    #: The card that was kept, and the newest charge that was open then: noted before anything is done with them.
    stripe_payment_method_id: Mapped[str | None] = mapped_column(sa.String(80))
    stripe_invoice_id: Mapped[str | None] = mapped_column(sa.String(80))
    collect_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: What became of that charge; empty where none was open.
    collected: Mapped[str] = mapped_column(sa.String(10), default="")
