"""A member's level: since when, until when, what it brings, and what the next one takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from donate import clock
from donate.members.choose_level import per_month
from donate.members.measure import GRACE
from donate.members.models import Level, Membership
from donate.members.queries import list_levels
from donate.members.standing import standing_of
from donate.money import Money
from donate.recurring.acts import LIVE
from donate.recurring.queries import list_recurring_of
from donate.recurring.schedule import schedule
from donate.recurring.terms import terms_of
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.account.mine import zone
from donate.web.reading import newsroom
from donate.web.who import member


@dataclass(frozen=True)
class Benefit:
    """A benefit as its page names it.

    Args:
        names: By language.
        value: What it could be bought for; none where it can be bought nowhere.
    """

    names: dict[str, str]
    value: Money | None


@dataclass(frozen=True)
class Reach:
    """What reaches a level."""

    level: Level
    yearly: Money
    monthly: Money


@account.get("/membership")
@for_members
def membership() -> ResponseReturnValue:
    """Show the member's level, or what would make one."""
    donor, levels = member().donor, list_levels()
    found = standing_of(donor.id)
    row = found.membership
    currency = row.currency if row is not None else newsroom().default_currency
    return render_template(
        "account/membership.html",
        standing=found.kind,
        membership=row,
        level=found.level,
        benefits=benefits_of(found.level, currency),
        next_level=_reach([each for each in levels if found.level and each.rank > found.level.rank], currency),
        lowest=_reach(levels, currency),
        **_days(donor.id, row),
    )


def benefits_of(level: Level | None, currency: str) -> list[Benefit]:
    """List a level's benefits with their fair market value in a currency."""
    benefits = level.benefits if level is not None else []
    return [
        Benefit(each["names"], Money(each["value"][currency], currency) if each["value"].get(currency) else None)
        for each in benefits
    ]


def _reach(levels: Sequence[Level], currency: str) -> Reach | None:
    for level in levels:
        yearly = level.yearly_in(currency)
        if yearly is not None:
            return Reach(level, yearly, per_month(yearly))
    return None


def _days(donor_id: int, row: Membership | None) -> dict[str, object]:
    """Tell the days that decide what comes: the next gift of a promise, and when the wait for one is over."""
    if row is None:
        return {}
    today, lapses_on = clock.today(zone()), row.until_on + GRACE
    lines = [
        line
        for promise in list_recurring_of(donor_id)
        if promise.status in LIVE
        for line in schedule(terms_of(promise), zone=zone(), charges=1)
        if line.what == "charge"
    ]
    # Only a gift that comes in time carries it on.
    next_on = min((line.on for line in lines if line.on < lapses_on), default=None)
    return {
        "gives_on": next_on,
        "is_waiting": today >= row.until_on,
        "lapses_on": lapses_on,
        "last_on": lapses_on - timedelta(days=1),
    }
