"""Bars in two colours by month or day, with the year before as a mark across: where each stands and how high."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from donate.money import Money
from donate.reports.income import Income, a_year_before
from donate.web.staff.chart import HEIGHT, WIDTH, ceiling

_LABELS = 12
#: More days than these become months.
MOST_DAYS = 62


@dataclass(frozen=True)
class Column:
    """One day or month.

    Args:
        key: ``2026-03`` or ``2026-03-02``.
        first: Its first day.
        sums: One a series, in their order.
        before: The same of the year before.
        is_open: Whether it is not over yet.
        x: From where it stands, in ``WIDTH``; ``width`` likewise.
        parts: The series' bars, each its top and its height in ``HEIGHT``, the lowest first.
        mark: How far from the top the year before stands; none where it had nothing.
    """

    key: str
    first: date
    sums: tuple[Money, ...]
    before: Money
    is_open: bool
    x: float
    width: float
    parts: tuple[tuple[float, float], ...]
    mark: float | None

    @property
    def total(self) -> Money:
        """All series together."""
        return sum(self.sums[1:], self.sums[0])


@dataclass(frozen=True)
class Columns:
    """What a page draws.

    Args:
        columns: In order, without gaps.
        ticks: The sums beside the axis, the highest first and zero last.
        labels: First days that stand under the axis.
        by_month: Whether a column is a month.
        has_before: Whether the year before had anything.
    """

    columns: tuple[Column, ...]
    ticks: tuple[Money, ...]
    labels: tuple[date, ...]
    by_month: bool
    has_before: bool

    @property
    def highest(self) -> Column:
        """The highest column."""
        return max(self.columns, key=lambda each: each.total.minor)


def keys_of(since: date, last: date, *, by_month: bool) -> list[str]:
    """List the days or months of a span, as ISO writes them."""
    days = (since + timedelta(days=number) for number in range((last - since).days + 1))
    return list(dict.fromkeys(day.isoformat()[: 7 if by_month else 10] for day in days))


def first_of(key: str) -> date:
    """Give the first day of a day or month as ISO writes it."""
    return date.fromisoformat(key if len(key) == 10 else f"{key}-01")


def columns_of(
    series: Sequence[Mapping[str, int]],
    before: Mapping[str, int],
    currency: str,
    since: date,
    last: date,
    today: date,
    *,
    by_month: bool,
) -> Columns:
    """Lay out sums by day or month.

    Args:
        series: Minor units by key, one a colour, the lowest bar first.
        before: Minor units of the year before, by its own keys.
        currency: Of all of them.
        since: First day drawn.
        last: Last day drawn.
        today: The newsroom's: its column is not over.
        by_month: Whether a column is a month.
    """
    keys = keys_of(since, last, by_month=by_month)
    ago = {key: before.get(a_year_before(first_of(key)).isoformat()[: len(key)], 0) for key in keys}
    highest = max(max(sum(max(0, each.get(key, 0)) for each in series), ago[key]) for key in keys)
    top = ceiling(highest)
    every = -(-len(keys) // _LABELS)
    slot = WIDTH / (-(-len(keys) // every) * every)
    now = today.isoformat()[:7] if by_month else today.isoformat()
    return Columns(
        columns=tuple(
            Column(
                key=key,
                first=first_of(key),
                sums=tuple(Money(each.get(key, 0), currency) for each in series),
                before=Money(ago[key], currency),
                is_open=key == now,
                x=round((at + 0.2) * slot, 1),
                width=round(0.6 * slot, 1),
                parts=_stack([max(0, each.get(key, 0)) for each in series], top),
                mark=round(HEIGHT - HEIGHT * ago[key] / top, 1) if ago[key] > 0 else None,
            )
            for at, key in enumerate(keys)
        ),
        ticks=tuple(Money(top * step // 4, currency) for step in (4, 3, 2, 1, 0)),
        labels=tuple(first_of(key) for key in keys[::every]),
        by_month=by_month,
        has_before=any(ago.values()),
    )


def by_key(lines: Sequence[Income], name: str = "gross") -> dict[str, int]:
    """Give one sum of each line by its key."""
    return {line.key: getattr(line, name) for line in lines}


def _stack(sums: Sequence[int], top: int) -> tuple[tuple[float, float], ...]:
    stacked, below = [], 0
    for minor in sums:
        height = HEIGHT * minor / top
        stacked.append((round(HEIGHT - HEIGHT * below / top - height, 1), round(height, 1)))
        below += minor
    return tuple(stacked)
