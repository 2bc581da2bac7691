"""Rebuild the sums kept of movements from the movements themselves, and say what differed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from donate.db import db
from donate.recurring.models import RecurringMovementDay
from donate.recurring.queries import DayKey, kept_movement_days, sum_movement_days


@dataclass(frozen=True)
class Differed:
    """A sum that was kept otherwise than the movements say.

    Args:
        moved_on: The newsroom's day.
        kind: Of the movements.
        fund_id: The fund's key.
        kept: (changes, minor units a year) as they stood; None where there was no row.
        real: What the movements come to; None where there are none.
    """

    moved_on: date
    kind: str
    currency: str
    fund_id: int
    kept: tuple[int, int] | None
    real: tuple[int, int] | None

    def __str__(self) -> str:
        kept, real = (
            f"{each[0]} changes, {each[1]} a year" if each is not None else "no row" for each in (self.kept, self.real)
        )
        return f"{self.moved_on} {self.kind} {self.currency} fund {self.fund_id}: kept {kept}; moved {real}"


def rebuild_movement_days() -> list[Differed]:
    """Sum up every movement anew and put right what was kept otherwise; call inside ``committed()``.

    Nothing moves meanwhile. As many sums are held at once as there are days, kinds, currencies and funds.

    Returns:
        Each sum that differed, by its day; none where all was well.

    Raises:
        RuntimeError: The sums still differ after they were put right; nothing may be kept of it then.
    """
    _stop_movements()
    differed = compare_movement_days()
    for each in differed:
        _put_right(each)
    if left := compare_movement_days():
        raise RuntimeError(f"sums of movements still differ: {left[0]}")
    return differed


def compare_movement_days() -> list[Differed]:
    """Hold the sums kept of movements against the movements; give each that differs, by its day."""
    kept, real = kept_movement_days(), sum_movement_days()
    keys: list[DayKey] = sorted(kept.keys() | real.keys())
    return [Differed(*key, kept.get(key), real.get(key)) for key in keys if kept.get(key) != real.get(key)]


def _stop_movements() -> None:
    # Whoever writes a movement adds to its day next: that waits here, and then adds to what was rebuilt without it.
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE recurring_movement_day IN SHARE ROW EXCLUSIVE MODE"))


def _put_right(wrong: Differed) -> None:
    day = RecurringMovementDay
    key = {
        "moved_on": wrong.moved_on, "kind": wrong.kind, "currency": wrong.currency, "fund_id": wrong.fund_id,
    }  # fmt: skip
    db.session.execute(sa.delete(day).filter_by(**key))
    if wrong.real is not None:
        db.session.execute(sa.insert(day).values(**key, changes=wrong.real[0], annual_minor=wrong.real[1]))
