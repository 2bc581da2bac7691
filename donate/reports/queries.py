"""Rows that reports read across rooms, streamed and never held whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, func, select

from donate.appeals.models import Appeal
from donate.articles.models import Article
from donate.db import db
from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.mail.models import MailMessage
from donate.newsroom.models import Fund
from donate.queue.models import Job
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation

_AT_ONCE = 1000


def iterate_donations(
    since: date | None, until: date | None, *, fund: str | None = None, appeal: str | None = None
) -> Iterator[RowMapping]:
    """Give received donations with what they hang on, oldest first.

    Args:
        since: First day, by the newsroom's zone.
        until: First day left out.
        fund: A fund's code.
        appeal: An appeal's slug.
    """
    asked = (
        select(
            Donation.__table__,
            Fund.code.label("fund_code"),
            Fund.gl_code,
            Fund.restriction,
            Appeal.slug.label("appeal_slug"),
            Article.slug.label("known_article_slug"),
            Donor.reference.label("donor_reference"),
            Receipt.number.label("receipt_number"),
            RecurringDonation.reference.label("recurring_reference"),
        )
        .join(Fund, Fund.id == Donation.fund_id)
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .outerjoin(Article, Article.id == Donation.article_id)
        .outerjoin(Donor, Donor.id == Donation.donor_id)
        .outerjoin(Receipt, Receipt.donation_id == Donation.id)
        .outerjoin(RecurringDonation, RecurringDonation.id == Donation.recurring_id)
        .where(Donation.status == "succeeded")
        .order_by(Donation.received_at, Donation.id)
    )
    for column, value in ((Fund.code, fund), (Appeal.slug, appeal)):
        if value is not None:
            asked = asked.where(column == value)
    if since is not None:
        asked = asked.where(Donation.received_on >= since)
    if until is not None:
        asked = asked.where(Donation.received_on < until)
    # One statement reads one snapshot, in SQLite (WAL) and PostgreSQL alike; there, rows that come in parts need a
    # transaction around them.
    options: dict[str, Any] = {"yield_per": _AT_ONCE}
    if db.engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with db.engine.connect() as connection:
        yield from connection.execution_options(**options).execute(asked).mappings()


def count_jobs_by_state() -> dict[str, int]:
    """Count the jobs that wait, run or are dead."""
    rows = db.session.execute(select(Job.state, func.count(Job.id)).where(Job.state != "done").group_by(Job.state))
    return dict(rows)


def count_unsent_mail() -> int:
    """Count messages that were queued and not sent."""
    return db.session.scalar(select(func.count(MailMessage.id)).where(MailMessage.sent_at.is_(None))) or 0


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
