"""Measure what gifts have earned by a day: the level, since when without a break, and until when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

#: So long a membership waits for its next gift before it lapses: a bank's refusals are tried again for weeks.
GRACE = timedelta(days=30)


@dataclass(frozen=True)
class Period:
    """What one gift earned.

    Args:
        level_id: Of the level,
        rank: and its place; the lowest is 1.
        currency: Of the gift.
        begins_on: The newsroom's day of the gift.
        until_on: The day from which it no longer counts.
        promise: Names the promise it is an instalment of, the same through every restart; empty for a single gift.
    """

    level_id: int
    rank: int
    currency: str
    begins_on: date
    until_on: date
    promise: str = ""


@dataclass(frozen=True)
class Earned:
    """What gifts have earned by a day.

    Args:
        level_id: Of the level.
        currency: Of the gift that earned it.
        since_on: The first day from which it never lapsed.
        until_on: Until when this level is carried.
        lapsed_on: Since when it is over; none while it is not.
    """

    level_id: int
    currency: str
    since_on: date
    until_on: date
    lapsed_on: date | None


def measure(periods: Iterable[Period], next_charges: Mapping[str, date], today: date) -> Earned | None:
    """Measure what gifts have earned; none where not one reached a level.

    Each gift counts by itself: amounts of several are not added up, and the highest level of those that count wins.
    A promise that goes on carries its last gift's level to its next charge, so that a skip or a rest its donor chose
    ends nothing; one whose charge was refused, or that was stopped, carries it no further than its last gift does.

    Args:
        periods: What each gift of one donor earned, of which anything was kept, in any order.
        next_charges: By a promise's name, the day it is charged next, for those that go on.
        today: The newsroom's.
    """
    carried = _carried(sorted(periods, key=lambda each: each.begins_on), next_charges)
    if not carried:
        return None
    here = [each for each in carried if each.begins_on <= today < each.until_on]
    best = max(here, key=lambda each: (each.rank, each.until_on)) if here else max(carried, key=_lasts)
    lapses_on = best.until_on + GRACE
    is_over = not here and today >= lapses_on
    return Earned(best.level_id, best.currency, _since(carried), best.until_on, lapses_on if is_over else None)


def _carried(periods: list[Period], next_charges: Mapping[str, date]) -> list[Period]:
    """Let the last gift of each promise that goes on count until its next charge."""
    last = {each.promise: at for at, each in enumerate(periods) if each.promise in next_charges}
    for promise, at in last.items():
        periods[at] = replace(periods[at], until_on=max(periods[at].until_on, next_charges[promise]))
    return periods


def _since(periods: list[Period]) -> date:
    """Find the first day of the run that the last gift belongs to; a promise's own gifts never break one."""
    since_on, until_on, promises = periods[0].begins_on, periods[0].until_on, {periods[0].promise}
    for each in periods[1:]:
        if each.begins_on >= until_on + GRACE and (not each.promise or each.promise not in promises):
            since_on, promises = each.begins_on, set()
        until_on = max(until_on, each.until_on)
        promises.add(each.promise)
    return since_on


def _lasts(period: Period) -> tuple[date, int]:
    return period.until_on, period.rank
