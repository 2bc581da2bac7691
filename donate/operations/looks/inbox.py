"""Looks at the inbox of Stripe's events: do they come, do they take effect, are they of our version?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from donate import clock
from donate.operations import queries
from donate.operations.causes import Found, really
from donate.payments import API_VERSION
from donate.webhooks.versions import count_of_another_version

#: An event takes effect within that, even on a busy day.
IN_TIME = timedelta(minutes=10)
#: Among so many of the newest events of a day; a few are fetched in any case, a moment before their delivery.
_AMONG, _A_DAY, _FEW = 500, timedelta(days=1), 5
_EVENTS = "/staff/operations/events"


def look() -> Iterator[Found]:
    """Find what is wrong with the inbox."""
    now = clock.real_now()
    number, oldest = queries.count_given_up_events()
    if oldest is not None:
        yield Found("events_failed", really(oldest), f"{_EVENTS}?state=failed", {"number": number})
    waits = queries.find_oldest_waiting_event()
    if waits is not None and now - really(waits) > IN_TIME:
        minutes = int((now - really(waits)).total_seconds() // 60)
        yield Found("events_waiting", really(waits), f"{_EVENTS}?state=waiting", {"minutes": minutes})
    delivered, fetched = queries.count_fetched(_AMONG, clock.now() - _A_DAY)
    if fetched >= _FEW and fetched > delivered:
        yield Found(
            "deliveries_missing", now, "/staff/operations#stripe", {"fetched": fetched, "whole": fetched + delivered}
        )
    others = count_of_another_version()
    if others:
        yield Found("events_other_version", now, "/staff/operations#stripe", {"number": others, "version": API_VERSION})
