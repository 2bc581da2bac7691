"""What stands round every page of the finance desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from donate import clock
from donate.appeals.campaign import campaign_from
from donate.appeals.queries import list_appeals
from donate.money import Money
from donate.newsroom.fiscal import fiscal_year
from donate.reports.articles import headlines_of
from donate.reports.entries import Chosen
from donate.reports.export import Period
from donate.reports.income import By, Income
from donate.team.permissions import may
from donate.web.language import say
from donate.web.staff.finance.asked import Asked
from donate.web.staff.finance.definitions import DEFINITIONS
from donate.web.staff.finance.words import say_by, say_entry_type, say_kind, say_method
from donate.web.staff.home import frame
from donate.web.staff.results_page import title_of
from donate.web.who import colleague


def finance_frame(here: str, asked: Asked | None = None) -> dict[str, Any]:
    """Give what every page of the finance desk needs.

    Args:
        here: Which page it is.
        asked: What it was asked for, where it is about days.
    """
    role = colleague().staff.role
    year = fiscal_year(asked.last_day, asked.newsroom.fiscal_month) if asked is not None else None
    return {
        "asked": asked,
        "year": year,
        "page_here": here,
        "means": DEFINITIONS,
        "made_at": clock.now(),
        "say_type": say_entry_type,
        "as_money": Money,
        "fund_names": {each.code: say(each.names) or each.name for each in asked.funds} if asked is not None else {},
        "may_see_donors": may(role, "see_donors"),
        "may_export": may(role, "export_books"),
        "may_close": may(role, "close_periods"),
        **frame(),
    }


def change_of(now: Income, before: Income, asked: Asked) -> float | None:
    """Tell by how many percent the net sum grew; None where the books do not hold all of those days a year before."""
    if before.net <= 0 or asked.span.a_year_before().since < asked.first_day:
        return None
    return round(100 * (now.net - before.net) / before.net, 1)


def names_of(by: By, lines: Sequence[Income], asked: Asked) -> dict[str, str]:
    """Name what lines are summed by, as a person would say it.

    Args:
        by: One of ``BYS`` but days and months.
        lines: Whose keys.
        asked: For the funds' names.
    """
    keys = {line.key for line in lines}
    if by == "fund":
        return {each.code: say(each.names) or each.name for each in asked.funds}
    if by == "appeal":
        return {each.slug: title_of(each) for each in map(campaign_from, list_appeals())}
    if by == "article":
        return headlines_of(keys - {""})
    if by == "kind":
        return {key: say_kind(key) for key in keys}
    if by == "method":
        return {key: say_method(key) for key in keys}
    return {}


def nothing_in(by: str) -> str:
    """Say what a line is of whose gifts have nothing of it."""
    words: dict[str, str] = {
        "appeal": _("No appeal"),
        "article": _("No story"),
        "source": _("No source"),
        "method": _("Not told"),
    }
    return words.get(by, "")


def in_common(chosen: Chosen) -> list[str]:
    """Say what chosen entries have in common, a phrase each.

    Args:
        chosen: Which entries.
    """
    said = []
    if chosen.appeal is not None:
        said.append(f"{say_by('appeal')}: {chosen.appeal or nothing_in('appeal')}")
    if chosen.by:
        named = {"article": lambda key: headlines_of({key}).get(key, key), "kind": say_kind, "method": say_method}
        shown = named.get(chosen.by, str)(chosen.key) if chosen.key else nothing_in(chosen.by)
        said.append(f"{say_by(chosen.by)}: {shown}")
    words: dict[str, str] = {
        "gross": _("Only what came in"),
        "refunds": _("Only refunds"),
        "disputes": _("Only disputes"),
        "back": _("Only what went back"),
        "fees": _("All of which Stripe keeps fees"),
        "net": _("All that moved for gifts"),
    }
    if chosen.entry_type:
        said.append(say_entry_type(chosen.entry_type))
    return [*said, words[chosen.part]] if chosen.part else said


def chosen_of(period: Period) -> Chosen:
    """Give what an export of entries is narrowed to.

    Args:
        period: Which rows.
    """
    return Chosen(by=period.by, key=period.key, part=period.part, entry_type=period.entry_type)
