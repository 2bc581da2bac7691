"""Rows that reports read across rooms, streamed and never held whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Subquery, and_, case, func, literal, select, union_all
from sqlalchemy.orm import aliased

from donate.appeals.models import Appeal
from donate.articles.models import Article
from donate.db import db, in_snapshot
from donate.donors.models import Donor, DonorEmail
from donate.giving.models import Donation, Refund
from donate.giving.queries import given_here
from donate.ledger.accounts import BY_HAND
from donate.ledger.models import LedgerEntry, LedgerPosting, Payout, PayoutItem
from donate.mail.models import MailMessage
from donate.newsroom.models import Fund
from donate.queue.models import Job
from donate.receipts.models import Receipt
from donate.recurring.acts import LIVE
from donate.recurring.models import RecurringDonation
from donate.reports.gift_lines import WENT_BACK
from donate.reports.narrowed import narrowed

_AT_ONCE = 1000


def charged(until: date | None) -> Subquery:
    """Tell what each gift brought and cost, and the payout it left with.

    Args:
        until: First day of what is not known yet.
    """
    left_with = and_(Payout.id == PayoutItem.payout_id, *([Payout.arrival_on < until] if until is not None else []))
    asked = (
        select(
            LedgerEntry.donation_id,
            LedgerEntry.settlement_currency,
            LedgerEntry.settlement_gross_minor,
            LedgerEntry.settlement_fee_minor,
            LedgerEntry.settlement_net_minor,
            LedgerEntry.exchange_rate,
            LedgerEntry.source_key,
            Payout.stripe_payout_id,
        )
        .outerjoin(PayoutItem, PayoutItem.entry_id == LedgerEntry.id)
        .outerjoin(Payout, left_with)
        .where(LedgerEntry.entry_type.in_(("charge", "offline")), LedgerEntry.donation_id.is_not(None))
    )
    return (asked.where(LedgerEntry.booked_on < until) if until is not None else asked).subquery()


def moved_later(until: date | None) -> Subquery:
    """Tell what went back of each gift, and what its giver's bank has taken.

    Args:
        until: First day of what is not known yet.
    """

    def sum_of(*types: str) -> ColumnElement[int]:
        return func.sum(case((LedgerEntry.entry_type.in_(types), -LedgerEntry.gross_minor), else_=0))

    asked = select(
        LedgerEntry.donation_id,
        sum_of(*WENT_BACK).label("refunded_minor"),
        sum_of("dispute", "dispute_reversal").label("disputed_minor"),
    ).where(
        LedgerEntry.donation_id.is_not(None),
        LedgerEntry.entry_type.in_((*WENT_BACK, "dispute", "dispute_reversal")),
    )
    # What went back of a gift that came before this desk stands in no books of ours, but in the file it came with.
    before_us = (
        select(Refund.donation_id, func.sum(Refund.amount_minor), literal(0))
        .join(Donation, Donation.id == Refund.donation_id)
        .where(~given_here(), Refund.status == "succeeded")
    )
    if until is not None:
        asked = asked.where(LedgerEntry.booked_on < until)
        before_us = before_us.where(Refund.refunded_on < until)
    return union_all(asked.group_by(LedgerEntry.donation_id), before_us.group_by(Refund.donation_id)).subquery()


def iterate_postings(
    since: date | None,
    until: date | None,
    *,
    fund: str | None = None,
    appeal: str | None = None,
    with_offline: bool = False,
) -> Iterator[RowMapping]:
    """Give the postings by day, currency and payout; a payout that arrived from ``until`` on is not known yet.

    Args:
        since: First day they are booked on.
        until: First day left out.
        fund: A fund's code.
        appeal: An appeal's slug, or ``NO_APPEAL``.
        with_offline: Whether gifts that never passed Stripe are among them.
    """
    payout = func.coalesce(LedgerEntry.stripe_payout_id, Payout.stripe_payout_id, "").label("payout")
    left_with = and_(Payout.id == PayoutItem.payout_id, *([Payout.arrival_on < until] if until is not None else []))
    asked = (
        select(
            LedgerPosting.line_no,
            LedgerPosting.debit,
            LedgerPosting.credit,
            LedgerPosting.amount_minor,
            LedgerPosting.currency.label("posting_currency"),
            LedgerEntry.booked_on,
            LedgerEntry.entry_type,
            LedgerEntry.settlement_currency,
            LedgerEntry.gl_code,
            Donation.reference.label("donation_reference"),
            Fund.code.label("fund_code"),
            payout,
        )
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .outerjoin(Donation, Donation.id == LedgerEntry.donation_id)
        .outerjoin(Fund, Fund.id == LedgerEntry.fund_id)
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .outerjoin(PayoutItem, PayoutItem.entry_id == LedgerEntry.id)
        .outerjoin(Payout, left_with)
        .order_by(
            LedgerEntry.booked_on,
            LedgerEntry.settlement_currency,
            payout,
            case((LedgerEntry.entry_type.in_(BY_HAND), 1), else_=0),
            LedgerEntry.occurred_at,
            LedgerEntry.source_key,
            LedgerPosting.line_no,
        )
    )
    if not with_offline:
        asked = asked.where(LedgerEntry.entry_type.not_in(BY_HAND))
    asked = asked.where(*narrowed(fund, appeal))
    if since is not None:
        asked = asked.where(LedgerEntry.booked_on >= since)
    if until is not None:
        asked = asked.where(LedgerEntry.booked_on < until)
    yield from stream(asked)


def iterate_benefits(
    since: date | None,
    until: date | None,
    *,
    fund: str | None = None,
    appeal: str | None = None,
    with_offline: bool = False,
) -> Iterator[RowMapping]:
    """Give what receipts say was given in return for gifts, by day and currency; once more where one became void.

    Args:
        since: First day: of the receipt, or on which its gift was booked where that came later.
        until: First day left out.
        fund: A fund's code.
        appeal: An appeal's slug, or ``NO_APPEAL``.
        with_offline: Whether gifts that never passed Stripe are among them.
    """
    kinds = ("charge", "offline") if with_offline else ("charge",)

    def told(on: Any, *, is_issue: bool) -> Any:
        day = case((on < LedgerEntry.booked_on, LedgerEntry.booked_on), else_=on)
        asked = (
            select(
                day.label("day"),
                LedgerEntry.settlement_currency.label("settlement_currency"),
                Receipt.number.label("number"),
                literal(is_issue).label("is_issue"),
                Receipt.benefit_value_minor.label("benefit_value_minor"),
                LedgerEntry.currency.label("currency"),
                LedgerEntry.gross_minor.label("gross_minor"),
                LedgerEntry.settlement_gross_minor.label("settlement_gross_minor"),
                LedgerEntry.gl_code.label("gl_code"),
                Fund.code.label("fund_code"),
                Donation.reference.label("donation_reference"),
            )
            .join(Donation, Donation.id == Receipt.donation_id)
            .join(LedgerEntry, and_(LedgerEntry.donation_id == Donation.id, LedgerEntry.entry_type.in_(kinds)))
            .join(Fund, Fund.id == LedgerEntry.fund_id)
            .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
            .where(Receipt.kind == "gift", Receipt.benefit_value_minor > 0, on.is_not(None))
        )
        asked = asked.where(*narrowed(fund, appeal))
        if since is not None:
            asked = asked.where(day >= since)
        if until is not None:
            asked = asked.where(day < until)
        return asked

    both = union_all(told(Receipt.issued_on, is_issue=True), told(Receipt.voided_on, is_issue=False)).subquery()
    yield from stream(
        select(both).order_by(both.c.day, both.c.settlement_currency, both.c.number, both.c.is_issue.desc())
    )


def iterate_donors(
    since: date | None, until: date | None, *, fund: str | None = None, appeal: str | None = None
) -> Iterator[RowMapping]:
    """Give donors with what came from them in a period, one row a donor and currency, in the order they came.

    Args:
        since: First day of their gifts, by the newsroom's zone.
        until: First day left out; what went back and was booked from then on is left out too.
        fund: A fund's code.
        appeal: An appeal's slug, or ``NO_APPEAL``.
    """
    later = moved_later(until)
    main = select(DonorEmail.donor_id, DonorEmail.email).where(DonorEmail.is_main).subquery()
    live = (
        select(RecurringDonation.donor_id, func.count(RecurringDonation.id).label("recurring_live"))
        .where(RecurringDonation.status.in_(LIVE))
        .group_by(RecurringDonation.donor_id)
        .subquery()
    )
    given = (
        select(
            Donation.donor_id,
            Donation.currency,
            func.count(Donation.id).label("gifts"),
            func.sum(Donation.amount_minor).label("given_minor"),
            func.sum(func.coalesce(later.c.refunded_minor, 0)).label("refunded_minor"),
            func.sum(func.coalesce(later.c.disputed_minor, 0)).label("disputed_minor"),
            func.min(Donation.received_on).label("first_gift_on"),
            func.max(Donation.received_on).label("last_gift_on"),
        )
        .join(Fund, Fund.id == Donation.fund_id)
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .outerjoin(later, later.c.donation_id == Donation.id)
        .where(Donation.status == "succeeded", Donation.donor_id.is_not(None))
        .group_by(Donation.donor_id, Donation.currency)
    )
    given = given.where(*narrowed(fund, appeal))
    if since is not None:
        given = given.where(Donation.received_on >= since)
    if until is not None:
        given = given.where(Donation.received_on < until)
    sums = given.subquery()
    yield from stream(
        select(
            Donor.__table__,
            main.c.email,
            live.c.recurring_live,
            *(column for column in sums.c if column.name != "donor_id"),
        )
        .join(sums, sums.c.donor_id == Donor.id)
        .outerjoin(main, main.c.donor_id == Donor.id)
        .outerjoin(live, live.c.donor_id == Donor.id)
        .order_by(Donor.id, sums.c.currency)
    )


def iterate_recurring(
    begun_from: datetime | None,
    begun_until: datetime | None,
    until: date | None,
    *,
    fund: str | None = None,
    appeal: str | None = None,
) -> Iterator[RowMapping]:
    """Give the promises whose first gift came, in the order they began, with what they brought.

    Args:
        begun_from: Not before this moment.
        begun_until: Before this moment.
        until: First day whose gifts are left out.
        fund: A fund's code.
        appeal: An appeal's slug, or ``NO_APPEAL``.
    """
    brought = select(
        Donation.recurring_id,
        func.count(Donation.id).label("gifts"),
        func.sum(Donation.amount_minor).label("received_minor"),
        func.max(Donation.received_on).label("last_gift_on"),
    ).where(Donation.status == "succeeded", Donation.recurring_id.is_not(None))
    if until is not None:
        brought = brought.where(Donation.received_on < until)
    sums = brought.group_by(Donation.recurring_id).subquery()
    asked = (
        select(
            RecurringDonation.__table__,
            Fund.code.label("fund_code"),
            Fund.gl_code,
            Fund.restriction,
            Appeal.slug.label("appeal_slug"),
            func.coalesce(Article.slug, RecurringDonation.article_slug).label("article"),
            Donor.reference.label("donor_reference"),
            sums.c.gifts,
            sums.c.received_minor,
            sums.c.last_gift_on,
        )
        .join(Fund, Fund.id == RecurringDonation.fund_id)
        .outerjoin(Appeal, Appeal.id == RecurringDonation.appeal_id)
        .outerjoin(Article, Article.id == RecurringDonation.article_id)
        .outerjoin(Donor, Donor.id == RecurringDonation.donor_id)
        .outerjoin(sums, sums.c.recurring_id == RecurringDonation.id)
        .where(RecurringDonation.started_at.is_not(None))
        .order_by(RecurringDonation.started_at, RecurringDonation.id)
    )
    asked = asked.where(*narrowed(fund, appeal, RecurringDonation.id))
    if begun_from is not None:
        asked = asked.where(RecurringDonation.started_at >= begun_from)
    if begun_until is not None:
        asked = asked.where(RecurringDonation.started_at < begun_until)
    yield from stream(asked)


def iterate_receipts(
    since: date | None, until: date | None, *, fund: str | None = None, appeal: str | None = None
) -> Iterator[RowMapping]:
    """Give receipts and statements, void ones too, in the order they were issued.

    Args:
        since: First day of issue, by the newsroom's zone.
        until: First day left out.
        fund: A fund's code: only receipts of gifts to it.
        appeal: An appeal's slug, or ``NO_APPEAL``: only receipts of such gifts.
    """
    before, after = aliased(Receipt), aliased(Receipt)
    asked = (
        select(
            *(column for column in Receipt.__table__.columns if column.name != "content"),
            before.number.label("replaces"),
            after.number.label("replaced_by"),
            Donation.reference.label("donation_reference"),
            Donor.reference.label("donor_reference"),
        )
        .outerjoin(Donation, Donation.id == Receipt.donation_id)
        .outerjoin(Donor, Donor.id == func.coalesce(Receipt.donor_id, Donation.donor_id))
        .outerjoin(Fund, Fund.id == Donation.fund_id)
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .outerjoin(before, before.id == Receipt.replaces_id)
        .outerjoin(after, after.replaces_id == Receipt.id)
        .order_by(Receipt.id)
    )
    asked = asked.where(*narrowed(fund, appeal))
    if since is not None:
        asked = asked.where(Receipt.issued_on >= since)
    if until is not None:
        asked = asked.where(Receipt.issued_on < until)
    yield from stream(asked)


def iterate_payouts(since: date | None, until: date | None) -> Iterator[RowMapping]:
    """Give the payouts with the sums of what they are made of, by the day they arrived.

    Args:
        since: First day of arrival.
        until: First day left out.
    """

    def sum_of(column: Any, *types: str) -> ColumnElement[int]:
        return func.sum(case((LedgerEntry.entry_type.in_(types), column), else_=0))

    gross = LedgerEntry.settlement_gross_minor
    parts = (
        select(
            PayoutItem.payout_id,
            sum_of(gross, "charge").label("gross"),
            func.sum(-LedgerEntry.settlement_fee_minor).label("charged_fees"),
            sum_of(gross, "fee").label("account_fees"),
            sum_of(gross, "refund", "refund_failure", "payment_reversal").label("refunds"),
            sum_of(gross, "dispute", "dispute_reversal").label("disputes"),
            sum_of(gross, "adjustment", "reserve", "topup", "payout_failure", "unclassified").label("adjustments"),
            sum_of(gross, "outside").label("outside"),
            func.count(LedgerEntry.id).label("rows"),
        )
        .join(LedgerEntry, LedgerEntry.id == PayoutItem.entry_id)
        .group_by(PayoutItem.payout_id)
        .subquery()
    )
    asked = (
        select(Payout.__table__, *(column for column in parts.c if column.name != "payout_id"))
        .outerjoin(parts, parts.c.payout_id == Payout.id)
        .order_by(Payout.arrival_on, Payout.id)
    )
    if since is not None:
        asked = asked.where(Payout.arrival_on >= since)
    if until is not None:
        asked = asked.where(Payout.arrival_on < until)
    yield from stream(asked)


def stream(asked: Any) -> Iterator[RowMapping]:
    """Give the rows of a statement as they come, all as the database is when the first does.

    Args:
        asked: A select; inside ``snapshot()`` it sees what the snapshot sees.
    """
    at_once: dict[str, Any] = {"yield_per": _AT_ONCE}
    if in_snapshot():
        yield from db.session.connection().execute(asked, execution_options=at_once).mappings()
        return
    # One statement reads one state, in SQLite (WAL) and PostgreSQL alike; there, rows that come in parts need a
    # transaction around them.
    if db.engine.dialect.name == "postgresql":
        at_once["isolation_level"] = "REPEATABLE READ"
    with db.engine.connect() as connection:
        yield from connection.execution_options(**at_once).execute(asked).mappings()


def count_jobs_by_state() -> dict[str, int]:
    """Count the jobs that wait, run or are dead."""
    rows = db.session.execute(select(Job.state, func.count(Job.id)).where(Job.state != "done").group_by(Job.state))
    # A result has keys() of its own: only its list of pairs makes a table.
    return dict(rows.all())


def count_unsent_mail() -> int:
    """Count messages that were queued and not sent; whoever was forgotten left no address to send to."""
    waits = MailMessage.sent_at.is_(None), MailMessage.to_address != ""
    return db.session.scalar(select(func.count(MailMessage.id)).where(*waits)) or 0


def list_totals() -> list[tuple[Any, ...]]:
    """List what was received, by currency: (currency, gifts, minor units)."""
    return [
        tuple(row)
        for row in db.session.execute(
            select(Donation.currency, func.count(Donation.id), func.sum(Donation.amount_minor))
            .where(Donation.status == "succeeded")
            .group_by(Donation.currency)
            .order_by(Donation.currency)
        )
    ]
