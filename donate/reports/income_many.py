"""Income by what can be as many as a newsroom publishes, stories and sources: a page at a time, the most net first.

Whole years and months are read from the sums kept of them, days only where a span begins or ends within a month. One
month or year alone, which is what is asked for as a rule, is read along its index: nothing is sorted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, select, union_all

from donate.db import db
from donate.ledger.models import LedgerDay, LedgerDayBy, LedgerSpanBy
from donate.ledger.queries import parts_of
from donate.newsroom.models import Fund
from donate.reports.income import Income, Span

Many = Literal["article", "source"]
_SUMS = ("gifts", "gross_minor", "refunds_minor", "disputes_minor", "fees_minor")


@dataclass(frozen=True)
class Pieces:
    """What a span is made of.

    Args:
        spans: Years and months, as ``LedgerSpanBy`` names them.
        days: Those left over, by first day and first day left out.
    """

    spans: tuple[str, ...]
    days: tuple[tuple[date, date], ...]


def pieces_of(since: date, until: date) -> Pieces:
    """Cut days into as few years, months and runs of days as they are made of.

    Args:
        since: First day.
        until: First day left out.
    """
    spans, days = list[str](), list[tuple[date, date]]()
    while since < until:
        month, year = _next_month(since), date(since.year + 1, 1, 1)
        if (since.month, since.day) == (1, 1) and year <= until:
            spans.append(f"{since:%Y}")
            since = year
        elif since.day == 1 and month <= until:
            spans.append(f"{since:%Y-%m}")
            since = month
        else:
            end = min(month, until)
            days.append((since, end))
            since = end
    return Pieces(tuple(spans), tuple(days))


def count_many(by: Many, span: Span) -> int:
    """Count the lines of a span.

    Args:
        by: What they have in common.
        span: Whose.
    """
    return db.session.scalar(select(func.count()).select_from(_lines(by, span).subquery())) or 0


def list_many(by: Many, span: Span, *, skip: int, at_most: int) -> list[Income]:
    """List the lines of a page, the most net first.

    Args:
        by: What they have in common.
        span: Whose.
    """
    lines = _lines(by, span)
    net = lines.selected_columns["net_minor"]
    page = lines.order_by(net.desc(), lines.selected_columns["key"]).offset(skip).limit(at_most)
    return [
        Income(row["key"], span.currency, *(int(row[name]) for name in _SUMS))
        for row in db.session.execute(page).mappings()
    ]


def net_of(by: Many, span: Span, keys: Collection[str]) -> dict[str, int]:
    """Tell what was left of some lines in a span, in minor units.

    Args:
        by: What they have in common.
        span: Whose.
        keys: Which lines.
    """
    rows = db.session.execute(_lines(by, span, keys)).mappings()
    return {row["key"]: int(row["net_minor"]) for row in rows}


def _lines(by: Many, span: Span, keys: Collection[str] | None = None) -> Select[Any]:
    """Ask for the sums of a span by key; those of some keys alone are found by their names."""
    pieces, row = pieces_of(*_widened(span)), LedgerSpanBy
    fund_id = select(Fund.id).where(Fund.code == span.fund).scalar_subquery() if span.fund else 0
    kept = select(row.key, *(getattr(row, name) for name in (*_SUMS, "net_minor"))).where(
        row.by == by, row.settlement_currency == span.currency, row.fund_id == fund_id, row.span.in_(pieces.spans)
    )
    if keys is not None:
        kept = kept.where(row.key.in_(keys))
    if len(pieces.spans) == 1 and not pieces.days:
        return kept
    parts = union_all(kept, *(_of_days(by, span, each, keys) for each in pieces.days)).subquery()
    sums = (func.sum(parts.c[name]).label(name) for name in (*_SUMS, "net_minor"))
    summed = select(parts.c.key, *sums).group_by(parts.c.key).subquery()
    return select(summed)


def _of_days(by: Many, span: Span, days: tuple[date, date], keys: Collection[str] | None) -> Select[Any]:
    row, (first, after) = LedgerDayBy, days
    sums = parts_of(row.entry_type, row.entries, row.settlement_gross_minor, row.settlement_fee_minor)
    net = func.sum(row.settlement_net_minor)
    chosen: list[ColumnElement[bool]] = [row.by == by, row.settlement_currency == span.currency]
    if keys is None:
        chosen += [row.booked_on >= first, row.booked_on < after]
    else:
        # Each day by name: so a key is found on each by the table's own key, however many others there are.
        every = [first + timedelta(days=at) for at in range((after - first).days)]
        chosen += [row.booked_on.in_(every), row.key.in_(keys)]
    if span.fund:
        chosen.append(row.fund_id == select(Fund.id).where(Fund.code == span.fund).scalar_subquery())
    named = (each.label(name) for each, name in zip((*sums, net), (*_SUMS, "net_minor"), strict=True))
    columns: list[Any] = [row.key, *named]
    return select(*columns).where(*chosen).group_by(row.key)


def _widened(span: Span) -> tuple[date, date]:
    """Give the days of a span up to the ends of its years, where the books hold nothing there."""
    row: Any = db.session.execute(select(func.min(LedgerDay.booked_on), func.max(LedgerDay.booked_on))).one()
    first, last = row
    since, until = span.since, span.until
    if first is not None and since <= first:
        since = since.replace(month=1, day=1)
    if last is not None and until > last:
        until = date((until - timedelta(days=1)).year + 1, 1, 1)
    return since, until


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
