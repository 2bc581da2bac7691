"""Gifts as lines of a report: what the books have of each and what it hangs on, and the sums of any choice of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, RowMapping, Subquery, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from donate.appeals.models import Appeal
from donate.articles.models import Article
from donate.db import db
from donate.giving.models import Donation
from donate.giving.queries import given_here
from donate.ledger.models import LedgerEntry
from donate.money import Money
from donate.newsroom.models import Fund

BROUGHT = ("charge", "offline")
WENT_BACK = ("refund", "refund_failure", "payment_reversal", "offline_return")

By = Literal["", "appeal", "article", "source", "placement", "variant", "received_on"]
#: What a gift may be chosen by besides its days; an empty word chooses those that have none.
MARKS = ("currency", "article", "source", "placement", "variant")


@dataclass(frozen=True)
class Which:
    """Which gifts: None asks nothing, and an empty word those that have none of it.

    Args:
        since: First day they came on, of the newsroom's.
        until: First day left out, also of what went back of them.
        on: Only those that came on these days, both included; what went back later is still taken off.
        appeal: A slug.
        fund: A code.
        promise: ``month`` or ``year``: only those that began such a promise.
        state: ``kept``: only those of which something is left; ``back``: only those that went back whole.
        is_new: Only each donor's first.
    """

    since: date | None = None
    until: date | None = None
    on: tuple[date, date] | None = None
    appeal: str | None = None
    fund: str | None = None
    currency: str | None = None
    article: str | None = None
    source: str | None = None
    placement: str | None = None
    variant: str | None = None
    promise: str | None = None
    state: str | None = None
    is_new: bool = False


@dataclass(frozen=True)
class Totals:
    """The sums of some gifts in one currency, in its minor units.

    Args:
        key: What they have in common.
        gifts: Of which something is kept.
        first_gifts: Of those, all but renewals.
        back: How many went back whole.
        donors: Who gave what is kept.
        new_donors: Whose first gift ever is among them.
        came: All that was charged, covered fees included.
        kept: What is left of it.
        counted: Likewise, without covered fees: what moves a goal.
        renewals: Of that, what renewals brought.
        offline: Of that, what came by cheque, transfer or cash.
        monthly: How many began a monthly promise; ``yearly`` likewise.
    """

    key: str
    currency: str
    gifts: int = 0
    first_gifts: int = 0
    back: int = 0
    donors: int = 0
    new_donors: int = 0
    came: int = 0
    refunded: int = 0
    lost: int = 0
    won: int = 0
    kept: int = 0
    counted: int = 0
    renewals: int = 0
    offline: int = 0
    monthly: int = 0
    yearly: int = 0

    def money(self, name: str) -> Money:
        """Give one of the sums as money."""
        return Money(getattr(self, name), self.currency)


def later_of_a_promise() -> ColumnElement[bool]:
    """Tell in SQL what ``ledger.queries.is_renewal`` tells of one gift."""
    earlier = aliased(Donation)
    return and_(
        Donation.kind == "recurring",
        exists().where(earlier.recurring_id == Donation.recurring_id, earlier.id < Donation.id),
    )


def gift_lines(until: date | None = None) -> Subquery:
    """Give one line for each gift that the books know, its sums in the giver's currency.

    What is ``kept`` of a gift is what came, less refunds and disputes, with what came back of those; ``counted`` is
    that without the covered fee, as the appeal's goal counts it.

    Args:
        until: The first day of the books that is left out; None counts all that is booked.
    """
    booked = _booked(until)
    kept = case((booked.c.kept > 0, booked.c.kept), else_=0)
    return (
        select(
            Donation.id,
            Donation.reference,
            Donation.received_at,
            Donation.received_on,
            Donation.kind,
            Donation.frequency,
            Donation.currency,
            Donation.donor_id,
            Donation.recurring_id,
            Donation.variant,
            Donation.placement,
            Donation.source,
            Donation.first_name,
            Donation.last_name,
            Donation.anonymous,
            func.coalesce(Appeal.slug, "").label("appeal"),
            Fund.code.label("fund"),
            func.coalesce(Article.slug, Donation.article_slug).label("article"),
            later_of_a_promise().label("is_renewal"),
            and_(booked.c.kept > 0, ~_has_earlier_kept(until)).label("is_new"),
            booked.c.came,
            booked.c.refunded,
            booked.c.lost,
            booked.c.won,
            booked.c.kept,
            (kept * (Donation.amount_minor - Donation.fee_cover_minor) // Donation.amount_minor).label("counted"),
        )
        .join(booked, and_(booked.c.donation_id == Donation.id, booked.c.currency == Donation.currency))
        .join(Fund, Fund.id == Donation.fund_id)
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .outerjoin(Article, Article.id == Donation.article_id)
        .where(Donation.status == "succeeded")
        .subquery("line")
    )


def chosen(line: Subquery, which: Which) -> list[ColumnElement[bool]]:
    """Write a choice of gifts as conditions on their lines."""
    marks = {name: getattr(which, name) for name in ("appeal", "fund", *MARKS)}
    asked = [line.c[name] == value for name, value in marks.items() if value is not None]
    if which.since is not None:
        asked.append(line.c.received_on >= which.since)
    if which.until is not None:
        asked.append(line.c.received_on < which.until)
    if which.on is not None:
        asked.append(line.c.received_on.between(*which.on))
    if which.promise is not None:
        asked += [line.c.frequency == which.promise, line.c.kind == "recurring", ~line.c.is_renewal]
    if which.state is not None:
        asked.append(line.c.kept > 0 if which.state == "kept" else line.c.kept <= 0)
    if which.is_new:
        asked.append(line.c.is_new)
    return asked


def total_gifts(which: Which, by: By = "") -> list[Totals]:
    """Sum gifts by what they have in common and by currency, the most that is kept first.

    Args:
        which: Which gifts.
        by: A column of their lines; empty sums them all.
    """
    line = gift_lines(which.until)

    def many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    is_kept, is_first = line.c.kept > 0, ~line.c.is_renewal
    begins = and_(line.c.kind == "recurring", is_first)
    key = [line.c[by]] if by else []
    sums = {
        "gifts": many(is_kept),
        "first_gifts": many(and_(is_kept, is_first)),
        "back": many(~is_kept),
        "donors": func.count(case((is_kept, line.c.donor_id)).distinct()),
        "new_donors": many(line.c.is_new),
        **{name: func.sum(line.c[name]) for name in ("came", "refunded", "lost", "won", "kept", "counted")},
        "renewals": func.sum(case((line.c.is_renewal, line.c.counted), else_=0)),
        "offline": func.sum(case((line.c.kind == "offline", line.c.counted), else_=0)),
        "monthly": many(and_(begins, line.c.frequency == "month")),
        "yearly": many(and_(begins, line.c.frequency == "year")),
    }
    rows = db.session.execute(
        select(*key, line.c.currency, *(each.label(name) for name, each in sums.items()))
        .where(*chosen(line, which))
        .group_by(*key, line.c.currency)
    ).mappings()
    found = [
        Totals(str(row[by]) if by else "", row["currency"], **{name: int(row[name] or 0) for name in sums})
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.currency, -each.kept, each.key))


def list_gifts(which: Which, *, skip: int, at_most: int) -> list[RowMapping]:
    """List the lines of gifts, the newest first."""
    line = gift_lines(which.until)
    asked = select(line).where(*chosen(line, which)).order_by(line.c.received_at.desc(), line.c.id.desc())
    return list(db.session.execute(asked.offset(skip).limit(at_most)).mappings())


def count_gifts(which: Which) -> int:
    """Count what ``list_gifts`` lists."""
    line = gift_lines(which.until)
    return db.session.scalar(select(func.count()).select_from(line).where(*chosen(line, which))) or 0


def total_fees(which: Which) -> dict[str, Money]:
    """Sum what Stripe kept of gifts, as far as the books know it, by the currency it was kept in."""
    line = gift_lines(which.until)
    asked = (
        select(LedgerEntry.settlement_currency, func.sum(LedgerEntry.settlement_fee_minor))
        .join(line, line.c.id == LedgerEntry.donation_id)
        .where(*chosen(line, which))
        .group_by(LedgerEntry.settlement_currency)
        .order_by(LedgerEntry.settlement_currency)
    )
    if which.until is not None:
        asked = asked.where(LedgerEntry.booked_on < which.until)
    return {currency: Money(int(minor), currency) for currency, minor in db.session.execute(asked)}


def count_not_booked(which: Which) -> int:
    """Count gifts that arrived and that the books don't know yet: no sum here has them."""
    asked = (
        select(func.count(Donation.id))
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .where(
            Donation.status == "succeeded",
            given_here(),
            ~exists().where(LedgerEntry.donation_id == Donation.id, LedgerEntry.entry_type.in_(BROUGHT)),
        )
    )
    if which.appeal is not None:
        asked = asked.where(Appeal.slug == which.appeal)
    if which.since is not None:
        asked = asked.where(Donation.received_on >= which.since)
    if which.until is not None:
        asked = asked.where(Donation.received_on < which.until)
    return db.session.scalar(asked) or 0


