"""What a finance page is asked for: days, a settlement currency, a fund."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import gettext as _

from donate import clock
from donate.newsroom.fiscal import fiscal_year
from donate.newsroom.models import Fund, Newsroom
from donate.newsroom.queries import get_newsroom, list_funds
from donate.reports.income import Span, find_first_day, list_settled_currencies
from donate.web.staff.results_filter import Days, read_days


@dataclass(frozen=True)
class Asked:
    """What a page shows, and what it may be asked for instead.

    Args:
        days: As typed, or the fiscal year up to today.
        span: Whose sums.
        currencies: That gifts were settled in, the commonest first.
        funds: The newsroom's.
        today: The newsroom's day.
        first_day: The first of the books with a gift.
        problem: What could not be read, in a sentence; the page then shows the fiscal year.
        is_default: Whether nobody asked for days.
    """

    days: Days
    span: Span
    currencies: Sequence[str]
    funds: Sequence[Fund]
    today: date
    first_day: date
    newsroom: Newsroom
    problem: str = ""
    is_default: bool = False

    @property
    def query(self) -> dict[str, str]:
        """Write it for a link to another page of the same days."""
        return self.query_of(self.span.since, self.span.until)

    def query_of(self, since: date, until: date) -> dict[str, str]:
        """Write it for a link to some of its days.

        Args:
            since: First day.
            until: First day left out; in an address stands the last day.
        """
        asked = {
            "from": since.isoformat(),
            "to": (until - timedelta(days=1)).isoformat(),
            "currency": self.span.currency,
        }
        return asked | ({"fund": self.span.fund} if self.span.fund else {})

    @property
    def last_day(self) -> date:
        """The last day shown."""
        return self.span.until - timedelta(days=1)


def read_asked(args: Mapping[str, str]) -> Asked:
    """Read what a finance page is asked for.

    Args:
        args: Of its address: ``from``, ``to`` (both included), ``currency``, ``fund``.
    """
    newsroom, funds, currencies = get_newsroom(), list_funds(), list_settled_currencies()
    today, first_day = clock.today(newsroom.time_zone), find_first_day()
    days, problem = read_days(args), ""
    year = fiscal_year(today, newsroom.fiscal_month)
    is_default = bool(days.problem) or (days.since is None and days.until is None)
    if is_default:
        problem, days = days.problem, replace(days, since=year.first, until=today + timedelta(days=1))
    since = days.since or first_day or year.first
    until = days.until or max(since, today) + timedelta(days=1)
    currency, fund = args.get("currency", "")[:3], args.get("fund", "")[:40]
    if currency and currency not in currencies:
        problem = problem or _(
            "No gift was settled in %(currency)s: choose a currency from the list.", currency=currency
        )
    if fund and fund not in {each.code for each in funds}:
        problem = problem or _("No fund has the code %(fund)s: choose one from the list.", fund=fund)
        fund = ""
    offered = currencies or [newsroom.default_currency]
    return Asked(
        days=days,
        span=Span(since, until, currency if currency in offered else offered[0], fund),
        currencies=offered,
        funds=funds,
        today=today,
        first_day=first_day or today,
        newsroom=newsroom,
        problem=problem,
        is_default=is_default,
    )
