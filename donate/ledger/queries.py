"""Look-ups of the books.

Long, since a room's look-ups stand in one file by the house's rule: entries first, then donors, sums by day and span,
payouts.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    case,
    cast,
    extract,
    func,
    literal,
    select,
    union_all,
)

from donate.db import db
from donate.giving.models import Donation, Refund
from donate.giving.queries import given_here
from donate.ledger.accounts import BY_HAND, FACETS, MANY, PART_OF
from donate.ledger.models import (
    DonorDay,
    DonorSum,
    DonorYear,
    LedgerBook,
    LedgerDay,
    LedgerDayBy,
    LedgerEntry,
    LedgerPeriod,
    LedgerPosting,
    LedgerSpanBy,
    Payout,
    PayoutItem,
)
from donate.ledger.standing import Part, Row
from donate.money import Money
from donate.newsroom.models import Fund


def find_entry(stripe_account: str, source_key: str, *, livemode: bool) -> LedgerEntry | None:
    """Find the entry of a balance transaction, or of an offline gift."""
    return db.session.scalars(
        select(LedgerEntry).where(
            LedgerEntry.stripe_account == stripe_account,
            LedgerEntry.livemode == livemode,
            LedgerEntry.source_key == source_key,
        )
    ).first()


def list_posted(stripe_account: str, source_keys: list[str], *, livemode: bool) -> set[str]:
    """Tell which of some balance transactions have an entry."""
    return set(
        db.session.scalars(
            select(LedgerEntry.source_key).where(
                LedgerEntry.stripe_account == stripe_account,
                LedgerEntry.livemode == livemode,
                LedgerEntry.source_key.in_(source_keys),
            )
        )
    )


def list_entries_of_donation(donation_id: int) -> list[LedgerEntry]:
    """List what moved for a gift, oldest first."""
    return list(
        db.session.scalars(
            select(LedgerEntry).where(LedgerEntry.donation_id == donation_id).order_by(LedgerEntry.occurred_at)
        )
    )


def list_postings(entry_id: int) -> list[LedgerPosting]:
    """List an entry's postings in their order."""
    return list(
        db.session.scalars(
            select(LedgerPosting).where(LedgerPosting.entry_id == entry_id).order_by(LedgerPosting.line_no)
        )
    )


def total_kept_minor(donation_id: int, currency: str) -> int:
    """Sum what is left of a gift by the books, in minor units of the giver's currency."""
    asked = select(func.sum(LedgerEntry.gross_minor)).where(
        LedgerEntry.donation_id == donation_id, LedgerEntry.currency == currency
    )
    return int(db.session.scalar(asked) or 0)


def is_renewal(donation: Donation) -> bool:
    """Tell whether a gift is a later one of its promise; the first has its row before any other."""
    if donation.kind != "recurring":
        return False
    earlier = select(Donation.id).where(Donation.recurring_id == donation.recurring_id, Donation.id < donation.id)
    return db.session.scalar(earlier.limit(1)) is not None


def list_kept_of_donor(donor_id: int) -> list[tuple[Donation, int]]:
    """List a donor's gifts to appeals that the books know, each with what is kept of it in minor units."""
    kept = func.sum(LedgerEntry.gross_minor)
    rows = db.session.execute(
        select(Donation, kept)
        .join(LedgerEntry, LedgerEntry.donation_id == Donation.id)
        .where(
            Donation.donor_id == donor_id,
            Donation.appeal_id.is_not(None),
            LedgerEntry.currency == Donation.currency,
        )
        .group_by(Donation.id)
    )
    return [(donation, int(minor)) for donation, minor in rows]


def find_closed_until() -> date | None:
    """Tell the last closed day and share the lock on it, so that nobody closes while something is booked."""
    return db.session.scalars(
        select(LedgerBook.closed_until).where(LedgerBook.id == 1).with_for_update(read=True)
    ).first()


def find_book() -> LedgerBook | None:
    """Find the row that says how far the books are closed, and take its lock."""
    return db.session.scalars(select(LedgerBook).where(LedgerBook.id == 1).with_for_update()).first()


