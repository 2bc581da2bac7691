"""Bars by day or month: where each stands and how high it is, with zero on the axis and its number in a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from donate.money import Money
from donate.reports.gift_lines import Totals

#: More days than these become months: thinner bars tell nothing.
MOST_DAYS = 62
#: The space they are drawn in, which the page stretches.
WIDTH, HEIGHT = 1200, 400
_LABELS = 8
_STEPS = (1, 2, 4, 5, 8, 10)


@dataclass(frozen=True)
class Bar:
    """One day or month.

    Args:
        key: ``2026-03-02`` or ``2026-03``.
        first: Its first day.
        net: What is kept of its gifts.
        gifts: How many of them are kept.
        is_open: Whether it is not over yet.
        x: From where it stands, in ``WIDTH``; ``width`` likewise.
        height: In ``HEIGHT``.
    """

    key: str
    first: date
    net: Money
    gifts: int
    is_open: bool
    x: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """What a page draws.

    Args:
        bars: In order, without gaps.
        ticks: The sums beside the axis, the highest first and zero last.
        labels: First days that stand under the axis, each under as many bars.
        by_month: Whether a bar is a month.
        highest: The bar with most; none where all are empty.
    """

    bars: tuple[Bar, ...]
    ticks: tuple[Money, ...]
    labels: tuple[date, ...]
    by_month: bool
    highest: Bar | None


def chart_of(days: Iterable[Totals], currency: str, since: date, last: date, today: date) -> Chart:
    """Draw what is kept of each day's gifts.

    Args:
        days: Sums by day, their key an ISO day.
        currency: Of all of them.
        since: The first day drawn.
        last: The last one.
        today: The newsroom's; its bar is not over.
    """
    by_month = (last - since).days >= MOST_DAYS
    keys = _keys(since, last, by_month)
    sums = {key: [0, 0] for key in keys}
    for each in days:
        key = each.key[:7] if by_month else each.key
        if key in sums:
            sums[key][0] += each.kept
            sums[key][1] += each.gifts
    top = ceiling(max(net for net, _gifts in sums.values()))
    every = -(-len(keys) // _LABELS)
    slot = WIDTH / (-(-len(keys) // every) * every)
    bars = tuple(
        Bar(
            key=key,
            first=_first(key),
            net=Money(net, currency),
            gifts=gifts,
            is_open=key == (today.isoformat()[:7] if by_month else today.isoformat()),
            x=round((at + 0.2) * slot, 1),
            width=round(0.6 * slot, 1),
            height=round(HEIGHT * max(0, net) / top, 1),
        )
        for at, (key, (net, gifts)) in enumerate(sums.items())
    )
    return Chart(
        bars=bars,
        ticks=tuple(Money(top * step // 4, currency) for step in (4, 3, 2, 1, 0)),
        labels=tuple(_first(key) for key in keys[::every]),
        by_month=by_month,
        highest=max((bar for bar in bars if bar.net.minor > 0), key=lambda bar: bar.net.minor, default=None),
    )


def _keys(since: date, last: date, by_month: bool) -> list[str]:
    days = [since + timedelta(days=number) for number in range((last - since).days + 1)]
    return list(dict.fromkeys(day.isoformat()[:7] if by_month else day.isoformat() for day in days))


def _first(key: str) -> date:
    return date.fromisoformat(key if len(key) == 10 else f"{key}-01")


def ceiling(highest: int) -> int:
    """Give a round number no lower than the highest bar, in minor units, that quarters well."""
    unit = 100
    while unit * _STEPS[-1] < highest:
        unit *= 10
    return next(unit * step for step in _STEPS if unit * step >= highest)
