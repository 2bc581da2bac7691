"""The gifts behind a number of a results page."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.money import Money
from donate.reports.articles import headlines_of
from donate.reports.gift_lines import MARKS, Which, count_gifts, list_gifts, total_gifts
from donate.team.permissions import may
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.paging import read_page
from donate.web.staff.places_words import say_place
from donate.web.staff.results_filter import read_days, read_which
from donate.web.staff.results_page import campaign_of, title_of
from donate.web.staff.results_words import say_choice, say_copy, say_gift
from donate.web.who import colleague

AT_ONCE = 50


@staff.get("/appeals/<slug>/gifts")
@needs("see_gifts")
def appeal_gifts(slug: str) -> ResponseReturnValue:
    """List gifts to an appeal, chosen by the page's address."""
    return _show(slug, title_of(campaign_of(slug)))


@staff.get("/appeals/gifts")
@needs("see_gifts")
def all_gifts() -> ResponseReturnValue:
    """List gifts to any appeal or none."""
    return _show(None, "")


def _show(slug: str | None, title: str) -> ResponseReturnValue:
    days = read_days(request.args)
    which = read_which(request.args, days, slug)
    paging = read_page(request.args, count_gifts(which), AT_ONCE)
    lines = list_gifts(which, skip=paging.skip, at_most=AT_ONCE)
    drawn = render_template(
        "staff/report_gifts.html",
        slug=slug,
        title=title,
        days=days,
        which=which,
        marks={name: value for name, value in _marks(which).items() if slug is None or name != "appeal"},
        query=paging.query,
        totals=total_gifts(which),
        lines=lines,
        headlines=headlines_of({line["article"] for line in lines} | {which.article or ""}),
        money_of=lambda line, name: Money(line[name], line["currency"]),
        say_choice=say_choice,
        say_gift=say_gift,
        say_place=say_place,
        say_copy=say_copy,
        may_see_names=may(colleague().staff.role, "see_donors"),
        may_see_report=may(colleague().staff.role, "see_appeals"),
        total=paging.total,
        first=paging.skip + 1,
        page=paging.number,
        last=paging.last,
        **frame(),
    )
    return drawn, 422 if days.problem else 200


def _marks(which: Which) -> dict[str, str]:
    """Give what the gifts were chosen by, by name; an empty word is none of it."""
    return {name: value for name in ("appeal", *MARKS) if (value := getattr(which, name)) is not None}