def find_donors_month(*, is_shared: bool = False) -> int | None:
    """Tell by which beginning of fiscal years all donors are counted; None for by none.

    Args:
        is_shared: Share the lock on it, so that nobody counts them anew meanwhile; inside ``committed()``.
    """
    asked = select(LedgerBook.donors_month).where(LedgerBook.id == 1)
    return db.session.scalars(asked.with_for_update(read=True) if is_shared else asked).first()


def has_books() -> bool:
    """Tell whether anything was ever booked."""
    return db.session.scalar(select(LedgerBook.id)) is not None


def list_given(donor_ids: list[int], since: date | None, until: date | None) -> list[tuple[int, date, str, int]]:
    """List the gifts of some donors of which something is kept: (donor, day, currency, minor units).

    Args:
        donor_ids: Whose.
        since: First day they were given on; None for all.
        until: First day left out.
    """
    which: list[ColumnElement[bool]] = [Donation.donor_id.in_(donor_ids)]
    if since is not None and until is not None:
        which += [Donation.received_on >= since, Donation.received_on < until]
    rows: Any = db.session.execute(_kept_of_gifts(*which))
    return [(donor, day, currency, int(minor)) for donor, day, currency, minor in rows]


def total_given(after: int, until: int, month: int) -> dict[int, list[Part]]:
    """Sum what is kept of donors' gifts: (year, currency, gifts, minor units, first day, last day) by donor.

    Args:
        after: Of donors with larger keys.
        until: The largest key of them.
        month: The month fiscal years begin with.
    """
    kept = _kept_of_gifts(Donation.donor_id > after, Donation.donor_id <= until).subquery()
    day = kept.c.received_on
    year = extract("year", day) - case((extract("month", day) < month, 1), else_=0)
    asked = select(
        kept.c.donor_id, year, kept.c.currency, func.count(), func.sum(kept.c.kept), func.min(day), func.max(day)
    ).group_by(kept.c.donor_id, year, kept.c.currency)
    found: dict[int, list[Part]] = {}
    for donor, begun, currency, many, minor, first, last in db.session.execute(asked):
        found.setdefault(donor, []).append((int(begun), currency, int(many), int(minor), first, last))
    return found


