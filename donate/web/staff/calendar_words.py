"""The calendar in sentences: an appeal's state and days, and what stands in its way."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from donate.appeals.campaign import Campaign
from donate.appeals.conflicts import Conflict, Tie
from donate.web.language import LANGUAGES
from donate.web.reading import long_date
from donate.web.staff.simulator_words import name_appeal

# More of what two appeals share is told by its number.
_NAMED = 3


def say_state(campaign: Campaign, today: date) -> tuple[str, str]:
    """Say how an appeal stands, and which badge says the same by its shape.

    Args:
        campaign: The appeal.
        today: The newsroom's day.
    """
    if campaign.status == "live" and campaign.starts_on is not None and campaign.starts_on > today:
        return _("Planned"), "wait"
    words: dict[str, tuple[str, str]] = {
        "live": (_("Running"), "good"),
        "paused": (_("Resting"), "warn"),
        "draft": (_("Draft"), "wait"),
        "ended": (_("Ended"), "wait"),
    }
    return words[campaign.status]


def say_window(first: date | None, last: date | None) -> str:
    """Say from when until when.

    Args:
        first: None is since ever.
        last: The last day, itself included; None is without end.
    """
    if first is not None and first == last:
        one_day: str = _("on %(day)s", day=_day(first))
        return one_day
    words: dict[tuple[bool, bool], str] = {
        (False, False): _("without beginning or end"),
        (True, False): _("from %(first)s on", first=_day(first)),
        (False, True): _("until %(last)s", last=_day(last)),
        (True, True): _("from %(first)s to %(last)s", first=_day(first), last=_day(last)),
    }
    return words[first is not None, last is not None]


def say_conflict(found: Conflict) -> str:
    """Say in sentences what stands in the way.

    Args:
        found: As ``appeals.conflicts`` finds it.
    """
    name = name_appeal(found.campaign)
    if found.kind == "contend" and found.other is not None:
        return _say_rivals(found, name, name_appeal(found.other))
    kind = "no_place_for_goal" if found.kind == "no_place" and found.campaign.goal is not None else found.kind
    words: dict[str, str] = {
        "no_place": _("“%(name)s” can stand nowhere: every place it was made for is switched off.", name=name),
        "no_place_for_goal": _("“%(name)s” has a goal, and every place it was made for is switched off.", name=name),
        "no_page": _("“%(name)s” meets no story: nothing in its languages is what it is tied to.", name=name),
        "no_words": _("“%(name)s” can stand nowhere: it is written in no language yet.", name=name),
    }
    return words[kind]


def _say_rivals(found: Conflict, first: str, second: str) -> str:
    values = {
        "first": first,
        "second": second,
        "what": _say_ties(found.ties),
        "languages": _and([LANGUAGES.get(each, each) for each in found.languages]),
        "days": say_window(found.first, found.last),
    }
    meet: dict[bool, str] = {
        True: _("“%(first)s” and “%(second)s” both ask for %(what)s in %(languages)s, %(days)s.", **values),
        False: _("Once both run, “%(first)s” and “%(second)s” ask for %(what)s in %(languages)s, %(days)s.", **values),
    }
    decides: dict[str, str] = {
        "priority": _("“%(first)s” goes first: its priority is higher.", first=first),
        "address": _("“%(first)s” goes first by its address alone: their priorities are the same.", first=first),
    }
    return f"{meet[found.is_certain]} {decides[found.why]}"


def _say_ties(ties: tuple[Tie, ...]) -> str:
    said = [_say_tie(*tie) for tie in ties[:_NAMED]]
    more = len(ties) - len(said)
    if more:
        said.append(ngettext("%(num)d more", "%(num)d more", more))
    return _and(said)


def _say_tie(kind: str, slug: str) -> str:
    words: dict[str, str] = {
        "all": _("all pages"),
        "section": _("the section “%(slug)s”", slug=slug),
        "topic": _("the topic “%(slug)s”", slug=slug),
        "article": _("the story “%(slug)s”", slug=slug),
    }
    return words[kind]


def _and(said: list[str]) -> str:
    if len(said) < 2:
        return "".join(said)
    both: str = _("%(rest)s and %(last)s", rest=_(", ").join(said[:-1]), last=said[-1])
    return both


def _day(day: date | None) -> str:
    return long_date(day) if day is not None else ""
