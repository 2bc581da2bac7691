"""Pause up to six months, and go on sooner."""

from __future__ import annotations

from dataclasses import replace

from donate.recurring.skip import rest_for
from donate.recurring.terms import Terms

LONGEST_MONTHS = 6


def pauses_offered(terms: Terms) -> list[int]:
    """List for how many charges a promise may rest: those that fall due within six months.

    A yearly gift has one or none in that time: it can be skipped, or its date moved.
    """
    if terms.next_at is None or terms.interval != "month":
        return []
    return list(range(1, LONGEST_MONTHS + 1))


def pause(terms: Terms, charges: int) -> Terms:
    """Write the terms of a promise that rests for its next charges.

    Raises:
        ValueError: When that is longer than six months.
    """
    if charges not in pauses_offered(terms):
        raise ValueError(f"a pause of {charges} charges is not offered")
    return rest_for(terms, charges)


def resume(terms: Terms) -> Terms:
    """Write the terms of a promise that goes on."""
    return replace(terms, is_paused=False, resumes_at=None)
