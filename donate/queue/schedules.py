"""Schedules as rows: how often each should run and when it last went well, so that a late one is seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from donate import clock
from donate.db import change_alone, db, insert_of
from donate.queue.models import Schedule


def note_schedules(rhythms: Mapping[str, timedelta]) -> None:
    """Write down what runs by the clock and how often; call inside ``committed()``. What is no more goes.

    Args:
        rhythms: By the name of the job.
    """
    db.session.execute(sa.delete(Schedule).where(Schedule.name.not_in(list(rhythms))))
    for name, every in rhythms.items():
        row = insert_of(Schedule).values(name=name, every_seconds=int(every.total_seconds()), known_at=clock.real_now())
        kept = {"every_seconds": row.excluded.every_seconds}
        db.session.execute(row.on_conflict_do_update(index_elements=["name"], set_=kept))


def note_ran(name: str) -> None:
    """Write down that a scheduled job went well; call outside ``committed()``."""
    change_alone(sa.update(Schedule).where(Schedule.name == name).values(ran_at=clock.real_now()))


def list_schedules() -> list[Schedule]:
    """List what runs by the clock, the most frequent first."""
    return list(db.session.scalars(sa.select(Schedule).order_by(Schedule.every_seconds, Schedule.name)))
