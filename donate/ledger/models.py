"""The books: entries that never change, their postings, payouts, periods, and the sums that are kept of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime
from donate.ledger.accounts import ACCOUNTS, ENTRY_TYPES, FACETS, MANY
from donate.ledger.standing import GAVE
from donate.money import Money


def _one_of(column: str, names: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(name) for name in names)})"


class LedgerEntry(Base):
    """One movement of money, as it was booked; a trigger refuses every change."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        # One movement is one entry: the account and its mode are part of what makes it one.
        sa.UniqueConstraint("stripe_account", "livemode", "source_key"),
        sa.CheckConstraint(_one_of("entry_type", ENTRY_TYPES), name="entry_type"),
        sa.CheckConstraint(
            "settlement_gross_minor - settlement_fee_minor = settlement_net_minor", name="gross_less_fee_is_net"
        ),
        sa.CheckConstraint("booked_on >= occurred_on", name="never_booked_early"),
        sa.Index("ix_ledger_entry_booked", "booked_on", "id"),
        sa.Index("ix_ledger_entry_occurred", "occurred_on", "id"),
        # Few are: those that were learned after their month was closed.
        sa.Index(
            "ix_ledger_entry_late",
            "booked_on",
            "occurred_on",
            sqlite_where=sa.text("booked_on > occurred_on"),
            postgresql_where=sa.text("booked_on > occurred_on"),
        ),
        sa.Index("ix_ledger_entry_charge", "stripe_charge_id"),
        sa.Index("ix_ledger_entry_refund", "stripe_refund_id"),
        sa.Index("ix_ledger_entry_dispute", "stripe_dispute_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: Empty where no account of Stripe's is concerned.
    stripe_account: Mapped[str] = mapped_column(sa.String(40))
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
    #: Stripe's balance transaction, or ``gift:<reference>`` for money that never passed Stripe.
    source_key: Mapped[str] = mapped_column(sa.String(80))
    entry_type: Mapped[str] = mapped_column(sa.String(20))
    #: Stripe's own word for it, kept also where it is not known here.
    stripe_type: Mapped[str] = mapped_column(sa.String(60), default="")
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Its own day in the newsroom's zone.
    occurred_on: Mapped[date] = mapped_column(sa.Date)
    #: The day it counts in the books: its own, unless that month was closed before it was known.
    booked_on: Mapped[date] = mapped_column(sa.Date)
    available_on: Mapped[date] = mapped_column(sa.Date)
    #: In the giver's currency; money in is positive.
    currency: Mapped[str] = mapped_column(sa.String(3))
    gross_minor: Mapped[int] = mapped_column(sa.BigInteger)
    settlement_currency: Mapped[str] = mapped_column(sa.String(3))
    settlement_gross_minor: Mapped[int] = mapped_column(sa.BigInteger)
    settlement_fee_minor: Mapped[int] = mapped_column(sa.BigInteger)
    settlement_net_minor: Mapped[int] = mapped_column(sa.BigInteger)
    #: As Stripe wrote it; empty where nothing was exchanged.
    exchange_rate: Mapped[str] = mapped_column(sa.String(30), default="")
    donation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("donation.id"), index=True)
    fund_id: Mapped[int | None] = mapped_column(sa.ForeignKey("fund.id"))
    #: The fund's code in the newsroom's accounting when it was booked.
    gl_code: Mapped[str] = mapped_column(sa.String(40), default="")
    stripe_charge_id: Mapped[str | None] = mapped_column(sa.String(80))
    stripe_refund_id: Mapped[str | None] = mapped_column(sa.String(80))
    stripe_dispute_id: Mapped[str | None] = mapped_column(sa.String(80))
    #: The payout it is itself; which payout it left with is in ``payout_item``.
    stripe_payout_id: Mapped[str | None] = mapped_column(sa.String(80))
    #: Of a payment that bears our own mark: the gift it names, which no row here had when it was booked.
    marked_for: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def gross(self) -> Money:
        """In the giver's currency, signed."""
        return Money(self.gross_minor, self.currency)

    @property
    def net(self) -> Money:
        """What it changed the balance by, in the settlement currency."""
        return Money(self.settlement_net_minor, self.settlement_currency)


