"""How often asks were seen, pressed and closed, summed by what one wants to compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import func, select

from donate.appeals.models import Appeal, AskCount
from donate.db import db


@dataclass(frozen=True)
class Seen:
    """Sums of asks.

    Args:
        views: How often they were seen; of the group that is shown none, how often one would have been.
    """

    views: int = 0
    presses: int = 0
    closes: int = 0


_COLUMNS = {
    "appeal": Appeal.slug,
    "article": AskCount.article_slug,
    "placement": AskCount.placement,
    "variant": AskCount.variant,
}


def total_asks(
    by: Literal["appeal", "article", "placement", "variant"],
    *,
    appeal: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> dict[str, Seen]:
    """Sum what was counted by one of its columns.

    Args:
        by: Which column.
        appeal: Only this one, by its slug.
        since: First day.
        until: First day left out.
    """
    key = _COLUMNS[by]
    asked = (
        select(key, func.sum(AskCount.views), func.sum(AskCount.presses), func.sum(AskCount.closes))
        .join(Appeal, Appeal.id == AskCount.appeal_id)
        .group_by(key)
        .order_by(key)
    )
    if appeal is not None:
        asked = asked.where(Appeal.slug == appeal)
    if since is not None:
        asked = asked.where(AskCount.counted_on >= since)
    if until is not None:
        asked = asked.where(AskCount.counted_on < until)
    return {name: Seen(*(int(each) for each in sums)) for name, *sums in db.session.execute(asked)}
