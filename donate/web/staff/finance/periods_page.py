"""Months of the books: which are closed, what was booked late, and closing the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed
from donate.errors import NotFound, PeriodRefused
from donate.ledger.close import close_period, month_totals
from donate.ledger.models import LedgerPeriod
from donate.newsroom.queries import get_newsroom
from donate.reports.periods import Late, find_book_span, list_late, list_periods, total_months
from donate.web.access import needs
from donate.web.reading import month_name, url_for
from donate.web.staff.door import staff
from donate.web.staff.finance.asked import read_asked
from donate.web.staff.finance.frame import finance_frame
from donate.web.staff.happened import happened
from donate.web.who import colleague


@dataclass(frozen=True)
class Month:
    """One month of the books.

    Args:
        first: Its first day.
        moved: By settlement currency: how many entries, and their net in minor units.
        period: How it was closed; None while it is open.
        late: What was booked in it that is of an earlier month.
        is_next: Whether it is the one to close now.
        is_over: Whether it has ended.
    """

    first: date
    moved: dict[str, tuple[int, int]]
    period: LedgerPeriod | None
    late: list[Late]
    is_next: bool
    is_over: bool

    @property
    def key(self) -> str:
        """Such as ``2026-03``."""
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> date:
        """Its last day."""
        return _after(self.first) - timedelta(days=1)


@staff.get("/finance/periods")
@needs("see_ledger")
def periods() -> ResponseReturnValue:
    """List the months of the books, newest first."""
    asked = read_asked({})
    months = _months(asked.today)
    closed = request.args.get("closed", "")
    return render_template(
        "staff/finance/periods.html",
        months=months,
        month_of=_month_of,
        just_closed=next((each for each in months if each.key == closed and each.period is not None), None),
        **finance_frame("periods", asked),
    )


@staff.get("/finance/periods/<month>")
@needs("see_ledger")
def period(month: str) -> ResponseReturnValue:
    """Show what one month moved by kind, and what closing it means; of a closed one, that it is still the same."""
    return _month_page(month)


@staff.post("/finance/periods/<month>/close")
@needs("close_periods")
def close_month(month: str) -> ResponseReturnValue:
    """Close a month for good."""
    who = colleague().as_who()
    try:
        with committed():
            close_period(month, who, zone=get_newsroom().time_zone)
    except PeriodRefused as refused:
        return _month_page(month, _say_refusal(refused)), 422
    return redirect(url_for("staff.periods", closed=month), 303)


def _month_page(key: str, problem: str = "") -> str:
    asked = read_asked({})
    month = next((each for each in _months(asked.today) if each.key == key), None)
    if month is None:
        raise NotFound("period_missing", month=key[:20])
    booked = month_totals(key)
    return render_template(
        "staff/finance/period.html",
        month=month,
        totals=month.period.totals if month.period is not None else booked,
        is_same=month.period is None or month.period.totals == booked,
        problem=problem,
        month_of=_month_of,
        happened=happened("period", key),
        **finance_frame("periods", asked),
    )


def _month_of(key: str) -> str:
    return month_name(date.fromisoformat(f"{key}-01"))


def _months(today: date) -> list[Month]:
    span = find_book_span()
    if span is None:
        return []
    closed, moved, late = list_periods(), total_months(), list_late()
    first, found = span[0].replace(day=1), list[Month]()
    is_next = True
    while first <= max(span[1], today):
        key = f"{first:%Y-%m}"
        period, is_over = closed.get(key), _after(first) <= today
        found.append(
            Month(
                first=first,
                moved=moved.get(key, {}),
                period=period,
                late=[each for each in late if each.booked == key],
                is_next=is_next and period is None and is_over,
                is_over=is_over,
            )
        )
        is_next, first = is_next and period is not None, _after(first)
    return found[::-1]


def _after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _say_refusal(refused: PeriodRefused) -> str:
    values: dict[str, Any] = {"open": "2026-01", "entries": []} | refused.values
    first = month_name(date.fromisoformat(f"{values['open']}-01"))
    words: dict[str, str] = {
        "month_unreadable": _("Write the month as year and month, such as 2026-03."),
        "month_not_over": _("This month is not over yet: close it when its last day has passed."),
        "month_before_open": _("Months are closed in their order: close %(month)s first.", month=first),
        "month_unclassified": _(
            "This month holds entries that nobody knows what they are: %(entries)s. Tell whoever keeps this system; "
            "once they are named, close it.",
            entries=", ".join(values["entries"]),
        ),
    }
    return words[refused.message]
