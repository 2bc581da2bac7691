"""The greeting of the day: a line under the masthead, only inside its dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
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
