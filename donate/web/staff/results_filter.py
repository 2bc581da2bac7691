"""What a results page is asked for: days, both included, and what the gifts behind a number have in common."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from donate.reports.gift_lines import MARKS, Which

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Days:
    """The days a page was asked for.

    Args:
        first: As typed; empty is from the beginning.
        last: As typed; empty is up to now.
        since: The first day.
        until: The day after the last.
        problem: What is wrong with them, in a sentence; the page then shows everything.
    """

    first: str = ""
    last: str = ""
    since: date | None = None
    until: date | None = None
    problem: str = ""

    @property
    def last_day(self) -> date | None:
        """The last day itself."""
        return self.until - timedelta(days=1) if self.until is not None else None

    def as_query(self) -> dict[str, str]:
        """Write them for a link to another page of the same days."""
        return {name: value for name, value in (("from", self.first), ("to", self.last)) if value and not self.problem}


def read_days(args: Mapping[str, str]) -> Days:
    """Read the days of a page's address."""
    first, last = args.get("from", "").strip()[:40], args.get("to", "").strip()[:40]
    try:
        since, until = _day(first), _day(last)
    except ValueError:
        return Days(first, last, problem=_("Write a day as year, month and day, such as 2026-03-31."))
    if since and until and since > until:
        return Days(first, last, problem=_("The last day comes before the first: change one of them."))
    return Days(first, last, since, until + timedelta(days=1) if until else None)


def read_which(args: Mapping[str, str], days: Days, slug: str | None) -> Which:
    """Read which gifts a page is asked for; what can't be read asks nothing.

    Args:
        args: Of its address: a word that is there and empty asks for gifts that have none of it.
        days: The days.
        slug: The appeal's; None for all gifts.
    """
    state, promise = args.get("state"), args.get("promise")
    marks: dict[str, Any] = {name: args[name][:200] for name in MARKS if name in args}
    return Which(
        since=days.since,
        until=days.until,
        on=_span(args.get("on", "")),
        appeal=slug if slug is not None else args.get("appeal"),
        promise=promise if promise in ("month", "year") else None,
        state=state if state in ("kept", "back") else None,
        is_new=args.get("new") == "1",
        **marks,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _span(text: str) -> tuple[date, date] | None:
    """Read a day or a month as its first and last day."""
    try:
        if month := _MONTH.fullmatch(text):
            first = date(int(month[1]), int(month[2]), 1)
            return first, first.replace(day=monthrange(first.year, first.month)[1])
        day = _day(text)
    except ValueError:
        return None
    return (day, day) if day is not None else None
