"""Looks at gifts: do they arrive as often as they used to?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from donate import clock
from donate.operations.causes import Found, really
from donate.operations.queries import list_received_at

_LATELY = timedelta(days=28)
_AMONG = 1000
#: With fewer gifts in four weeks a silence says nothing.
ENOUGH = 10
_A_DAY = timedelta(days=1)


def look() -> Iterator[Found]:
    """Find a silence twice as long as the longest between the gifts of four weeks, and a day at least."""
    came = list_received_at(clock.now() - _LATELY, _AMONG)
    if len(came) < ENOUGH:
        return
    longest = max(later - earlier for later, earlier in pairwise(came))
    silent = clock.now() - came[0]
    if silent > max(_A_DAY, 2 * longest):
        hours = {"hours": _hours(silent), "longest": _hours(longest)}
        yield Found("gifts_silent", really(came[0]), "/staff/operations#gifts", hours)


def _hours(span: timedelta) -> int:
    return max(1, round(span.total_seconds() / 3600))
