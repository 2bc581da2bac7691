"""What each appeal brought in, currency by currency, for the desk's list."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from donate.appeals.models import AppealTally
from donate.db import db
from donate.money import Money


@dataclass(frozen=True)
class Raised:
    """What was given to an appeal in one currency.

    Args:
        net: After refunds and disputes, without covered fees.
        gifts: How many gifts that is.
        people: How many donors.
    """

    net: Money
    gifts: int
    people: int


def list_raised() -> dict[int, list[Raised]]:
    """List what every appeal brought in, by its row's key; the largest number of gifts first."""
    rows = db.session.execute(
        select(
            AppealTally.appeal_id, AppealTally.currency, AppealTally.raised_minor, AppealTally.gifts, AppealTally.people
        ).order_by(AppealTally.appeal_id, AppealTally.gifts.desc(), AppealTally.currency)
    )
    found: dict[int, list[Raised]] = {}
    for appeal_id, currency, minor, gifts, people in rows:
        found.setdefault(appeal_id, []).append(Raised(Money(minor, currency), gifts, people))
    return found
