"""What came of looking an appeal over, in sentences: good, or with what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from donate.appeals.ready import GOOD, STOP, Check
from donate.money import Money, show_in_text
from donate.newsroom.queries import get_newsroom
from donate.web.language import current_language
from donate.web.reading import week_date
from donate.web.staff.appeal_words import join, say_language, say_placements


@dataclass(frozen=True)
class Said:
    """A check in words.

    Args:
        state: ``good``, ``look`` or ``stop``.
        headline: What was found.
        detail: What to know or to do; may be empty.
    """

    name: str
    state: str
    headline: str
    detail: str


def say_checks(checks: list[Check], fund: str) -> list[Said]:
    """Put checks into words.

    Args:
        checks: In their order.
        fund: The name of the appeal's fund, which is always there.
    """
    said = [Said(each.name, each.state, *_SENTENCES[each.name](each)) for each in checks]
    money_for = Said("fund", GOOD, _("Gifts go to the fund “%(fund)s”", fund=fund), "")
    return [*said[:2], money_for, *said[2:]]


def _words(check: Check) -> tuple[str, str]:
    if check.state == STOP:
        return _("It has no words yet"), _("Write them in at least one language.")
    missing = join([say_language(each) for each in check.values["missing"]])
    return (
        _("It is written in %(languages)s", languages=join([say_language(each) for each in check.values["written"]])),
        _("It does not show on pages in %(languages)s, where the next appeal takes its place.", languages=missing)
        if missing
        else "",
    )


def _amounts(check: Check) -> tuple[str, str]:
    if check.state == STOP:
        return _("It suggests no amounts yet"), _("Write them in at least one currency.")
    missing = join(check.values["missing"])
    return (
        _("It suggests amounts in %(currencies)s", currencies=join(check.values["offered"])),
        _("In %(currencies)s the evergreen appeal’s amounts are suggested.", currencies=missing) if missing else "",
    )


def _ties(check: Check) -> tuple[str, str]:
    if check.state == STOP:
        return _("It is tied to nothing"), _("Choose sections, topics or stories, or all pages.")
    count = check.values["matching"]
    if not count:
        return _("No story fits it today"), _(
            "It will show once a story with such a tie is published in its languages."
        )
    return ngettext("%(num)d story fits it today", "%(num)d stories fit it today", count), ""


def _placements(check: Check) -> tuple[str, str]:
    if check.state == STOP:
        return _("It may stand nowhere"), _("Choose at least one place.")
    return _("It may stand at: %(places)s", places=say_placements(check.values["placements"])), ""


def _dates(check: Check) -> tuple[str, str]:
    return say_window(check.values["starts_on"], check.values["ends_on"]), (
        _("Its last day is over. Choose a later one.") if check.state == STOP else ""
    )


def say_window(starts_on: date | None, ends_on: date | None) -> str:
    """Say in full words when an appeal begins and ends, and in which zone.

    Args:
        starts_on: Its first day.
        ends_on: Its last.
    """
    zone = get_newsroom().time_zone.replace("_", " ")
    first = week_date(starts_on) if starts_on else ""
    last = week_date(ends_on) if ends_on else ""
    if first and last:
        return str(
            _(
                "From the start of %(first)s to the end of %(last)s, by the clock of %(zone)s",
                first=first,
                last=last,
                zone=zone,
            )
        )
    if first:
        return str(_("From the start of %(first)s, by the clock of %(zone)s, without an end", first=first, zone=zone))
    if last:
        return str(
            _("From when it is published to the end of %(last)s, by the clock of %(zone)s", last=last, zone=zone)
        )
    return str(_("From when it is published, without an end"))


def _money(check: Check) -> tuple[str, str]:
    if check.values["is_test"]:
        return _("Gifts are practice here"), _("This desk has a test key: nobody is charged and no money moves.")
    return _("Gifts are real money"), ""


def _rank(check: Check) -> tuple[str, str]:
    behind = join(check.values.get("behind", []))
    if check.state == GOOD and not behind:
        return _("Nothing is asked before it on its pages"), ""
    if check.state == GOOD:
        return _("On some of its pages another appeal is asked first"), behind
    return _("On each of its newest pages another appeal is asked first, for readers we know nothing of"), _(
        "Raise its priority, or leave it to readers whom those don’t ask: %(appeals)s.", appeals=behind
    )


def _flags(check: Check) -> tuple[str, str]:
    count = len(check.values["flagged"])
    if not count:
        return _("Nothing is flagged on its stories"), ""
    return (
        ngettext(
            "Something is flagged on %(num)d of its stories", "Something is flagged on %(num)d of its stories", count
        ),
        _("Look them over below before you publish."),
    )


def _goal(check: Check) -> tuple[str, str]:
    goal: Money = check.values["goal"]
    return (
        _("Its goal is %(goal)s", goal=show_in_text(goal, current_language())),
        ""
        if check.state == GOOD
        else _("Gifts are not taken in this currency, so the bar stays empty. Choose another."),
    )


def _copies(check: Check) -> tuple[str, str]:
    alone = join([say_language(each) for each in check.values["missing"]])
    return (
        _("%(share)s%% of its readers see the second copy", share=check.values["share"]),
        _("There is none in %(languages)s, where everybody sees the first.", languages=alone) if alone else "",
    )


_SENTENCES: dict[str, Callable[[Check], tuple[Any, str]]] = {
    "words": _words,
    "amounts": _amounts,
    "ties": _ties,
    "placements": _placements,
    "dates": _dates,
    "money": _money,
    "rank": _rank,
    "flags": _flags,
    "goal": _goal,
    "copies": _copies,
}