class LedgerPosting(Base):
    """One amount from one account to another: debit and credit in one row, so that no entry can be out of balance."""

    __tablename__ = "ledger_posting"
    __table_args__ = (
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.CheckConstraint("debit <> credit", name="two_accounts"),
        sa.CheckConstraint(_one_of("debit", ACCOUNTS), name="debit"),
        sa.CheckConstraint(_one_of("credit", ACCOUNTS), name="credit"),
    )

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_entry.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    debit: Mapped[str] = mapped_column(sa.String(20))
    credit: Mapped[str] = mapped_column(sa.String(20))
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))


class LedgerDay(Base):
    """The entries of one day, type, fund and appeal summed up, kept with the entries themselves."""

    __tablename__ = "ledger_day"

    booked_on: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    entry_type: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    settlement_currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    #: 0 where there is none.
    fund_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    appeal_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(sa.Integer)
    gross_minor: Mapped[int] = mapped_column(sa.BigInteger)
    settlement_gross_minor: Mapped[int] = mapped_column(sa.BigInteger)
    settlement_fee_minor: Mapped[int] = mapped_column(sa.BigInteger)
    settlement_net_minor: Mapped[int] = mapped_column(sa.BigInteger)
    #: Of charges: what their givers added to cover the fee, in the giver's currency, and what those charges cost.
    fee_cover_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    covered_fee_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")


class LedgerDayBy(Base):
    """The entries of one day's gifts summed up by one thing their gifts have in common, kept with the entries."""

    __tablename__ = "ledger_day_by"
    __table_args__ = (
        sa.CheckConstraint(_one_of("by", tuple(FACETS)), name="by"),
        sa.Index("ix_ledger_day_by_facet", "by", "settlement_currency", "booked_on"),
    )

    booked_on: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    #: Which of the gift's columns: see ``accounts.FACETS``.
    by: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    #: What stands in that column; empty where nothing does.
    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    entry_type: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    settlement_currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    fund_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(sa.Integer)
    settlement_gross_minor: Mapped[int] = mapped_column(sa.BigInteger)
    settlement_fee_minor: Mapped[int] = mapped_column(sa.BigInteger)
    settlement_net_minor: Mapped[int] = mapped_column(sa.BigInteger)


class LedgerSpanBy(Base):
    """The entries of a month's or a year's gifts summed up by one thing they have in common that can be many.

    By day alone there would be as many rows as stories times days; and the most net first is an index here.
    """

    __tablename__ = "ledger_span_by"
    __table_args__ = (
        sa.CheckConstraint(_one_of("by", MANY), name="by"),
        sa.Index("ix_ledger_span_by_net", "by", "settlement_currency", "fund_id", "span", "net_minor", "key"),
    )

    #: Which of the gift's columns: see ``accounts.MANY``.
    by: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    settlement_currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    #: 0 is all of them together.
    fund_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    #: A calendar month such as ``2026-03``, or a year such as ``2026``, of the days entries are booked on.
    span: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    #: What stands in that column; empty where nothing does.
    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    #: How many came.
    gifts: Mapped[int] = mapped_column(sa.Integer)
    #: In the settlement currency; what went out is negative, and all four add up to the net.
    gross_minor: Mapped[int] = mapped_column(sa.BigInteger)
    refunds_minor: Mapped[int] = mapped_column(sa.BigInteger)
    disputes_minor: Mapped[int] = mapped_column(sa.BigInteger)
    fees_minor: Mapped[int] = mapped_column(sa.BigInteger)
    net_minor: Mapped[int] = mapped_column(sa.BigInteger)


class DonorSum(Base):
    """What the books know of a donor's gifts, kept with the entries; its lock is taken before they are counted."""

    __tablename__ = "donor_sum"

    #: No foreign key, as in all sums: a donor who joined another has no row here any more.
    donor_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    #: Those of which something is kept; who has none has no row.
    gifts: Mapped[int] = mapped_column(sa.Integer)
    #: The days they were given on.
    first_on: Mapped[date | None] = mapped_column(sa.Date)
    last_on: Mapped[date | None] = mapped_column(sa.Date)


