"""What a program asks of a list: a page of it, narrowed by a few filters. Plain values, pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Asked:
    """Which rows of a list, oldest first.

    Args:
        limit: At most so many.
        after: The reference (of an appeal: the slug) after which the page begins; empty begins the list.
        since: The first day received on, of the newsroom's.
        until: The first day that is left out.
        fund: A fund's code.
        appeal: An appeal's slug.
        status: The state; empty is the list's own choice.
        updated_since: Only what changed at or after this moment.
    """

    limit: int = 50
    after: str = ""
    since: date | None = None
    until: date | None = None
    fund: str = ""
    appeal: str = ""
    status: str = ""
    updated_since: datetime | None = None
