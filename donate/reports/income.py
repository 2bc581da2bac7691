"""What came in and went out by the books, in the currency it was settled in: read from the sums kept by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select

from donate.appeals.models import Appeal
from donate.db import db
from donate.ledger.accounts import BY_HAND, OF_A_GIFT
from donate.ledger.models import LedgerDay, LedgerDayBy
from donate.money import Money
from donate.newsroom.models import Fund
from donate.reports.gift_lines import BROUGHT, WENT_BACK

By = Literal["day", "month", "fund", "appeal", "kind", "article", "source", "method"]
BYS: tuple[By, ...] = ("day", "month", "fund", "appeal", "kind", "article", "source", "method")
DISPUTED = ("dispute", "dispute_reversal")
OF_GIFTS = (*OF_A_GIFT, *BY_HAND)
#: Which kinds of entries each sum is made of; fees are kept of all of them.
TYPES = {
    "gross": BROUGHT, "refunds": WENT_BACK, "disputes": DISPUTED, "back": (*WENT_BACK, *DISPUTED), "fees": OF_GIFTS,
    "net": OF_GIFTS,
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """Whose sums: days of the books in the newsroom's zone, one settlement currency, one fund or all.

    Args:
        since: First day.
        until: First day left out.
        currency: In which Stripe settled, or of the cheque.
        fund: A fund's code; empty is all.
    """

    since: date
    until: date
    currency: str
    fund: str = ""

    def a_year_before(self) -> Span:
        """Give the same days of the year before."""
        return replace(self, since=a_year_before(self.since), until=a_year_before(self.until))


@dataclass(frozen=True)
class Income:
    """Sums of gifts in minor units of one currency; what went out is negative, and all of it adds up to ``net``.

    Args:
        key: What they have in common; empty where that is nothing.
        gifts: How many came.
        gross: What their givers were charged.
        refunds: What went back, less what came back of that.
        disputes: What givers' banks took, less what was won back.
        fees: What Stripe kept of gifts and disputes, less what it gave back.
    """

    key: str
    currency: str
    gifts: int = 0
    gross: int = 0
    refunds: int = 0
    disputes: int = 0
    fees: int = 0

    @property
    def net(self) -> int:
        """What is left."""
        return self.gross + self.refunds + self.disputes + self.fees

    def money(self, name: str) -> Money:
        """Give one of the sums as money."""
        return Money(getattr(self, name), self.currency)

    def __add__(self, other: Income) -> Income:
        """Add another's sums to these."""
        return Income(self.key, self.currency, *(getattr(self, name) + getattr(other, name) for name in _SUMS))


_SUMS = ("gifts", "gross", "refunds", "disputes", "fees")


@dataclass(frozen=True)
class Covered:
    """What givers added to cover fees, beside what their gifts cost.

    Args:
        cover: Added by givers, in their currency.
        fees: What Stripe kept of those very gifts, in the settlement currency.
        all_fees: What it kept of all gifts that came in that currency.
    """

    cover: Money
    fees: Money
    all_fees: Money

    @property
    def share(self) -> int | None:
        """Tell what part of all fees was covered, in percent; None where two currencies can't be compared."""
        if self.cover.currency != self.all_fees.currency or not self.all_fees.minor:
            return None
        return round(100 * self.cover.minor / self.all_fees.minor)


def a_year_before(day: date) -> date:
    """Give the same day of the year before; of 29 February, the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def income_by(by: By, span: Span) -> list[Income]:
    """Sum a span's gifts by what they have in common: days and months in order, all else the most net first.

    Args:
        by: One of ``BYS``. Funds and appeals are named by their addresses, days and months as ISO writes them.
        span: Whose.
    """
    if by in ("day", "month"):
        return list(_in_order(_read(LedgerDay, LedgerDay.booked_on, span), by))
    found = list(_of_facet(by, span))
    return sorted(found, key=lambda each: (-each.net, each.key))


def income_total(span: Span) -> Income:
    """Sum a span's gifts."""
    return _sum("", span.currency, _read(LedgerDay, LedgerDay.entry_type, span))


def months_by_kind(span: Span) -> dict[str, list[Income]]:
    """Sum a span's gifts by kind and month: one list a kind, its months in order."""
    rows = list(_read(LedgerDayBy, LedgerDayBy.booked_on, span, "kind", LedgerDayBy.key.label("facet")))
    kinds = sorted({row["facet"] for row in rows})
    return {kind: list(_in_order((row for row in rows if row["facet"] == kind), "month")) for kind in kinds}


def other_movements(span: Span) -> dict[str, int]:
    """Sum by type what moved the balance and is of no gift, payouts left out: net, in minor units."""
    asked = select(LedgerDay.entry_type, func.sum(LedgerDay.settlement_net_minor)).where(
        LedgerDay.entry_type.not_in((*OF_GIFTS, "payout", "payout_failure", "topup")),
        LedgerDay.settlement_currency == span.currency,
        LedgerDay.booked_on >= span.since,
        LedgerDay.booked_on < span.until,
    )
    return {kind: int(net) for kind, net in db.session.execute(asked.group_by(LedgerDay.entry_type))}