def _booked(until: date | None) -> Subquery:
    def sum_of(*types: str) -> ColumnElement[int]:
        return _whole(func.sum(case((LedgerEntry.entry_type.in_(types), LedgerEntry.gross_minor), else_=0)))

    asked = select(
        LedgerEntry.donation_id,
        LedgerEntry.currency,
        sum_of(*BROUGHT).label("came"),
        (-sum_of(*WENT_BACK)).label("refunded"),
        (-sum_of("dispute")).label("lost"),
        sum_of("dispute_reversal").label("won"),
        _whole(func.sum(LedgerEntry.gross_minor)).label("kept"),
    ).where(LedgerEntry.donation_id.is_not(None))
    if until is not None:
        asked = asked.where(LedgerEntry.booked_on < until)
    return asked.group_by(LedgerEntry.donation_id, LedgerEntry.currency).subquery("booked")


def _has_earlier_kept(until: date | None) -> ColumnElement[bool]:
    """Tell whether a gift's donor gave something before it that is kept."""
    earlier, entry = aliased(Donation), aliased(LedgerEntry)
    left = select(func.sum(entry.gross_minor)).where(
        entry.donation_id == earlier.id, entry.currency == earlier.currency
    )
    if until is not None:
        left = left.where(entry.booked_on < until)
    before = or_(
        earlier.received_at < Donation.received_at,
        and_(earlier.received_at == Donation.received_at, earlier.id < Donation.id),
    )
    return exists().where(
        earlier.donor_id == Donation.donor_id, earlier.status == "succeeded", before, left.scalar_subquery() > 0
    )


def _whole(total: Any) -> ColumnElement[int]:
    # Sums are wide numbers in PostgreSQL; made whole, both databases divide alike.
    return cast(total, BigInteger)
