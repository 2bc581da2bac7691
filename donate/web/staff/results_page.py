"""What appeals brought: one page an appeal, and one for all of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate import clock
from donate.appeals.campaign import Campaign, campaign_from
from donate.appeals.queries import find_appeal, list_appeals, list_tallies
from donate.errors import NotFound
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.reports.appeal_results import (
    LEAST_GIFTS,
    LEAST_VIEWS,
    InCurrency,
    appeal_results,
    per_thousand,
    unattributed,
)
from donate.reports.articles import headlines_of
from donate.reports.asks_counted import Seen
from donate.reports.gift_lines import Totals, Which, total_gifts
from donate.team.permissions import may
from donate.web.access import needs
from donate.web.language import current_language
from donate.web.staff.chart import Chart, chart_of
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.places_words import say_place
from donate.web.staff.results_filter import Days, read_days
from donate.web.staff.results_words import day_label, month_label, month_mark, say_copy, say_verdict
from donate.web.who import colleague

#: Lines of a table before the rest becomes one.
MOST_LINES = 25


staff.add_app_template_filter(day_label)
staff.add_app_template_filter(month_label)
staff.add_app_template_filter(month_mark)


@staff.get("/appeals/<slug>/report")
@needs("see_appeals")
def appeal_report(slug: str) -> ResponseReturnValue:
    """Show what one appeal brought, for printing too."""
    campaign, days = campaign_of(slug), read_days(request.args)
    results = appeal_results(slug, days.since, days.until, get_newsroom().time_zone)
    goal = campaign.goal
    page = render_template(
        "staff/report.html",
        campaign=campaign,
        title=title_of(campaign),
        days=days,
        results=results,
        charts={each.totals.currency: _chart(each, days) for each in results.currencies},
        headlines=headlines_of({line.key for each in results.currencies for line in each.articles[:MOST_LINES]}),
        tally=list_tallies().get((slug, goal.currency)) if goal is not None else None,
        least=(LEAST_GIFTS, LEAST_VIEWS),
        **_tools(),
    )
    return page, 422 if days.problem else 200


@staff.get("/appeals/report")
@needs("see_appeals")
def appeals_report() -> ResponseReturnValue:
    """Show what each appeal brought, and how much of all nobody can say whence it came."""
    days = read_days(request.args)
    campaigns = [campaign_from(row) for row in list_appeals()]
    found = total_gifts(Which(since=days.since, until=days.until), "appeal")
    page = render_template(
        "staff/reports.html",
        days=days,
        titles={each.slug: title_of(each) for each in campaigns},
        campaigns={each.slug: each for each in campaigns},
        quiet=[each for each in campaigns if each.slug not in {line.key for line in found}],
        currencies=[(each, [line for line in found if line.currency == each.totals.currency])
                    for each in unattributed(days.since, days.until)],
        **_tools(),
    )  # fmt: skip
    return page, 422 if days.problem else 200


def campaign_of(slug: str) -> Campaign:
    """Read an appeal, live or not.

    Raises:
        NotFound: ``appeal_missing`` (slug).
    """
    row = find_appeal(slug)
    if row is None:
        raise NotFound("appeal_missing", slug=slug)
    return campaign_from(row)


def title_of(campaign: Campaign) -> str:
    """Say what an appeal is called: the desk's name, else its headline in the page's language, else its address."""
    words = campaign.words(current_language()) or campaign.words("en")
    return campaign.name or (words.headline if words is not None else campaign.slug)


def _tools() -> dict[str, Any]:
    role = colleague().staff.role
    return {
        "may_see_gifts": may(role, "see_gifts"),
        "may_take_donors": may(role, "export_appeal_donors"),
        "most_lines": MOST_LINES,
        "rest_of": _rest_of,
        "per_thousand": per_thousand,
        "unseen": Seen(),
        "made_at": clock.now(),
        "say_place": say_place,
        "say_copy": say_copy,
        "say_verdict": say_verdict,
        **frame(),
    }


def _rest_of(lines: tuple[Totals, ...], currency: str) -> dict[str, Any]:
    """Sum the lines that a table leaves out."""
    sums = {name: sum(getattr(each, name) for each in lines) for name in ("gifts", "new_donors", "came", "kept")}
    return {"lines": len(lines), **sums, **{name: Money(sums[name], currency) for name in ("came", "kept")}}


def _chart(each: InCurrency, days: Days) -> Chart:
    today = clock.today(get_newsroom().time_zone)
    known = [date.fromisoformat(line.key) for line in each.days]
    first, last = known[0], max(known[-1], today if days.until is None else known[-1])
    since = max(days.since, first) if days.since is not None else first
    until = days.until - timedelta(days=1) if days.until is not None else last
    return chart_of(each.days, each.totals.currency, since, max(since, min(until, max(today, last))), today)
