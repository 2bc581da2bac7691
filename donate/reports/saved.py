"""Saved reports: an export with a name, written when asked or each week or month, as long as its owner may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from donate import clock, references
from donate.db import committed, db, lock
from donate.errors import ReportRefused
from donate.newsroom.fiscal import fiscal_year
from donate.newsroom.queries import get_newsroom
from donate.reports.export import Period
from donate.reports.kinds import permission_for
from donate.reports.models import ExportOrder, SavedReport
from donate.reports.order import order_export
from donate.reports.orders import find_saved_by_name, list_saved_due
from donate.team.permissions import may
from donate.team.queries import find_working_staff

#: Which days a saved report is of, counted from the day it is written.
SPANS = ("last_week", "last_month", "this_month", "this_year", "last_year", "everything")
RHYTHMS = ("", "week", "month")
LONGEST_NAME = 80


def save_report(
    staff_id: int,
    name: str,
    *,
    kind: str,
    shape: str,
    form: str,
    span: str,
    filters: Mapping[str, Any],
    rhythm: str,
    language: str,
) -> SavedReport:
    """Save an export under a name; call inside ``committed()``. One's own of the same name is written over.

    Args:
        staff_id: Whose.
        name: As its owner calls it.
        kind: One of ``KINDS``.
        shape: One of ``SHAPES``, for a journal.
        form: ``csv``, ``jsonl`` or ``xlsx``.
        span: One of ``SPANS``.
        filters: What else a ``Period`` may ask for.
        rhythm: One of ``RHYTHMS``; empty is only when asked.
        language: Of the letter.

    Raises:
        ReportRefused: ``name_missing`` or ``name_too_long``.
    """
    called = " ".join(name.split())
    if not called:
        raise ReportRefused("name_missing")
    if len(called) > LONGEST_NAME:
        raise ReportRefused("name_too_long", most=LONGEST_NAME)
    report = find_saved_by_name(called, staff_id)
    if report is None:
        report = SavedReport(
            reference=references.new_reference(), staff_id=staff_id, name=called, created_at=clock.now()
        )
        db.session.add(report)
    report.kind, report.shape, report.form, report.span = kind, shape, form, span
    report.filters, report.rhythm, report.language, report.stopped = dict(filters), rhythm, language, ""
    report.next_on = next_day(rhythm, clock.today(get_newsroom().time_zone))
    db.session.flush()
    return report


def forget_report(report: SavedReport) -> None:
    """Delete a saved report; call inside ``committed()``. Files that were written stay for their day."""
    db.session.delete(report)


def run_report(report: SavedReport) -> ExportOrder:
    """Ask for a saved report's file as of today; call inside ``committed()``.

    Args:
        report: Whose owner may have it: see ``is_allowed``.
    """
    newsroom = get_newsroom()
    since, until = days_of_span(report.span, clock.today(newsroom.time_zone), newsroom.fiscal_month)
    period = Period(since, until, **report.filters)
    return order_export(report.staff_id, report.kind, period, report.form, report.shape, saved=report)


def run_due_reports() -> int:
    """Ask for every saved report whose day has come; call outside ``committed()``.

    One whose owner may no longer have it, or works here no more, stops and says so.

    Returns:
        How many were asked for.
    """
    ran = 0
    for report_id in list_saved_due(clock.today(get_newsroom().time_zone)):
        with committed():
            report = lock(SavedReport, report_id)
            today = clock.today(get_newsroom().time_zone)
            if report.next_on is None or report.next_on > today:
                continue  # another worker was here
            if is_allowed(report):
                run_report(report)
                report.next_on, ran = next_day(report.rhythm, today), ran + 1
            else:
                report.next_on, report.stopped = None, "not_allowed"
    return ran


def is_allowed(report: SavedReport) -> bool:
    """Tell whether a saved report's owner works here and may have its rows today."""
    owner = find_working_staff(report.staff_id)
    return owner is not None and may(owner.role, permission_for(report.kind))


def next_day(rhythm: str, today: date) -> date | None:
    """Tell on which day a report is written next: a Monday, or the first of a month.

    Args:
        rhythm: One of ``RHYTHMS``.
        today: The newsroom's day.
    """
    if rhythm == "week":
        return today + timedelta(days=7 - today.weekday())
    if rhythm == "month":
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return None


def days_of_span(span: str, today: date, fiscal_month: int) -> tuple[date | None, date | None]:
    """Give the first day of a span and the first day after it.

    Args:
        span: One of ``SPANS``.
        today: The newsroom's day; what is not over ends with it.
        fiscal_month: The month fiscal years begin with.
    """
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    year = fiscal_year(today, fiscal_month)
    spans: dict[str, tuple[date | None, date | None]] = {
        "last_week": (monday - timedelta(days=7), monday),
        "last_month": ((first - timedelta(days=1)).replace(day=1), first),
        "this_month": (first, today + timedelta(days=1)),
        "this_year": (year.first, today + timedelta(days=1)),
        "last_year": (year.before().first, year.first),
        "everything": (None, None),
    }
    return spans[span]
