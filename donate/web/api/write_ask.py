"""An ask as JSON, for another site to draw: every word in the ask's language, every link a whole address."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from donate.appeals.campaign import Ask
from donate.appeals.rules import FREQUENCIES
from donate.appeals.tally import Tally, towards_goal
from donate.money import Money, currency_name, keep_together, show
from donate.web.api.elsewhere import Told
from donate.web.asking import tally_of
from donate.web.goal_words import rule_words
from donate.web.headers import site_url
from donate.web.language import direction, prefixed
from donate.web.reading import long_date

#: Stands where the asking site's name goes; no text has these characters (Unicode's private use area).
SOURCE = "\ue000source\ue000"

NO_ASK = '{"ask":null}'

_FIRST_FREQUENCY = "month"


def write_ask(told: Told | None) -> str:
    """Write the answer; ``SOURCE`` stands in its link.

    Args:
        told: What was chosen; None writes that nothing is asked.
    """
    if told is None:
        return NO_ASK
    ends_on = told.ask.ends_on
    with force_locale(told.page.language):
        answer = {"ask": _fields(told), "until": ends_on.isoformat() if ends_on else None}
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _fields(told: Told) -> dict[str, Any]:
    ask, language = told.ask, told.page.language
    return {
        "appeal": ask.slug,
        "variant": ask.variant,
        "article": told.page.article,
        "places": told.places,
        "language": language,
        "direction": direction(language),
        "kicker": ask.kicker,
        "headline": ask.headline,
        "inline": ask.inline,
        "body_html": ask.body_html,
        "signed_name": ask.signed_name,
        "signed_role": ask.signed_role,
        "goal": _goal(ask, tally_of(ask), language),
        "currency": told.page.currency,
        "frequencies": _frequencies(),
        "amounts": _amounts(ask, language),
        "button": ask.button,
        "form": _form(told),
        "why": {
            "title": _("Why am I seeing this?"),
            "sentence": _(
                "This ask depends on the story, its language and today’s date, and on nothing about you. It sets no "
                "cookie, and everyone who opens this page today is asked the same."
            ),
            "link": site_url() + prefixed(f"/appeals/{ask.slug}", language),
            "link_label": _("Read about this appeal"),
        },
        "labels": {
            "frequency": _("How often"),
            "amount": _("Amount in %(currency)s", currency=currency_name(told.page.currency, language)),
            "other": _("Other"),
            "continue": _("Continue to the form"),
        },
    }


def _frequencies() -> list[dict[str, Any]]:
    labels = {"once": _("One time"), "month": _("Monthly"), "year": _("Yearly")}
    return [{"value": each, "label": labels[each], "is_default": each == _FIRST_FREQUENCY} for each in FREQUENCIES]


def _amounts(ask: Ask, language: str) -> dict[str, list[dict[str, Any]]]:
    return {
        frequency: [
            {"value": each.short(), "label": show(each, language, short=True), "is_default": each == presets.default}
            for each in presets.amounts
        ]
        for frequency, presets in ask.amounts
    }


def _form(told: Told) -> str:
    ask = told.ask
    values = {"appeal": ask.slug, "article": told.page.article, "placement": told.places[0], "variant": ask.variant}
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{site_url()}{prefixed('/donate', told.page.language)}?{query}&source={SOURCE}"


def _goal(ask: Ask, tally: Tally | None, language: str) -> dict[str, Any] | None:
    if ask.goal is None or tally is None or not tally.counts_towards(ask.goal):
        return None
    counted = towards_goal(tally, counts_renewals=ask.goal_counts_renewals)
    percent = tally.percent(ask.goal, counts_renewals=ask.goal_counts_renewals)
    raised, goal = (keep_together(_short(money, language), language) for money in (counted, ask.goal))
    people = ngettext("%(num)s person", "%(num)s people", tally.people)
    return {
        "raised": counted.plain(),
        "goal": ask.goal.plain(),
        "currency": ask.goal.currency,
        "percent": float(percent),
        "people": tally.people,
        "sentence": _("%(raised)s of %(goal)s", raised=raised, goal=goal),
        "people_sentence": people + (_(", until %(day)s", day=long_date(ask.ends_on, language)) if ask.ends_on else ""),
        "label": _("Goal of this appeal: %(percent)s%%", percent=int(percent)),
        "rule": rule_words(tally, counts_renewals=ask.goal_counts_renewals, language=language),
        "as_of": tally.as_of.isoformat(),
    }


def _short(money: Money, language: str) -> str:
    return show(money, language, short=True)
