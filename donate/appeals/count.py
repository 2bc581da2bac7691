"""Count how often asks were seen, closed and pressed: sums a day, added to what other processes counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from donate.appeals.models import AskCount
from donate.appeals.queries import list_appeal_ids, list_known_stories
from donate.db import db, insert_of


@dataclass(frozen=True, order=True)
class Counted:
    """What a sum is of.

    Args:
        on: The newsroom's day.
        appeal: Its address.
        variant: Which copy; empty where there is only one.
        placement: Where it stood.
        article: The story's address; empty elsewhere.
    """

    on: date
    appeal: str
    variant: str
    placement: str
    article: str


@dataclass(frozen=True)
class Sums:
    """How often, since the last time."""

    views: int = 0
    closes: int = 0
    presses: int = 0

    def __add__(self, more: Sums) -> Sums:
        """Add another's."""
        return Sums(self.views + more.views, self.closes + more.closes, self.presses + more.presses)


def count_asks(counted: Mapping[Counted, Sums]) -> None:
    """Add to the sums; call inside ``committed()``. Appeals and stories that are not here are left out.

    Args:
        counted: Since the last time.
    """
    appeals = list_appeal_ids({each.appeal for each in counted})
    stories = list_known_stories({each.article for each in counted if each.article}) | {""}
    rows = [
        {
            "counted_on": each.on,
            "appeal_id": appeals[each.appeal],
            "variant": each.variant,
            "placement": each.placement,
            "article_slug": each.article,
            "views": sums.views,
            "closes": sums.closes,
            "presses": sums.presses,
        }
        # In one order everywhere, so that two processes never wait for each other's rows.
        for each, sums in sorted(counted.items())
        if each.appeal in appeals and each.article in stories
    ]
    if not rows:
        return
    statement = insert_of(AskCount)
    keys = [column.name for column in AskCount.__table__.primary_key]
    more = {name: getattr(AskCount, name) + statement.excluded[name] for name in ("views", "closes", "presses")}
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=more), rows)
