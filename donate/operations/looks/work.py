"""Looks at the work that follows gifts: is there a worker, is it in time, was anything given up?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from donate import clock
from donate.operations import queries
from donate.operations.causes import Found
from donate.operations.plain_error import kind_of
from donate.queue.beat import SILENT, find_last_beat
from donate.queue.models import Schedule
from donate.queue.schedules import list_schedules

#: A job that is due is begun within that, even on a busy day.
IN_TIME = timedelta(minutes=10)
#: After so many tries, two minutes, it is no passing trouble any more.
MANY_TRIES = 6
_JOBS = "/staff/operations/jobs"


def look() -> Iterator[Found]:
    """Find what is wrong with workers, jobs and schedules."""
    now = clock.real_now()
    seen = find_last_beat()
    if seen is None or now - seen > SILENT:
        ever = "" if seen is None else "seen"
        yield Found("worker_silent", seen or now, "/staff/operations#workers", {"ever": ever})
    due = queries.find_oldest_due()
    if due is not None and now - due > IN_TIME:
        minutes = int((now - due).total_seconds() // 60)
        yield Found("work_late", due, f"{_JOBS}?state=waiting", {"minutes": minutes})
    many, oldest, error = queries.count_failing_jobs(MANY_TRIES, mail=False)
    if oldest is not None:
        yield Found("work_failing", oldest, f"{_JOBS}?state=waiting", {"number": many, "error": kind_of(error)})
    number, first = queries.count_given_up_jobs(mail=False)
    if first is not None:
        yield Found("work_given_up", first, f"{_JOBS}?state=dead", {"number": number})
    late = [each for each in list_schedules() if is_late(each)]
    if late:
        since = min(each.ran_at or each.known_at for each in late)
        names = ", ".join(each.name for each in late)
        yield Found("schedule_late", since, "/staff/operations#schedules", {"names": names})


def is_late(schedule: Schedule) -> bool:
    """Tell whether something that runs by the clock should have gone well by now: twice its time, and some minutes."""
    allowed = timedelta(seconds=2 * schedule.every_seconds) + timedelta(minutes=15)
    return clock.real_now() - (schedule.ran_at or schedule.known_at) > allowed
