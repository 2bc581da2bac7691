"""Look at the rows as they are in the database now."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from donate.db import db
from donate.giving.models import Donation
from donate.queue.models import Job


def fresh(donation: Donation) -> Donation:
    """Read a gift again as it is in the database now."""
    db.session.expire_all()
    return db.session.get_one(Donation, donation.id)


def count(model: type[Any]) -> int:
    """Count the rows of a table."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def every(model: type[Any]) -> list[Any]:
    """Give the rows of a table as they are now, by their keys."""
    db.session.expire_all()
    return list(db.session.scalars(sa.select(model).order_by(*sa.inspect(model).primary_key)))


def job_errors() -> list[str]:
    """List what went wrong in jobs that wait for another try or were given up."""
    rows = db.session.execute(
        sa.select(Job.name, Job.key, Job.error).where(Job.error.is_not(None), Job.state != "done").order_by(Job.id)
    )
    return [f"{name} {key}: {error}" for name, key, error in rows]
