"""Looks at mail: do letters go out, was one given up?"""

from __future__ import annotations

from collections.abc import Iterator

from donate.operations import queries
from donate.operations.causes import Found
from donate.operations.plain_error import kind_of

#: After so many tries, a minute, it is no passing trouble any more.
MANY_TRIES = 5


def look() -> Iterator[Found]:
    """Find what is wrong with mail."""
    number, oldest = queries.count_given_up_jobs(mail=True)
    if oldest is not None:
        yield Found("mail_given_up", oldest, "/staff/operations/jobs?state=dead", {"number": number})
    many, first, error = queries.count_failing_jobs(MANY_TRIES, mail=True)
    if first is not None:
        place = "/staff/operations/jobs?state=waiting"
        yield Found("mail_failing", first, place, {"number": many, "error": kind_of(error)})
