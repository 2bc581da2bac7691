"""Who gave when: first-time, again, not yet again; by the newsroom's fiscal years, read from what is kept of donors.

Counts are sums of ``donor_day`` and lists are read along an index of ``donor_year``: neither grows with the gifts. All
is by what is kept of gifts as the books stand: what goes back later takes a gift out of its year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, case, exists, func, select, union_all
from sqlalchemy.orm import aliased

from donate.db import db
from donate.donors.models import Donor, DonorEmail
from donate.ledger.models import DonorDay, DonorSum, DonorYear
from donate.ledger.standing import GAVE, LAPSED_AFTER, NEVER
from donate.newsroom.fiscal import FiscalYear, fiscal_year

#: What a donor is called in a year, and the words of the field.
STANDINGS = ("donor", *GAVE, "lybunt", "sybunt", "lapsed")


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
        until: First day left out.
    """
    day, before = DonorDay.day, year.before().first

    def came(since: date | None, after: date) -> ColumnElement[int]:
        chosen = day < after if since is None else (day >= since) & (day < after)
        return func.coalesce(func.sum(case((chosen, DonorDay.people), else_=0)), 0)

    asked = select(DonorDay.standing, came(year.first, until), came(before, year.first), came(None, year.first),
                   came(None, until)).where(day < until).group_by(DonorDay.standing)  # fmt: skip
    rows = {standing: [int(each) for each in sums] for standing, *sums in db.session.execute(asked)}
    this, last = ({name: rows[name][at] if name in rows else 0 for name in GAVE} for at in (0, 1))
    # Everybody was a first-time donor once.
    earlier, lapsed = (rows[name][at] if name in rows else 0 for name, at in (("first_time", 2), ("lapsed", 3)))
    counts = {
        "donor": sum(this.values()),
        **this,
        "lybunt": sum(last.values()) - this["retained"],
        "sybunt": earlier - this["retained"] - this["regained"],
        "lapsed": lapsed,
    }
    return Year(counts, sum(last.values()))


def list_donors(
    standing: str, year: FiscalYear, until: date, currency: str, many: int, *, skip: int, at_most: int
) -> list[RowMapping]:
    """List donors of a standing with what is kept of their gifts, who gave most first.

    Args:
        standing: One of ``STANDINGS``.
        year: Which fiscal year.
        until: First day left out.
        currency: Whose sums are shown and sorted by: givers' own.
        many: How many there are.
    """
    chosen = _chosen(standing, year, until)
    found = _lines(chosen, standing in ("donor", *GAVE), currency, year, skip, at_most)
    if len(found) < at_most and skip + len(found) < many:
        # Some never gave in this currency: they come last, with nothing.
        with_sums = _count(chosen, currency)
        found += _lines(chosen, False, "", year, max(0, skip - with_sums), at_most - len(found), without=currency)
    return found


def cohorts(month: int, until: date) -> list[tuple[int, dict[int, int]]]:
    """Count, of the donors whose first kept gift is of a fiscal year, who gave in each year from then on.

    Args:
        month: The month fiscal years begin with.
        until: First day left out.

    Returns:
        By the calendar year the fiscal year begins in: donors by the number of years since.
    """
    rows = db.session.execute(
        select(DonorDay.cohort, DonorDay.day, func.sum(DonorDay.people))
        .where(DonorDay.standing.in_(GAVE), DonorDay.day < until, DonorDay.people != 0)
        .group_by(DonorDay.cohort, DonorDay.day)
    )
    found: dict[int, dict[int, int]] = {}
    for begun, day, many in rows:
        since = fiscal_year(day, month).number - begun
        of_cohort = found.setdefault(begun, {})
        of_cohort[since] = of_cohort.get(since, 0) + int(many)
    # A year without a first-time donor is a year all the same.
    return [(year, found.get(year, {})) for year in range(min(found), max(found) + 1)] if found else []


#: Conditions on rows of ``donor_year`` that an index finds; together they are whom a list holds, each once.
Ranges = list[list[ColumnElement[bool]]]


def _chosen(standing: str, year: FiscalYear, until: date) -> Ranges:
    """Write who stands so: the row of the year they gave in, or of the last one before they were silent."""
    row, this = DonorYear, year.number
    if standing in GAVE or standing == "donor":
        kinds = GAVE if standing == "donor" else (standing,)
        return [[row.year == this, row.standing == kind] for kind in kinds]
    known = _years_given(year.first.month)
    silent = [this - 1] if standing == "lybunt" else [each for each in known if each < this]
    again = [*(each for each in known if each > this), NEVER]
    more = [row.last_on < until - timedelta(days=1) - LAPSED_AFTER] if standing == "lapsed" else []
    return [[row.year == gave, row.next_year == then, *more] for gave in silent for then in again]


def _years_given(month: int) -> list[int]:
    asked = select(func.min(DonorDay.day), func.max(DonorDay.day)).where(DonorDay.standing.in_(GAVE))
    row: Any = db.session.execute(asked).one()
    first, last = row
    if not first or not last:
        return []
    return list(range(fiscal_year(first, month).number, fiscal_year(last, month).number + 1))


def _lines(
    chosen: Ranges, gave: bool, currency: str, year: FiscalYear, skip: int, at_most: int, without: str = ""
) -> list[RowMapping]:
    """Read a page: of each range as many as the page could hold, and of those the first."""
    row, before = DonorYear, aliased(DonorYear)
    by = row.kept_minor if gave else row.ever_minor
    columns = (row.donor_id, row.year, row.last_on, row.kept_minor, row.ever_minor, by.label("rank"))
    parts = [
        select(*columns).where(row.currency == currency, *each, *_lacking(without))
        .order_by(by.desc(), row.donor_id).limit(skip + at_most).subquery()
        for each in chosen
    ]  # fmt: skip
    if not parts:
        return []
    page = union_all(*(select(part) for part in parts)).subquery()
    page = select(page).order_by(page.c.rank.desc(), page.c.donor_id).offset(skip).limit(at_most).subquery()
    main = select(DonorEmail.donor_id, DonorEmail.email).where(DonorEmail.is_main).subquery()
    this, last = year.number, year.number - 1
    asked = (
        select(
            Donor.reference,
            Donor.first_name,
            Donor.last_name,
            main.c.email,
            DonorSum.first_on,
            page.c.last_on,
            case((page.c.year == this, page.c.kept_minor), else_=0).label("this_year"),
            case((page.c.year == last, page.c.kept_minor), else_=func.coalesce(before.kept_minor, 0)).label(
                "last_year"
            ),
            page.c.ever_minor.label("ever"),
        )
        .join(page, page.c.donor_id == Donor.id)
        .join(DonorSum, DonorSum.donor_id == Donor.id)
        .outerjoin(main, main.c.donor_id == Donor.id)
        .outerjoin(before, (before.donor_id == Donor.id) & (before.year == last) & (before.currency == currency))
        .order_by(page.c.rank.desc(), page.c.donor_id)
    )
    return list(db.session.execute(asked).mappings())


def _lacking(currency: str) -> list[Any]:
    """Write that a donor had given nothing in a currency by the year of a row; no condition where none is named."""
    if not currency:
        return []
    other = aliased(DonorYear)
    same = (other.donor_id == DonorYear.donor_id) & (other.year == DonorYear.year)
    return [~exists(select(other.donor_id).where(same, other.currency == currency))]


def _count(chosen: Ranges, currency: str) -> int:
    counts = [select(func.count()).select_from(DonorYear).where(DonorYear.currency == currency, *each)
              for each in chosen]  # fmt: skip
    return sum(db.session.scalar(each) or 0 for each in counts)
