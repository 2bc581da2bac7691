"""Income by day, month, fund, appeal, kind, story, source or method, with the year before beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.reports.income import BYS, By, Income, a_year_before, income_by, income_total
from donate.reports.income_many import Many, count_many, list_many, net_of
from donate.reports.narrowed import NO_APPEAL
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.finance.asked import Asked, read_asked
from donate.web.staff.finance.charts import MOST_DAYS, Columns, by_key, columns_of, first_of
from donate.web.staff.finance.frame import change_of, finance_frame, names_of, nothing_in
from donate.web.staff.finance.words import say_by
from donate.web.staff.paging import Paging, read_page

#: Lines of a table a page.
AT_ONCE = 100
#: More days than these are months: a table of ten thousand days helps nobody.
MOST_DAY_LINES = 800


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Args:
        income: Its sums.
        before: What the year before had, net.
        query: Leads to its entries.
        name: What it is called; empty where its gifts have nothing of it.
        first: Its first day, of a day or month.
    """

    income: Income
    before: int
    query: dict[str, str]
    name: str
    first: date | None = None


@dataclass(frozen=True)
class Table:
    """What of a table is shown.

    Args:
        chart: Drawn above it, where it is in days or months.
    """

    lines: list[Line]
    paging: Paging
    chart: Columns | None = None


@staff.get("/finance/income")
@needs("see_ledger")
def income() -> ResponseReturnValue:
    """Show a span's income by what it has in common."""
    asked = read_asked(request.args)
    by = _read_by(request.args.get("by", ""), asked)
    table = _many(by, asked) if by in ("article", "source") else _all(by, asked)
    total, total_before = income_total(asked.span), income_total(asked.span.a_year_before())
    page = render_template(
        "staff/finance/income.html",
        by=by,
        bys={each: say_by(each) for each in BYS},
        lines=table.lines,
        paging=table.paging,
        total=total,
        before=total_before,
        change=change_of(total, total_before, asked),
        nothing=nothing_in(by),
        chart=table.chart,
        **finance_frame("income", asked),
    )
    return page, 422 if asked.problem else 200


def _all(by: By, asked: Asked) -> Table:
    """Read all lines, and show a page of them: these are few."""
    lines, before = income_by(by, asked.span), income_by(by, asked.span.a_year_before())
    shown = _lines(by, lines, before, asked)
    paging = read_page(request.args, len(shown), AT_ONCE)
    chart = _chart(lines, before, asked) if by in ("day", "month") and lines else None
    return Table(shown[paging.skip : paging.skip + AT_ONCE], paging, chart)


def _many(by: Many, asked: Asked) -> Table:
    """Read a page of lines that can be very many; those that had gifts only the year before are left out."""
    paging = read_page(request.args, count_many(by, asked.span), AT_ONCE)
    lines = list_many(by, asked.span, skip=paging.skip, at_most=AT_ONCE)
    ago = net_of(by, asked.span.a_year_before(), [line.key for line in lines])
    names = names_of(by, lines, asked)
    return Table([Line(line, ago.get(line.key, 0), _query(by, line.key, asked), names.get(line.key, line.key))
                  for line in lines], paging)  # fmt: skip


def _read_by(asked_by: str, asked: Asked) -> By:
    by: By = next((each for each in BYS if each == asked_by), "month")
    is_long = (asked.span.until - asked.span.since).days > MOST_DAY_LINES
    return "month" if by == "day" and is_long else by


def _lines(by: By, lines: list[Income], before: list[Income], asked: Asked) -> list[Line]:
    ago, names = {each.key: each.net for each in before}, names_of(by, lines, asked)
    if by not in ("day", "month"):
        # What had gifts only last year is a line too: a fund that fell silent must not vanish.
        silent = [Income(each.key, each.currency) for each in before if each.key not in {line.key for line in lines}]
        return [Line(line, ago.get(line.key, 0), _query(by, line.key, asked), names.get(line.key, line.key))
                for line in [*lines, *silent]]  # fmt: skip
    return [
        Line(
            line,
            ago.get(a_year_before(first_of(line.key)).isoformat()[: len(line.key)], 0),
            _query(by, line.key, asked),
            line.key,
            first_of(line.key),
        )
        for line in lines
    ]


def _query(by: By, key: str, asked: Asked) -> dict[str, str]:
    """Write which entries a line is of."""
    if by in ("day", "month"):
        first = max(first_of(key), asked.span.since)
        after = first_of(key) + timedelta(days=1) if by == "day" else _next_month(first_of(key))
        return asked.query_of(first, min(after, asked.span.until))
    if by == "appeal":
        return asked.query | {by: key or NO_APPEAL}
    if by == "fund":
        return asked.query | {by: key}
    return asked.query | {"by": by, "key": key}


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _chart(lines: list[Income], before: list[Income], asked: Asked) -> Columns:
    since, last = asked.span.since, min(asked.last_day, max(asked.today, asked.span.since))
    by_month = (last - since).days >= MOST_DAYS or len(lines[0].key) == 7
    if not by_month:
        return columns_of(
            (by_key(lines, "net"),),
            by_key(before, "net"),
            asked.span.currency,
            since,
            last,
            asked.today,
            by_month=False,
        )
    return columns_of(
        (_by_month(lines),), _by_month(before), asked.span.currency, since, last, asked.today, by_month=True
    )


def _by_month(lines: list[Income]) -> dict[str, int]:
    months: dict[str, int] = {}
    for line in lines:
        months[line.key[:7]] = months.get(line.key[:7], 0) + line.net
    return months
