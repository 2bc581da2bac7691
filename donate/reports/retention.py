"""Who gave when: first-time, again, not yet again; by the newsroom's fiscal years, counted by what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    RowMapping,
    Select,
    Subquery,
    and_,
    case,
    cast,
    extract,
    func,
    select,
    union_all,
)

from donate.db import db
from donate.donors.models import Donor, DonorEmail
from donate.giving.models import Donation, Refund
from donate.giving.queries import given_here
from donate.ledger.models import LedgerEntry
from donate.newsroom.fiscal import FiscalYear

#: What a donor is called in a year, and the words of the field.
STANDINGS = ("donor", "first_time", "retained", "regained", "lybunt", "sybunt", "lapsed")
_LAPSED_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Year:
    """How a fiscal year's donors stand, people counted once.

    Args:
        counts: By the names in ``STANDINGS``.
        last: Who gave the year before.
    """

    counts: dict[str, int]
    last: int

    @property
    def retention(self) -> float | None:
        """Of last year's donors, how many percent gave again; None where there were none."""
        return round(100 * self.counts["retained"] / self.last, 1) if self.last else None


def donors_of_year(year: FiscalYear, until: date) -> Year:
    """Count the donors of a fiscal year by their standing.

    Args:
        year: Which.
        until: First day left out, of gifts and of what went back.
    """
    stood = _standings(year, until)
    names = {name: func.sum(case((condition, 1), else_=0)) for name, condition in _conditions(stood, until).items()}
    row = db.session.execute(
        select(*(each.label(name) for name, each in names.items()), func.sum(stood.c.last).label("last"))
    ).mappings().one()  # fmt: skip
    return Year({name: int(row[name] or 0) for name in STANDINGS}, int(row["last"] or 0))


def list_donors(
    standing: str, year: FiscalYear, until: date, currency: str, *, skip: int, at_most: int
) -> list[RowMapping]:
    """List donors of a standing with what is kept of their gifts, who gave most first.

    Args:
        standing: One of ``STANDINGS``.
        year: Which fiscal year.
        until: First day left out.
        currency: Whose sums are shown and sorted by: givers' own.
    """
    stood, kept = _standings(year, until), _kept(until)
    sums = (
        select(
            kept.c.donor_id,
            func.sum(case((kept.c.received_on >= year.first, kept.c.kept), else_=0)).label("this_year"),
            func.sum(
                case((and_(kept.c.received_on >= year.before().first, kept.c.received_on < year.first), kept.c.kept),
                     else_=0)
            ).label("last_year"),
            func.sum(kept.c.kept).label("ever"),
        )
        .where(kept.c.currency == currency)
        .group_by(kept.c.donor_id)
        .subquery()
    )  # fmt: skip
    main = select(DonorEmail.donor_id, DonorEmail.email).where(DonorEmail.is_main).subquery()
    by = sums.c.this_year if standing in ("donor", "first_time", "retained", "regained") else sums.c.ever
    asked = (
        select(
            Donor.reference,
            Donor.first_name,
            Donor.last_name,
            main.c.email,
            stood.c.first_on,
            stood.c.last_on,
            *(func.coalesce(sums.c[name], 0).label(name) for name in ("this_year", "last_year", "ever")),
        )
        .join(Donor, Donor.id == stood.c.donor_id)
        .outerjoin(main, main.c.donor_id == Donor.id)
        .outerjoin(sums, sums.c.donor_id == stood.c.donor_id)
        .where(_conditions(stood, until)[standing])
        .order_by(func.coalesce(by, 0).desc(), Donor.id)
    )
    return list(db.session.execute(asked.offset(skip).limit(at_most)).mappings())


