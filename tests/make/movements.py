"""Look at the movements of promises, and sum them up without the application's own statements."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from donate.db import db
from donate.recurring.models import RecurringMovement
from tests.make.rows import every

#: What was moved until the end of a day, by currency, from the movements alone.
_UNTIL = sa.text(
    "SELECT currency, sum(annual_after_minor) - sum(annual_before_minor) FROM recurring_movement"
    " WHERE moved_on <= :day GROUP BY currency"
).bindparams(sa.bindparam("day", type_=sa.Date()))


def moved() -> list[tuple[str, int, int]]:
    """List all movements, the oldest first: (kind, a year before, a year after)."""
    return [(each.kind, each.annual_before_minor, each.annual_after_minor) for each in every(RecurringMovement)]


def moved_on() -> list[tuple[str, str]]:
    """List all movements, the oldest first: (kind, day)."""
    return [(each.kind, each.moved_on.isoformat()) for each in every(RecurringMovement)]


def annual_by_hand(day: date) -> dict[str, int]:
    """Sum up the movements until the end of a day, as somebody with the database in hand would."""
    with db.engine.connect() as connection:
        return {currency: int(minor) for currency, minor in connection.execute(_UNTIL, {"day": day})}