class DonorYear(Base):
    """How a donor stands in a fiscal year they gave in, and what is kept of it, kept with the entries."""

    __tablename__ = "donor_year"
    __table_args__ = (
        sa.CheckConstraint(_one_of("standing", GAVE), name="standing"),
        # Who gave most in a year first, and who gave most ever of those that were silent from one year to another.
        sa.Index("ix_donor_year_kept", "currency", "year", "standing", "kept_minor", "donor_id"),
        sa.Index("ix_donor_year_ever", "currency", "year", "next_year", "ever_minor", "donor_id"),
    )

    donor_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    #: The calendar year the fiscal year begins in.
    year: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    #: The givers' own, of every one they gave in until then; empty is the row of the year itself, without sums.
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    #: ``first_time``, ``retained`` or ``regained``.
    standing: Mapped[str] = mapped_column(sa.String(10))
    #: The next year they gave in; ``NEVER`` until there is one.
    next_year: Mapped[int] = mapped_column(sa.Integer)
    #: The days of the first and last kept gift of the year, in any currency.
    begun_on: Mapped[date] = mapped_column(sa.Date)
    last_on: Mapped[date] = mapped_column(sa.Date)
    #: Of the year, and in this currency where there is one.
    gifts: Mapped[int] = mapped_column(sa.Integer)
    kept_minor: Mapped[int] = mapped_column(sa.BigInteger)
    #: From the first gift to the end of this year.
    ever_minor: Mapped[int] = mapped_column(sa.BigInteger)


class DonorDay(Base):
    """How many donors came to stand so on a day, kept with the entries: sums of these are all counts of donors."""

    __tablename__ = "donor_day"

    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    #: One of ``standing.GAVE`` on the first day of a year they gave on; or ``lapsed``, less those who came back.
    standing: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    #: The fiscal year of their first gift, by the calendar year it begins in; 0 of those who lapsed.
    cohort: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    people: Mapped[int] = mapped_column(sa.Integer)


class LedgerBook(Base):
    """The one row that says up to which day the books are closed; posting shares its lock, closing takes it."""

    __tablename__ = "ledger_book"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: The last day of the last closed month.
    closed_until: Mapped[date | None] = mapped_column(sa.Date)
    #: The month that fiscal years began with when all donors were counted; none before they were.
    donors_month: Mapped[int | None] = mapped_column(sa.Integer)


class LedgerPeriod(Base):
    """A closed month with its totals as they were, so that anyone can see that they have not changed."""

    __tablename__ = "ledger_period"

    #: Such as ``2026-03``.
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: ``staff:<id>``, or ``command``.
    closed_by: Mapped[str] = mapped_column(sa.String(40))
    #: [{"entry_type", "currency", "settlement_currency", "entries", "gross_minor", …}]
    totals: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class Payout(Base):
    """Money that left Stripe for the bank, and whether it is proved by what it is made of."""

    __tablename__ = "payout"
    __table_args__ = (
        sa.UniqueConstraint("stripe_account", "livemode", "stripe_payout_id"),
        sa.CheckConstraint("status IN ('pending', 'in_transit', 'paid', 'failed', 'canceled')", name="status"),
        sa.CheckConstraint("proof IN ('open', 'proved', 'differs', 'manual')", name="proof"),
        sa.Index("ix_payout_proof", "proof", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(sa.Integer, default=0)
    stripe_account: Mapped[str] = mapped_column(sa.String(40))
    livemode: Mapped[bool] = mapped_column(sa.Boolean)
    stripe_payout_id: Mapped[str] = mapped_column(sa.String(80))
    #: Stripe's own.
    status: Mapped[str] = mapped_column(sa.String(12))
    currency: Mapped[str] = mapped_column(sa.String(3))
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    automatic: Mapped[bool] = mapped_column(sa.Boolean)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    arrival_on: Mapped[date] = mapped_column(sa.Date, index=True)
    failure_code: Mapped[str] = mapped_column(sa.String(80), default="")
    #: ``open`` until Stripe says what it is made of; ``manual`` ones are made of nothing Stripe names.
    proof: Mapped[str] = mapped_column(sa.String(10), default="open")
    #: What its parts lack to its amount, in minor units; 0 where it is proved.
    difference_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: Each difference named: [{"what", "id", "amount_minor"}].
    differences: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def amount(self) -> Money:
        """What went to the bank."""
        return Money(self.amount_minor, self.currency)


class PayoutItem(Base):
    """An entry that left with a payout; each leaves once."""

    __tablename__ = "payout_item"
    __table_args__ = (sa.Index("ix_payout_item_payout", "payout_id"),)

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_entry.id"), primary_key=True, autoincrement=False)
    payout_id: Mapped[int] = mapped_column(sa.ForeignKey("payout.id"))
