"""The sums of the books by day, and of stories by month and year: added to with each entry, in its transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

from donate.db import Base, db, insert_of
from donate.giving.models import Donation
from donate.ledger.accounts import FACETS, MANY, PART_OF
from donate.ledger.models import DonorDay, DonorSum, DonorYear, LedgerDay, LedgerDayBy, LedgerEntry, LedgerSpanBy

_SETTLED = ("settlement_gross_minor", "settlement_fee_minor", "settlement_net_minor")
#: What is kept in each of the tables, and by which columns a row of it is found.
SUMS: dict[type[Base], tuple[str, ...]] = {
    LedgerDay: ("entries", "gross_minor", *_SETTLED, "fee_cover_minor", "covered_fee_minor"),
    LedgerDayBy: ("entries", *_SETTLED),
    LedgerSpanBy: ("gifts", "gross_minor", "refunds_minor", "disputes_minor", "fees_minor", "net_minor"),
    DonorDay: ("people",),
    DonorSum: ("gifts", "first_on", "last_on"),
    DonorYear: ("standing", "next_year", "begun_on", "last_on", "gifts", "kept_minor", "ever_minor"),
}
KEYS: dict[type[Base], tuple[str, ...]] = {
    LedgerDay: ("booked_on", "entry_type", "currency", "settlement_currency", "fund_id", "appeal_id"),
    LedgerDayBy: ("booked_on", "by", "key", "entry_type", "settlement_currency", "fund_id"),
    LedgerSpanBy: ("by", "settlement_currency", "fund_id", "span", "key"),
    DonorDay: ("day", "standing", "cohort"),
    DonorSum: ("donor_id",),
    DonorYear: ("donor_id", "year", "currency"),
}


def add_to_sums(entry: LedgerEntry, donation: Donation | None) -> None:
    """Add a new entry to the sums of its day; call inside ``committed()``, once for each entry.

    Args:
        entry: As it was booked.
        donation: The gift it is about, if any.
    """
    day: dict[str, Any] = {"booked_on": entry.booked_on, "entry_type": entry.entry_type,
                           "settlement_currency": entry.settlement_currency, "fund_id": entry.fund_id or 0}  # fmt: skip
    sums = {"entries": 1, **{name: getattr(entry, name) for name in _SETTLED}}
    cover = donation.fee_cover_minor if donation is not None and entry.entry_type == "charge" else 0
    appeal_id = (donation.appeal_id or 0) if donation is not None else 0
    add_rows(LedgerDay, {
        **day, **sums, "currency": entry.currency, "appeal_id": appeal_id, "gross_minor": entry.gross_minor,
        "fee_cover_minor": cover, "covered_fee_minor": entry.settlement_fee_minor if cover else 0,
    })  # fmt: skip
    if donation is not None:
        # In a fixed order, so that two workers never wait for each other crosswise.
        add_rows(LedgerDayBy, *({**day, **sums, "by": by, "key": getattr(donation, column)}
                                for by, column in sorted(FACETS.items())))  # fmt: skip
        add_rows(LedgerSpanBy, *_by_span(entry, donation))


def spans_of(day: date) -> tuple[str, str]:
    """Name the year and the month a day is of, as sums are kept by."""
    return f"{day:%Y}", f"{day:%Y-%m}"


def days_of_span(span: str) -> tuple[date, date]:
    """Give the first day of a month or year and the first day after it.

    Args:
        span: As ``spans_of`` names it.
    """
    if len(span) == 4:
        return date(int(span), 1, 1), date(int(span) + 1, 1, 1)
    first = date.fromisoformat(f"{span}-01")
    return first, (first + timedelta(days=31)).replace(day=1)


def _by_span(entry: LedgerEntry, donation: Donation) -> Iterator[dict[str, Any]]:
    part = PART_OF[entry.entry_type]
    sums = dict.fromkeys(SUMS[LedgerSpanBy], 0) | {
        "gifts": int(part == "gross"), f"{part}_minor": entry.settlement_gross_minor,
        "fees_minor": -entry.settlement_fee_minor, "net_minor": entry.settlement_net_minor,
    }  # fmt: skip
    for by, fund_id, span in product(MANY, sorted({0, entry.fund_id or 0}), spans_of(entry.booked_on)):
        yield {"by": by, "settlement_currency": entry.settlement_currency, "fund_id": fund_id, "span": span,
               "key": getattr(donation, FACETS[by]), **sums}  # fmt: skip


def add_rows(model: type[Base], *rows: Mapping[str, Any]) -> None:
    """Add to rows of sums, or begin them; call inside ``committed()``.

    Args:
        model: One of ``SUMS``.
        rows: Each with its key and sums, in an order that is the same wherever they are written.
    """
    insert = insert_of(model).values(list(rows))
    added = {name: getattr(model, name) + insert.excluded[name] for name in SUMS[model]}
    db.session.execute(insert.on_conflict_do_update(index_elements=list(KEYS[model]), set_=added))