def fee_cover(span: Span) -> list[Covered]:
    """Tell what fee cover brought and what it had to cover, by the giver's currency."""
    charges = LedgerDay.entry_type == "charge"
    asked = (
        select(
            LedgerDay.currency,
            func.sum(LedgerDay.fee_cover_minor),
            func.sum(LedgerDay.covered_fee_minor),
            func.sum(LedgerDay.settlement_fee_minor),
        )
        .where(charges, *_chosen(LedgerDay, span))
        .group_by(LedgerDay.currency)
        .order_by(LedgerDay.currency)
    )
    return [
        Covered(Money(int(cover), currency), Money(int(fees), span.currency), Money(int(all_fees), span.currency))
        for currency, cover, fees, all_fees in db.session.execute(asked)
    ]


def balance_at(until: date, currency: str) -> Money:
    """Tell what Stripe held for the newsroom, by the books, at the end of a day.

    Args:
        until: The day after it.
        currency: The settlement currency.
    """
    asked = select(func.sum(LedgerDay.settlement_net_minor)).where(
        LedgerDay.entry_type.not_in(BY_HAND), LedgerDay.settlement_currency == currency, LedgerDay.booked_on < until
    )
    return Money(int(db.session.scalar(asked) or 0), currency)


def list_settled_currencies() -> list[str]:
    """List the currencies that gifts were settled in, the one with most entries first."""
    asked = select(LedgerDay.settlement_currency).where(LedgerDay.entry_type.in_(OF_GIFTS))
    many = func.sum(LedgerDay.entries).desc()
    return list(db.session.scalars(asked.group_by(LedgerDay.settlement_currency).order_by(many)))


def list_gift_currencies() -> list[str]:
    """List the currencies that gifts were given in, the one with most entries first."""
    asked = select(LedgerDay.currency).where(LedgerDay.entry_type.in_(OF_GIFTS))
    return list(db.session.scalars(asked.group_by(LedgerDay.currency).order_by(func.sum(LedgerDay.entries).desc())))


def find_first_day() -> date | None:
    """Tell the first day of the books that has a gift."""
    return db.session.scalar(select(func.min(LedgerDay.booked_on)).where(LedgerDay.entry_type.in_(OF_GIFTS)))


def _of_facet(by: By, span: Span) -> Iterator[Income]:
    if by == "fund":
        rows = _read(LedgerDay, LedgerDay.fund_id, span)
        names = {key: code for key, code in db.session.execute(select(Fund.id, Fund.code))}  # noqa: C416  # a Result has keys()
    elif by == "appeal":
        rows = _read(LedgerDay, LedgerDay.appeal_id, span)
        names = {key: slug for key, slug in db.session.execute(select(Appeal.id, Appeal.slug))}  # noqa: C416  # likewise
    else:
        rows, names = _read(LedgerDayBy, LedgerDayBy.key, span, by), {}
    grouped: dict[Any, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row["key"], []).append(row)
    for key, those in grouped.items():
        yield _sum(names.get(key, "" if names else key), span.currency, those)


def _in_order(rows: Iterable[Any], by: By) -> Iterator[Income]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row["key"].isoformat()[: 10 if by == "day" else 7], []).append(row)
    for key in sorted(grouped):
        yield _sum(key, grouped[key][0]["currency"], grouped[key])


def _read(table: Any, key: Any, span: Span, by: str = "", *more: Any) -> Iterator[Any]:
    """Read sums by a column and the type of entry."""
    asked = select(
        key.label("key"),
        *more,
        table.settlement_currency.label("currency"),
        table.entry_type,
        func.sum(table.entries).label("entries"),
        func.sum(table.settlement_gross_minor).label("gross"),
        func.sum(table.settlement_fee_minor).label("fee"),
    ).where(table.entry_type.in_(OF_GIFTS), *_chosen(table, span))
    if by:
        asked = asked.where(LedgerDayBy.by == by)
    yield from db.session.execute(asked.group_by(key, *more, table.settlement_currency, table.entry_type)).mappings()


def _chosen(table: Any, span: Span) -> list[ColumnElement[bool]]:
    chosen = [
        table.settlement_currency == span.currency,
        table.booked_on >= span.since,
        table.booked_on < span.until,
    ]
    if span.fund:
        chosen.append(table.fund_id == select(Fund.id).where(Fund.code == span.fund).scalar_subquery())
    return chosen


def _sum(key: str, currency: str, rows: Iterable[Any]) -> Income:
    sums = dict.fromkeys(_SUMS, 0)
    for row in rows:
        name = next(name for name in ("gross", "refunds", "disputes") if row["entry_type"] in TYPES[name])
        sums[name] += int(row["gross"])
        sums["fees"] -= int(row["fee"])
        sums["gifts"] += int(row["entries"]) if name == "gross" else 0
    return Income(key, currency, **sums)
