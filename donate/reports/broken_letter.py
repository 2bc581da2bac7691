"""The letter that tells the newsroom which invariants do not hold: one a day at most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from donate import clock
from donate.mail.queue import Letter
from donate.newsroom.letters import letter_to_newsroom
from donate.newsroom.queries import get_newsroom
from donate.reports.check import Broken


def broken_letter(broken: Sequence[Broken], at: datetime) -> Letter:
    """Write to the newsroom what does not hold.

    Args:
        broken: At least one.
        at: When it was found; one day has one letter.
    """
    day = clock.on(at, get_newsroom().time_zone).isoformat()
    return letter_to_newsroom(
        f"check:{day}",
        "check_broken",
        day=day,
        broken=[{"sentence": each.sentence, "rows": list(each.rows), "count": each.count} for each in broken],
    )
