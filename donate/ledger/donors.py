"""Count donors by what the books keep of their gifts: with each entry, and when gifts come to another donor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date

import sqlalchemy as sa

from donate.db import db, insert_of
from donate.giving.models import Donation
from donate.ledger.models import DonorDay, DonorSum, DonorYear
from donate.ledger.queries import find_donors_month, list_donor_years, list_given
from donate.ledger.standing import Given, Move, Part, Row, given_in, moves_of, rows_of, sum_of, years_of
from donate.ledger.sums import KEYS, add_rows
from donate.newsroom.fiscal import FiscalYear, fiscal_year
from donate.newsroom.queries import find_newsroom


def count_giver(donation: Donation) -> None:
    """Count a gift's donor in the year it was given; call inside ``committed()``, after its entry is written."""
    month = month_to_count_by()
    if month is not None and donation.donor_id is not None and donation.received_on is not None:
        _count([donation.donor_id], month, fiscal_year(donation.received_on, month))


def count_donors(donor_ids: Iterable[int]) -> None:
    """Count some donors in all years; call inside ``committed()``, after gifts changed their donor or their day.

    Args:
        donor_ids: Whoever had those gifts before, and whoever has them now.
    """
    month = month_to_count_by()
    if month is not None:
        _count(sorted(set(donor_ids)), month, None)


def month_to_count_by() -> int | None:
    """Tell the month fiscal years begin with; None where all donors are to be counted anew before any is.

    Shares the lock that counting anew takes; call inside ``committed()``.
    """
    newsroom, counted_by = find_newsroom(), find_donors_month(is_shared=True)
    return counted_by if newsroom is not None and newsroom.fiscal_month == counted_by else None


def write_sum(donor_id: int, given: Sequence[Given]) -> None:
    """Write what is known of a donor over all years, or let go of the row where that is nothing."""
    if not given:
        db.session.execute(sa.delete(DonorSum).where(DonorSum.donor_id == donor_id))
        return
    gifts, first_on, last_on = sum_of(given)
    values = {"gifts": gifts, "first_on": first_on, "last_on": last_on}
    insert = insert_of(DonorSum).values(donor_id=donor_id, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=["donor_id"], set_=values))


def write_years(donor_id: int, before: Sequence[Row], after: Sequence[Row]) -> None:
    """Make a donor's rows what they should be; those that are so already are left alone."""
    kept = {(row.year, row.currency): row for row in before}
    wanted = {(row.year, row.currency): row for row in after}
    for year, currency in sorted(kept.keys() - wanted.keys()):
        db.session.execute(
            sa.delete(DonorYear).where(
                DonorYear.donor_id == donor_id, DonorYear.year == year, DonorYear.currency == currency
            )
        )
    changed = [{"donor_id": donor_id, **asdict(row)} for key, row in sorted(wanted.items()) if kept.get(key) != row]
    if changed:
        insert = insert_of(DonorYear).values(changed)
        names = [name for name in Row.__dataclass_fields__ if name not in ("year", "currency")]
        set_ = {name: insert.excluded[name] for name in names}
        db.session.execute(insert.on_conflict_do_update(index_elements=["donor_id", "year", "currency"], set_=set_))


def _count(donor_ids: list[int], month: int, only: FiscalYear | None) -> None:
    """Count donors; of one year alone the others stay as they are kept, so that a long list of gifts isn't read."""
    _lock(donor_ids)
    given = list_given(donor_ids, only.first if only else None, only.after if only else None)
    moves: Counter[Move] = Counter()
    for donor_id in donor_ids:
        before = list_donor_years(donor_id - 1, donor_id).get(donor_id, [])
        known = given_in(before)
        years = years_of(_parts(donor_id, given, month))
        if only is not None:
            others = [each for each in known if each.year != only.number]
            years = sorted([*others, *years], key=lambda each: each.year)
        write_years(donor_id, before, rows_of(years))
        write_sum(donor_id, years)
        moves.update(moves_of(years))
        moves.subtract(moves_of(known))
    # In a fixed order, so that two workers never wait for each other crosswise.
    rows = [dict(zip((*KEYS[DonorDay], "people"), (*key, by), strict=True)) for key, by in sorted(moves.items()) if by]
    if rows:
        add_rows(DonorDay, *rows)


def _lock(donor_ids: list[int]) -> None:
    """Take the locks of donors' sums: whoever counts the same donor sees then what was booked before."""
    for donor_id in donor_ids:
        insert = insert_of(DonorSum).values(donor_id=donor_id, gifts=0)
        db.session.execute(insert.on_conflict_do_update(index_elements=["donor_id"], set_={"gifts": DonorSum.gifts}))


def _parts(donor_id: int, gifts: Iterable[tuple[int, date, str, int]], month: int) -> Iterator[Part]:
    found: dict[tuple[int, str], list[tuple[date, int]]] = {}
    for donor, day, currency, minor in gifts:
        if donor == donor_id:
            found.setdefault((fiscal_year(day, month).number, currency), []).append((day, minor))
    for (year, currency), those in found.items():
        yield year, currency, len(those), sum(minor for _day, minor in those), min(those)[0], max(those)[0]
