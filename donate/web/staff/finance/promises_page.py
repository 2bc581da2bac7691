"""Recurring gifts at the finance desk: the monthly promise, what moved it, churn, and how long promises last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import clock
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom, list_funds
from donate.recurring.models import MOVEMENT_KINDS
from donate.reports.movements import list_movements, mrr, total_movements
from donate.reports.promises import (
    Month,
    count_running,
    find_first_moved,
    list_months,
    list_promise_currencies,
    promise_cohorts,
)
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.finance.charts import Columns, columns_of
from donate.web.staff.finance.frame import finance_frame
from donate.web.staff.finance.words import say_figure
from donate.web.staff.results_filter import read_days

#: Months of the table and chart, and so many more for the year before.
_MONTHS = 12
_AT_ONCE = 100


@dataclass(frozen=True)
class Wanted:
    """What the page is asked for.

    Args:
        problem: What could not be read, in a sentence.
    """

    currency: str
    fund: str
    currencies: list[str]
    funds: list[Fund]
    problem: str = ""


@staff.get("/finance/recurring")
@needs("see_ledger")
def finance_recurring() -> ResponseReturnValue:
    """Show the monthly promise and what moved it, month by month."""
    newsroom, wanted = get_newsroom(), _read(request.args)
    today = clock.today(newsroom.time_zone)
    firsts = _firsts(today, 2 * _MONTHS)
    months = list_months(firsts, today, wanted.currency, wanted.fund)
    page = render_template(
        "staff/finance/recurring.html",
        wanted=wanted,
        today=today,
        months=months[_MONTHS:],
        now=months[-1],
        before=months[-2],
        running=count_running(today, wanted.currency, wanted.fund),
        has_any=find_first_moved() is not None,
        kinds=MOVEMENT_KINDS,
        chart=_chart(months, today, wanted.currency),
        cohorts=promise_cohorts(firsts[_MONTHS], today, newsroom.time_zone),
        say_figure=say_figure,
        one_day=timedelta(days=1),
        **finance_frame("recurring"),
    )
    return page, 422 if wanted.problem else 200


@staff.get("/finance/movements")
@needs("see_ledger")
def finance_movements() -> ResponseReturnValue:
    """List the movements a figure is the sum of, the oldest first."""
    wanted, days = _read(request.args), read_days(request.args)
    today = clock.today(get_newsroom().time_zone)
    since, until = days.since or find_first_moved() or today, days.until or today + timedelta(days=1)
    kind = request.args.get("kind", "")
    kind = kind if kind in MOVEMENT_KINDS else ""
    fund_id = next((each.id for each in wanted.funds if each.code == wanted.fund), None)
    lines = list_movements(
        since, until, kind=kind, currency=wanted.currency, fund_id=fund_id, after=_after(request.args),
        at_most=_AT_ONCE + 1,
    )  # fmt: skip
    moved = [each for each in total_movements(since, until, fund_id=fund_id)
             if each.currency == wanted.currency and kind in ("", each.kind)]  # fmt: skip
    page = render_template(
        "staff/finance/movements.html",
        wanted=wanted,
        since=since,
        last=until - timedelta(days=1),
        kind=kind,
        lines=lines[:_AT_ONCE],
        following=lines[_AT_ONCE - 1] if len(lines) > _AT_ONCE else None,
        query={name: value for name, value in request.args.items() if name not in ("day", "key")},
        changes=sum(each.changes for each in moved),
        total=mrr(sum(each.annual_minor for each in moved), wanted.currency),
        mrr=mrr,
        say_figure=say_figure,
        **finance_frame("recurring"),
    )
    return page, 422 if days.problem or wanted.problem else 200


def _read(args: Mapping[str, str]) -> Wanted:
    currencies, funds = list_promise_currencies() or [get_newsroom().default_currency], list_funds()
    currency, fund = args.get("currency", "")[:3], args.get("fund", "")[:40]
    problem = ""
    if currency and currency not in currencies:
        problem = _("No recurring gift is in %(currency)s: choose a currency from the list.", currency=currency)
    if fund and fund not in {each.code for each in funds}:
        problem, fund = problem or _("No fund has the code %(fund)s: choose one from the list.", fund=fund), ""
    return Wanted(currency if currency in currencies else currencies[0], fund, currencies, funds, problem)


def _after(args: Mapping[str, str]) -> tuple[date, int] | None:
    """Read after which line the list goes on; what can't be read begins it."""
    try:
        return date.fromisoformat(args["day"]), int(args["key"])
    except (KeyError, ValueError):
        return None


def _firsts(today: date, many: int) -> list[date]:
    """List the first days of the last months, this one last."""
    firsts = [today.replace(day=1)]
    while len(firsts) < many:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return firsts[::-1]


def _chart(months: list[Month], today: date, currency: str) -> Columns | None:
    closing = {f"{each.first:%Y-%m}": each.closing.minor for each in months}
    shown = [each.first for each in months[_MONTHS:]]
    if not any(closing.values()):
        return None
    return columns_of((closing,), closing, currency, shown[0], today, today, by_month=True)
