"""Donors by fiscal year: first-time, again, not yet again; names only for those who may see them."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.ledger.rebuild_donors import donors_wait
from donate.money import Money
from donate.newsroom.fiscal import FiscalYear, fiscal_year
from donate.reports.income import list_gift_currencies
from donate.reports.retention import STANDINGS, cohorts, donors_of_year, list_donors
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.finance.asked import Asked, read_asked
from donate.web.staff.finance.frame import finance_frame
from donate.web.staff.finance.words import say_standing
from donate.web.staff.paging import read_page

AT_ONCE = 50
#: Fiscal years of a cohort that stand side by side.
_MOST_YEARS = 8


@staff.get("/finance/donors")
@needs("see_ledger")
def finance_donors() -> ResponseReturnValue:
    """Show how a fiscal year's donors stand, and list those of one standing."""
    asked = read_asked({})
    if donors_wait():
        return render_template("staff/finance/donors_wait.html", **finance_frame("donors", asked))
    year = _read_year(request.args.get("year", ""), asked)
    until = min(year.after, asked.today + timedelta(days=1))
    standing = request.args.get("standing", "donor")
    standing = standing if standing in STANDINGS else "donor"
    now, before = donors_of_year(year, until), donors_of_year(year.before(), _same_day(until))
    currencies = list_gift_currencies() or [asked.span.currency]
    currency = request.args.get("currency", "")
    currency = currency if currency in currencies else currencies[0]
    paging = read_page(request.args, now.counts[standing], AT_ONCE)
    return render_template(
        "staff/finance/donors.html",
        chosen_year=year,
        years=_years(asked),
        last_day=until - timedelta(days=1),
        now=now,
        before=before,
        standing=standing,
        standings=STANDINGS,
        say_standing=say_standing,
        currencies=currencies,
        currency=currency,
        lines=list_donors(
            standing, year, until, currency, now.counts[standing], skip=paging.skip, at_most=AT_ONCE
        ),
        paging=paging,
        cohorts=[(fiscal_year(date(number, asked.newsroom.fiscal_month, 1), asked.newsroom.fiscal_month).name, counts)
                 for number, counts in cohorts(asked.newsroom.fiscal_month, until)[-_MOST_YEARS:]],
        most_years=_MOST_YEARS,
        money_of=lambda line, name: Money(int(line[name]), currency),
        **finance_frame("donors", asked),
    )  # fmt: skip


def _same_day(until: date) -> date:
    """Give the same day of the year before, so that half a year is not set beside a whole one."""
    return until.replace(year=until.year - 1, day=28 if (until.month, until.day) == (2, 29) else until.day)


def _years(asked: Asked) -> list[FiscalYear]:
    month = asked.newsroom.fiscal_month
    year, found = fiscal_year(asked.today, month), list[FiscalYear]()
    while year.after > asked.first_day:
        found.append(year)
        year = year.before()
    return found


def _read_year(text: str, asked: Asked) -> FiscalYear:
    return next(
        (each for each in _years(asked) if str(each.number) == text),
        fiscal_year(asked.today, asked.newsroom.fiscal_month),
    )