def cohorts(month: int, until: date) -> list[tuple[int, dict[int, int]]]:
    """Count, of the donors whose first kept gift is of a fiscal year, who gave in each year from then on.

    Args:
        month: The month fiscal years begin with.
        until: First day left out.

    Returns:
        By the calendar year the fiscal year begins in: donors by the number of years since.
    """
    kept = _kept(until)
    number = _year_of(kept.c.received_on, month)
    years = select(kept.c.donor_id, number.label("year")).distinct().subquery()
    first = select(years.c.donor_id, func.min(years.c.year).label("first")).group_by(years.c.donor_id).subquery()
    rows = db.session.execute(
        select(first.c.first, years.c.year, func.count())
        .join(first, first.c.donor_id == years.c.donor_id)
        .group_by(first.c.first, years.c.year)
    )
    found: dict[int, dict[int, int]] = {}
    for begun, year, many in rows:
        found.setdefault(int(begun), {})[int(year) - int(begun)] = int(many)
    # A year without a first-time donor is a year all the same.
    return [(year, found.get(year, {})) for year in range(min(found), max(found) + 1)] if found else []


def _kept(until: date) -> Subquery:
    """Give each gift of a known donor of which something is kept: by the books, or by the file it was imported from."""
    total = cast(func.sum(LedgerEntry.gross_minor), BigInteger)
    booked = (
        select(LedgerEntry.donation_id, total.label("kept"))
        .where(LedgerEntry.donation_id.is_not(None), LedgerEntry.booked_on < until)
        .group_by(LedgerEntry.donation_id)
        .having(total > 0)
        .subquery()
    )
    here = (
        select(Donation.donor_id, Donation.received_on, Donation.currency, booked.c.kept)
        .join(booked, booked.c.donation_id == Donation.id)
        .where(Donation.donor_id.is_not(None), Donation.received_on < until)
    )
    return union_all(here, _kept_before_us(until)).subquery("kept")


def _kept_before_us(until: date) -> Select[int | None, date | None, str, int]:
    """Ask for the gifts that came before this desk: what their file says went back is not kept."""
    returned = (
        select(Refund.donation_id, cast(func.sum(Refund.amount_minor), BigInteger).label("minor"))
        .where(Refund.status == "succeeded", Refund.refunded_on < until)
        .group_by(Refund.donation_id)
        .subquery()
    )
    kept = Donation.amount_minor - func.coalesce(returned.c.minor, 0)
    return (
        select(Donation.donor_id, Donation.received_on, Donation.currency, kept.label("kept"))
        .outerjoin(returned, returned.c.donation_id == Donation.id)
        .where(
            ~given_here(),
            Donation.status == "succeeded",
            Donation.donor_id.is_not(None),
            Donation.received_on < until,
            kept > 0,
        )
    )


def _standings(year: FiscalYear, until: date) -> Subquery:
    """Give each donor's first and last day, and in which of this year, the last and those before something is kept."""
    kept = _kept(until)

    def gave(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.max(case((condition, 1), else_=0))

    before = year.before().first
    return (
        select(
            kept.c.donor_id,
            func.min(kept.c.received_on).label("first_on"),
            func.max(kept.c.received_on).label("last_on"),
            gave(and_(kept.c.received_on >= year.first, kept.c.received_on < year.after)).label("this"),
            gave(and_(kept.c.received_on >= before, kept.c.received_on < year.first)).label("last"),
            gave(kept.c.received_on < before).label("earlier"),
        )
        .group_by(kept.c.donor_id)
        .subquery("stood")
    )


def _conditions(stood: Subquery, until: date) -> dict[str, Any]:
    this, last, earlier = (stood.c[name] == 1 for name in ("this", "last", "earlier"))
    return {
        "donor": this,
        "first_time": and_(this, ~last, ~earlier),
        "retained": and_(this, last),
        "regained": and_(this, ~last, earlier),
        "lybunt": and_(~this, last),
        "sybunt": and_(~this, last | earlier),
        "lapsed": stood.c.last_on < until - timedelta(days=1) - _LAPSED_AFTER,
    }


def _year_of(day: ColumnElement[Any], month: int) -> ColumnElement[int]:
    """Write the calendar year that a day's fiscal year begins in."""
    return extract("year", day) - case((extract("month", day) < month, 1), else_=0)