def _kept_of_gifts(*which: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Ask for gifts of which something is kept: by the books, or by the file they were imported from.

    Args:
        which: Whose, and of which days.
    """
    of = (Donation.donor_id, Donation.received_on, Donation.currency)
    total = cast(func.sum(LedgerEntry.gross_minor), BigInteger)
    booked = (
        select(*of, total.label("kept"))
        .join(LedgerEntry, (LedgerEntry.donation_id == Donation.id) & (LedgerEntry.currency == Donation.currency))
        .where(given_here(), Donation.received_on.is_not(None), *which)
        .group_by(Donation.id)
        .having(total > 0)
    )
    returned = (
        select(cast(func.coalesce(func.sum(Refund.amount_minor), 0), BigInteger))
        .where(Refund.donation_id == Donation.id, Refund.status == "succeeded")
        .scalar_subquery()
    )
    left = Donation.amount_minor - returned
    before_us = select(*of, left.label("kept")).where(
        ~given_here(), Donation.status == "succeeded", Donation.received_on.is_not(None), left > 0, *which
    )
    return union_all(booked, before_us)


def list_donor_years(after: int, until: int) -> dict[int, list[Row]]:
    """List what is kept of donors by fiscal year.

    Args:
        after: Of donors with larger keys.
        until: The largest key of them.
    """
    names = Row.__dataclass_fields__
    asked = select(DonorYear.donor_id, *(getattr(DonorYear, name) for name in names))
    found: dict[int, list[Row]] = {}
    for donor, *values in db.session.execute(asked.where(DonorYear.donor_id > after, DonorYear.donor_id <= until)):
        found.setdefault(donor, []).append(Row(*values))
    return found


def list_donor_sums(after: int, until: int) -> dict[int, tuple[Any, ...]]:
    """List what is kept of donors over all years: (gifts, first day, last day).

    Args:
        after: Of donors with larger keys.
        until: The largest key of them.
    """
    asked = select(DonorSum.donor_id, DonorSum.gifts, DonorSum.first_on, DonorSum.last_on)
    rows = db.session.execute(asked.where(DonorSum.donor_id > after, DonorSum.donor_id <= until))
    return {donor: tuple(values) for donor, *values in rows}


def list_donor_days() -> dict[tuple[date, str, int], int]:
    """List how many donors came to stand how on which day."""
    rows = db.session.execute(select(DonorDay.day, DonorDay.standing, DonorDay.cohort, DonorDay.people))
    return {(day, standing, cohort): people for day, standing, cohort, people in rows if people}


def find_last_donor() -> int:
    """Tell the largest key of a donor that has gifts or sums; 0 where none has."""
    asked = (func.max(Donation.donor_id), func.max(DonorYear.donor_id), func.max(DonorSum.donor_id))
    return max(db.session.scalar(select(each)) or 0 for each in asked)


def find_period(month: str) -> LedgerPeriod | None:
    """Find a closed month, such as ``2026-03``."""
    return db.session.get(LedgerPeriod, month)


def find_first_occurred_on() -> date | None:
    """Tell the first own day of an entry that passed Stripe."""
    return db.session.scalar(select(func.min(LedgerEntry.occurred_on)).where(LedgerEntry.entry_type.not_in(BY_HAND)))


def list_entries(since: date, until: date) -> list[LedgerEntry]:
    """List the entries that passed Stripe by their own days.

    Args:
        since: First day.
        until: First day left out.
    """
    return list(
        db.session.scalars(
            select(LedgerEntry)
            .where(
                LedgerEntry.occurred_on >= since,
                LedgerEntry.occurred_on < until,
                LedgerEntry.entry_type.not_in(BY_HAND),
            )
            .order_by(LedgerEntry.occurred_on, LedgerEntry.id)
        )
    )


def list_payouts(since: date, until: date) -> list[Payout]:
    """List the payouts that arrived or will arrive in a span of days."""
    return list(
        db.session.scalars(
            select(Payout)
            .where(Payout.arrival_on >= since, Payout.arrival_on < until)
            .order_by(Payout.arrival_on, Payout.id)
        )
    )


def find_first_booked_on() -> date | None:
    """Tell the first day of the books."""
    return db.session.scalar(select(func.min(LedgerEntry.booked_on)))


def total_entries(since: date, until: date) -> list[dict[str, Any]]:
    """Sum the entries booked in a span of days by type and currencies, in a fixed order.

    Args:
        since: First day.
        until: First day left out.
    """
    names = (LedgerEntry.entry_type, LedgerEntry.currency, LedgerEntry.settlement_currency)
    sums = ("gross_minor", "settlement_gross_minor", "settlement_fee_minor", "settlement_net_minor")
    asked = (
        select(
            *names,
            func.count(LedgerEntry.id).label("entries"),
            *(func.sum(getattr(LedgerEntry, name)).label(name) for name in sums),
        )
        .where(LedgerEntry.booked_on >= since, LedgerEntry.booked_on < until)
        .group_by(*names)
        .order_by(*names)
    )
    return [
        {**row, "entries": int(row["entries"]), **{name: int(row[name]) for name in sums}}
        for row in db.session.execute(asked).mappings()
    ]


def total_by_day(since: date, until: date) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Sum the entries as ``LedgerDay`` keeps them: sums by the columns of its key.

    Args:
        since: First day they are booked on.
        until: First day left out.
    """
    cover = case((LedgerEntry.entry_type == "charge", func.coalesce(Donation.fee_cover_minor, 0)), else_=0)
    asked = select(
        LedgerEntry.booked_on,
        LedgerEntry.entry_type,
        LedgerEntry.currency,
        LedgerEntry.settlement_currency,
        func.coalesce(LedgerEntry.fund_id, 0),
        func.coalesce(Donation.appeal_id, 0),
        func.count(LedgerEntry.id),
        func.sum(LedgerEntry.gross_minor),
        *_settled(),
        func.sum(cover),
        func.sum(case((cover > 0, LedgerEntry.settlement_fee_minor), else_=0)),
    ).outerjoin(Donation, Donation.id == LedgerEntry.donation_id)
    return _sums(asked, 6, since, until)


def total_by_facet(since: date, until: date) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Sum the entries of gifts as ``LedgerDayBy`` keeps them: sums by the columns of its key.

    Args:
        since: First day they are booked on.
        until: First day left out.
    """
    found: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for by, column in FACETS.items():
        asked = select(
            LedgerEntry.booked_on,
            literal(by),
            getattr(Donation, column),
            LedgerEntry.entry_type,
            LedgerEntry.settlement_currency,
            func.coalesce(LedgerEntry.fund_id, 0),
            func.count(LedgerEntry.id),
            *_settled(),
        ).join(Donation, Donation.id == LedgerEntry.donation_id)
        found |= _sums(asked, 6, since, until)
    return found


def total_by_span(since: date, until: date) -> dict[tuple[str, str, int, str], tuple[int, ...]]:
    """Sum the entries of gifts as ``LedgerSpanBy`` keeps them of a month or year: sums by its key without the span.

    Args:
        since: First day they are booked on.
        until: First day left out.
    """
    found: dict[tuple[str, str, int, str], tuple[int, ...]] = {}
    for by in MANY:
        column = getattr(Donation, FACETS[by])
        asked = (
            select(LedgerEntry.settlement_currency, func.coalesce(LedgerEntry.fund_id, 0), column,
                   *parts_of(LedgerEntry.entry_type, literal(1), LedgerEntry.settlement_gross_minor,
                             LedgerEntry.settlement_fee_minor))
            .join(Donation, Donation.id == LedgerEntry.donation_id)
            .where(LedgerEntry.booked_on >= since, LedgerEntry.booked_on < until)
            .group_by(LedgerEntry.settlement_currency, LedgerEntry.fund_id, column)
        )  # fmt: skip
        for currency, fund_id, key, *sums in db.session.execute(asked):
            for each in {0, fund_id}:
                before = found.get((by, currency, each, key), (0,) * 5)
                found[by, currency, each, key] = tuple(a + int(b) for a, b in zip(before, sums, strict=True))
    return {key: (*sums, sum(sums[1:])) for key, sums in found.items()}


def parts_of(kind: Any, many: Any, gross: Any, fee: Any) -> list[ColumnElement[int]]:
    """Write the sums of entries of gifts by what they are: gifts, gross, refunds, disputes and fees.

    Args:
        kind: The column of their type.
        many: How many a row is.
        gross: In the settlement currency.
        fee: What Stripe kept.
    """
    parts = {name: [each for each, part in PART_OF.items() if part == name] for name in PART_OF.values()}
    sums = [case((kind.in_(parts["gross"]), many), else_=0)]
    sums += [case((kind.in_(types), gross), else_=0) for types in parts.values()]
    return [func.sum(each) for each in (*sums, -fee)]


def list_spans(span: str) -> dict[tuple[str, str, int, str], tuple[int, ...]]:
    """List what is kept of a month or year, by the key of ``LedgerSpanBy`` without the span.

    Args:
        span: Such as ``2026-03`` or ``2026``.
    """
    row = LedgerSpanBy
    asked = select(
        row.by, row.settlement_currency, row.fund_id, row.key,
        row.gifts, row.gross_minor, row.refunds_minor, row.disputes_minor, row.fees_minor, row.net_minor,
    )  # fmt: skip
    found: Any = db.session.execute(asked.where(row.span == span))
    return {(each[0], each[1], each[2], each[3]): tuple(map(int, each[4:])) for each in found}


def list_spans_kept() -> list[str]:
    """List the months and years of which such sums are kept."""
    return list(db.session.scalars(select(LedgerSpanBy.span).distinct()))


def _settled() -> list[ColumnElement[int]]:
    names = ("settlement_gross_minor", "settlement_fee_minor", "settlement_net_minor")
    return [func.sum(getattr(LedgerEntry, name)) for name in names]


def _sums(
    asked: Select[*tuple[Any, ...]], keys: int, since: date, until: date
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    chosen = asked.where(LedgerEntry.booked_on >= since, LedgerEntry.booked_on < until)
    # By their places: a literal and an expression have no name of their own.
    rows = db.session.execute(chosen.group_by(*list(asked.selected_columns)[:keys]))
    return {tuple(row[:keys]): tuple(int(each) for each in row[keys:]) for row in rows}


def list_kept_sums(
    model: type[Any], keys: tuple[str, ...], sums: tuple[str, ...], since: date, until: date
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """List what is kept of a span of days in one of the tables of sums, by its key.

    Args:
        model: ``LedgerDay`` or ``LedgerDayBy``.
        keys: The columns of its key.
        sums: Those that are summed.
        since: First day.
        until: First day left out.
    """
    asked = select(*(getattr(model, name) for name in (*keys, *sums)))
    rows = db.session.execute(asked.where(model.booked_on >= since, model.booked_on < until))
    return {tuple(row[: len(keys)]): tuple(int(each) for each in row[len(keys) :]) for row in rows}


def list_months_of_sums() -> list[str]:
    """List the months that have entries or sums of entries, such as ``2026-03``."""
    days: set[date] = set()
    for model in (LedgerEntry, LedgerDay, LedgerDayBy):
        days |= set(db.session.scalars(select(model.booked_on).distinct()))
    return sorted({f"{day:%Y-%m}" for day in days})


def list_unclassified(since: date, until: date) -> list[LedgerEntry]:
    """List entries of types nobody knows, booked in a span of days."""
    return list(
        db.session.scalars(
            select(LedgerEntry)
            .where(
                LedgerEntry.entry_type == "unclassified",
                LedgerEntry.booked_on >= since,
                LedgerEntry.booked_on < until,
            )
            .order_by(LedgerEntry.id)
        )
    )


def total_account(account: str) -> dict[str, int]:
    """Tell an account's balance, debits less credits, in minor units by currency."""
    signed = case((LedgerPosting.debit == account, LedgerPosting.amount_minor), else_=-LedgerPosting.amount_minor)
    rows = db.session.execute(
        select(LedgerPosting.currency, func.sum(signed))
        .where((LedgerPosting.debit == account) | (LedgerPosting.credit == account))
        .group_by(LedgerPosting.currency)
    )
    return {currency: int(total) for currency, total in rows}


def find_payout(stripe_account: str, stripe_payout_id: str, *, livemode: bool) -> Payout | None:
    """Find a payout by Stripe's id."""
    return db.session.scalars(
        select(Payout).where(
            Payout.stripe_account == stripe_account,
            Payout.livemode == livemode,
            Payout.stripe_payout_id == stripe_payout_id,
        )
    ).first()


def find_payout_by_id(stripe_payout_id: str) -> Payout | None:
    """Find a payout by Stripe's id alone, which no other account's bears."""
    return db.session.scalars(select(Payout).where(Payout.stripe_payout_id == stripe_payout_id)).first()


def list_unproved_payouts(at_most: int) -> list[Payout]:
    """List payouts that are not proved yet, oldest first."""
    return list(
        db.session.scalars(
            select(Payout).where(Payout.proof.in_(("open", "differs"))).order_by(Payout.id).limit(at_most)
        )
    )


def list_entries_of_payout(payout_id: int) -> list[LedgerEntry]:
    """List what left with a payout."""
    return list(
        db.session.scalars(
            select(LedgerEntry)
            .join(PayoutItem, PayoutItem.entry_id == LedgerEntry.id)
            .where(PayoutItem.payout_id == payout_id)
            .order_by(LedgerEntry.id)
        )
    )


def find_payout_of_entry(entry_id: int) -> int | None:
    """Tell the key of the payout an entry left with."""
    return db.session.scalars(select(PayoutItem.payout_id).where(PayoutItem.entry_id == entry_id)).first()


def get_fund_gl_code(fund_id: int) -> str:
    """Give a fund's code in the newsroom's accounting."""
    return db.session.scalars(select(Fund.gl_code).where(Fund.id == fund_id)).one()


def list_charge_sums(donation_id: int) -> list[tuple[Money, Money]]:
    """List (fee, net) of a gift's own charges by settlement currency; nothing before Stripe has told."""
    rows = db.session.execute(
        select(
            func.sum(LedgerEntry.settlement_fee_minor),
            func.sum(LedgerEntry.settlement_net_minor),
            LedgerEntry.settlement_currency,
        )
        .where(LedgerEntry.donation_id == donation_id, LedgerEntry.entry_type == "charge")
        .group_by(LedgerEntry.settlement_currency)
    )
    return [(Money(int(fee), currency), Money(int(net), currency)) for fee, net, currency in rows]
