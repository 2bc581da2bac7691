"""The greeting of the day: a line under the masthead, only inside its dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any


def greeting_on(greetings: Sequence[Mapping[str, Any]], day: date) -> dict[str, str]:
    """Choose the greeting of a day, the shortest span first, so that a feast inside a season is seen.

    Args:
        greetings: ``from`` and ``until`` as ``MM-DD``, both included, the end possibly in the next year; ``words``.
        day: A day of the newsroom's zone.

    Returns:
        ``{language: text}``; empty on a day without one.
    """
    fitting = [each for each in greetings if _covers(each["from"], each["until"], day)]
    return dict(min(fitting, key=_span)["words"]) if fitting else {}


def _covers(first: str, last: str, day: date) -> bool:
    today = f"{day:%m-%d}"
    return first <= today <= last if first <= last else today >= first or today <= last


def _span(greeting: Mapping[str, Any]) -> int:
    first, last = (int(greeting[side][:2]) * 31 + int(greeting[side][3:]) for side in ("from", "until"))
    return (last - first) % (12 * 31)


def list_overlaps(greetings: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """List which greetings fall on one day, by where they stand: the one that shows first.

    Args:
        greetings: As for ``greeting_on``.
    """
    days = [date(2024, 1, 1) + timedelta(days=each) for each in range(366)]
    covered = [{day for day in days if _covers(each["from"], each["until"], day)} for each in greetings]
    pairs = [(one, other) for one in range(len(covered)) for other in range(one + 1, len(covered))]
    return [
        (one, other) if _span(greetings[one]) <= _span(greetings[other]) else (other, one)
        for one, other in pairs
        if covered[one] & covered[other]
    ]
