"""Count all donors anew from the entries, and say where what was kept differed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any

import sqlalchemy as sa

from donate.db import Base, db
from donate.ledger.models import DonorDay, DonorSum, DonorYear
from donate.ledger.post import open_books
from donate.ledger.queries import (
    find_book,
    find_donors_month,
    find_last_donor,
    has_books,
    list_donor_days,
    list_donor_sums,
    list_donor_years,
    total_given,
)
from donate.ledger.rebuild import Difference, write_differences
from donate.ledger.standing import Move, moves_of, rows_of, sum_of, years_of
from donate.newsroom.queries import find_newsroom

#: Donors whose gifts are summed at once.
_AT_ONCE = 20_000
_KEPT: tuple[type[Base], ...] = (DonorYear, DonorSum, DonorDay)


@dataclass(frozen=True)
class Recount:
    """What came of counting all donors anew.

    Args:
        differences: What was kept otherwise, where it was kept by the same fiscal years.
        is_anew: Whether the fiscal years were others, or nobody was counted yet: all was written anew.
    """

    differences: list[Difference]
    is_anew: bool


def donors_wait() -> bool:
    """Tell whether all donors are to be counted anew: by other fiscal years, or for the first time."""
    newsroom = find_newsroom()
    return newsroom is not None and has_books() and find_donors_month() != newsroom.fiscal_month


def recount_donors() -> Recount:
    """Make what is kept of donors what the entries say, by the newsroom's fiscal years; call inside ``committed()``.

    Posting waits meanwhile, so that nothing is counted twice or missed.
    """
    open_books()
    newsroom, book = find_newsroom(), find_book()
    assert book is not None
    month = newsroom.fiscal_month if newsroom is not None else 1
    is_anew = book.donors_month != month
    if is_anew:
        for model in _KEPT:
            db.session.execute(sa.delete(model))
        book.donors_month = month
        db.session.flush()
    found: list[Difference] = []
    for model, differences in _compare(month):
        write_differences(model, differences)
        found += [] if is_anew else differences
    return Recount(found, is_anew)


def compare_donors(month: int) -> Iterator[Difference]:
    """Compare what is kept of donors with the entries.

    Args:
        month: The month fiscal years begin with.
    """
    for _model, differences in _compare(month):
        yield from differences


def _compare(month: int) -> Iterator[tuple[type[Base], list[Difference]]]:
    """Compare some thousand donors at a time, and in the end how many stand how on each day."""
    moves: Counter[Move] = Counter()
    for after in range(0, find_last_donor(), _AT_ONCE):
        until = after + _AT_ONCE
        rows, sums = list_donor_years(after, until), list_donor_sums(after, until)
        given = {donor: years_of(parts) for donor, parts in total_given(after, until, month).items()}
        for years in given.values():
            moves.update(moves_of(years))
        yield (
            DonorYear,
            _differences(
                DonorYear,
                {(donor, *astuple(row)[:2]): astuple(row)[2:] for donor, those in rows.items() for row in those},
                {
                    (donor, *astuple(row)[:2]): astuple(row)[2:]
                    for donor, years in given.items()
                    for row in rows_of(years)
                },
            ),
        )
        yield (
            DonorSum,
            _differences(
                DonorSum,
                {(donor,): values for donor, values in sums.items()},
                {(donor,): sum_of(years) for donor, years in given.items()},
            ),
        )
    counted = {key: (people,) for key, people in list_donor_days().items()}
    yield DonorDay, _differences(DonorDay, counted, {key: (by,) for key, by in moves.items() if by})


def _differences(model: type[Base], kept: Mapping[Any, Any], booked: Mapping[Any, Any]) -> list[Difference]:
    return [
        Difference(model.__tablename__, key, kept.get(key), booked.get(key))
        for key in sorted(kept.keys() | booked.keys())
        if kept.get(key) != booked.get(key)
    ]
