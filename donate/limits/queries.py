"""Look-ups of what was tried."""

from __future__ import annotations

from sqlalchemy import select

from donate.db import db
from donate.limits.models import LimitUse


def find_use(key: str) -> LimitUse | None:
    """Find the tries under a key, as they are in the database now."""
    return db.session.scalars(
        select(LimitUse).where(LimitUse.key == key).execution_options(populate_existing=True)
    ).first()
