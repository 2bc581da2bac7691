"""The calendar of appeals: the coming twelve weeks, and what stands in each other's way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from donate.appeals.campaign import Campaign
from donate.appeals.conflicts import WEEKS, find_conflicts, is_coming
from donate.appeals.queries import list_desk_campaigns, list_switched_off
from donate.reports.ties import list_ties
from donate.web.access import needs
from donate.web.shelf import shelf
from donate.web.staff.calendar_words import say_conflict, say_state, say_window
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.simulator_words import name_appeal

_DAYS = WEEKS * 7


@dataclass(frozen=True)
class Bar:
    """An appeal's days within the weeks that are shown, in hundredths of their width.

    Args:
        start: Where it begins.
        width: How much it takes.
        begins_before: Whether it ran before.
        goes_on: Whether it runs on after.
    """

    campaign: Campaign
    start: str
    width: str
    begins_before: bool
    goes_on: bool


@staff.get("/appeals/calendar")
@needs("see_appeals")
def calendar() -> ResponseReturnValue:
    """Show each appeal's days as a bar, and the conflicts in sentences."""
    today, campaigns = shelf().out_now().day, list_desk_campaigns()
    first = today - timedelta(days=today.weekday())
    coming = sorted((each for each in campaigns if is_coming(each, today)), key=_by_rank)
    conflicts = find_conflicts(coming, today, frozenset(list_switched_off()), list_ties())
    return render_template(
        "staff/calendar.html",
        today=_hundredths((today - first).days),
        weeks=[first + timedelta(weeks=week) for week in range(WEEKS)],
        bars=[_bar(each, first) for each in coming],
        conflicts=[(each, say_conflict(each)) for each in conflicts],
        name_appeal=name_appeal,
        say_state=lambda each: say_state(each, today),
        say_window=say_window,
        **frame(),
    )


def _by_rank(each: Campaign) -> tuple[bool, int, str]:
    return each.is_evergreen, -each.priority, each.slug


def _bar(each: Campaign, first: date) -> Bar:
    begins = (each.starts_on - first).days if each.starts_on is not None else -1
    ends = (each.ends_on - first).days + 1 if each.ends_on is not None else _DAYS + 1
    start, end = max(begins, 0), min(ends, _DAYS)
    return Bar(each, _hundredths(start), _hundredths(end - start), begins < 0, ends > _DAYS)


def _hundredths(days: int) -> str:
    return f"{days * 100 / _DAYS:.2f}"
