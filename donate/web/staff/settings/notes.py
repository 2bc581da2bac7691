"""What stands beside a part's fields: what hangs on a fund, who has a level, which amounts are suggested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from donate.appeals.queries import find_evergreen
from donate.money import Money, currency_name, show
from donate.newsroom.colour import is_colour, readable
from donate.newsroom.queries import list_funds
from donate.reports.in_use import count_gifts_by_fund, count_members_by_level, count_promises_by_fund
from donate.web.language import current_language
from donate.web.staff.settings.fields import Typed


def notes_of(part: str, settings: Mapping[str, Any], typed: Typed) -> dict[str, list[str]]:
    """Give sentences by what they stand beside: a row's code, or nothing for the whole part.

    Args:
        part: Its name.
        settings: As they are now.
        typed: What the form holds.
    """
    if part == "funds":
        return _of_funds()
    if part == "levels":
        members = count_members_by_level()
        return {
            code: [ngettext("%(num)s member has it now.", "%(num)s members have it now.", members.get(code, 0))]
            for code in (level["code"] for level in settings["levels"])
        }
    if part == "currencies":
        return {"": [_suggested(currency) for currency in settings["currencies"]]}
    if part == "look":
        accent = str(typed["look"]["accent"]).lower()
        ratio = f"{readable(accent):.1f}" if is_colour(accent) else ""
        return (
            {"": [_("Letters in this colour: a contrast of %(ratio)s to 1; 4.5 is needed.", ratio=ratio)]}
            if ratio
            else {}
        )
    return {}


def _of_funds() -> dict[str, list[str]]:
    gifts, promises = count_gifts_by_fund(), count_promises_by_fund()
    notes = {}
    for fund in list_funds():
        said = [ngettext("%(num)s gift so far.", "%(num)s gifts so far.", gifts.get(fund.id, 0))]
        if promises.get(fund.id):
            said.append(ngettext("%(num)s repeats.", "%(num)s repeat.", promises[fund.id]))
        if fund.name_at_stripe:
            said.append(_("At Stripe it is “%(name)s”.", name=fund.name_at_stripe))
        else:
            said.append(_("Its product at Stripe is not made yet: the worker makes it, or `flask stripe setup`."))
        notes[fund.code] = said
    return notes


def _suggested(currency: str) -> str:
    row = find_evergreen()
    offered = row.amounts.get(currency) if row is not None else None
    name = currency_name(currency, current_language())
    if not offered:
        return str(_("%(currency)s: no amounts are suggested.", currency=name))
    presets = offered["month"]
    amounts = ", ".join(show(Money(each, currency), current_language(), short=True) for each in presets["amounts"])
    return str(_("%(currency)s: monthly %(amounts)s are suggested.", currency=name, amounts=amounts))
