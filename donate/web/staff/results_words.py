"""Copies, verdicts and choices of gifts in the words a staff member reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _

from donate.reports.appeal_results import HELD, Verdict
from donate.reports.gift_lines import Which
from donate.web.language import current_language
from donate.web.reading import long_date, western
from donate.web.staff.places_words import say_place


def say_copy(copy: str) -> str:
    """Name a copy of an appeal."""
    words: dict[str, str] = {
        "": _("The only copy"),
        "a": _("Copy A"),
        "b": _("Copy B"),
        HELD: _("Held back: shown no ask"),
    }
    return words.get(copy, copy)


def say_verdict(verdict: Verdict) -> str:
    """Say whether one copy can be preferred, and what is missing where none can."""
    words: dict[str, str] = {
        "one_copy": _("Only one copy has run, so there is nothing to prefer."),
        "even": _("Both copies brought the same for each 1,000 views."),
        "not_enough": _("Not enough data to prefer one."),
    }
    more: str = _(
        "%(copy)s brought more for each 1,000 views. That is what happened, and no proof that it will again.",
        copy=say_copy(verdict.kind),
    )
    return " ".join([words.get(verdict.kind, more), *_missing(verdict)])


def say_gift(line: Any) -> str:
    """Say in a word what a gift was."""
    words: dict[tuple[str, bool], str] = {
        ("month", False): _("monthly, the first"),
        ("month", True): _("monthly, a renewal"),
        ("year", False): _("yearly, the first"),
        ("year", True): _("yearly, a renewal"),
        ("once", False): _("by cheque, transfer or cash") if line["kind"] == "offline" else _("one time"),
    }
    return words[line["frequency"], bool(line["is_renewal"])]


def say_choice(which: Which, marks: Mapping[str, str], headlines: Mapping[str, str]) -> list[str]:
    """Say what some gifts have in common, a sentence each."""
    return list(_choices(which, marks, headlines))


def day_label(day: date) -> str:
    """Write a day as short as an axis needs: ``2 Mar``."""
    return format_date(day, "d MMM", locale=western(current_language()))


def month_label(day: date) -> str:
    """Write a month: ``March 2026``."""
    return format_date(day, "LLLL y", locale=western(current_language()))


def month_mark(day: date) -> str:
    """Write a month as short as an axis of a year needs: ``Mar``."""
    return format_date(day, "LLL", locale=western(current_language()))


def _missing(verdict: Verdict) -> Iterator[str]:
    for copy, gifts, views in verdict.missing:
        if gifts or views:
            yield _(
                "%(copy)s lacks %(gifts)s first gifts and %(views)s views.",
                copy=say_copy(copy), gifts=f"{gifts:,}", views=f"{views:,}",
            )  # fmt: skip


def _choices(which: Which, marks: Mapping[str, str], headlines: Mapping[str, str]) -> Iterator[str]:
    if which.on is not None:
        first, last = which.on
        yield (
            _("Received on %(day)s.", day=long_date(first))
            if first == last
            else _("Received in %(month)s.", month=month_label(first))
        )
    without = {
        "appeal": _("Without an appeal."), "article": _("Without a story."), "source": _("Without a source."),
        "placement": _("Without a placement."), "variant": _("Of the only copy."),
    }  # fmt: skip
    for name, value in marks.items():
        if name != "currency":
            yield _mark(name, value, headlines) if value else without[name]
    if which.currency:
        yield _("In %(code)s.", code=which.currency)
    if which.promise is not None:
        yield _("Each began a monthly gift.") if which.promise == "month" else _("Each began a yearly gift.")
    if which.state is not None:
        yield _("Something of each is kept.") if which.state == "kept" else _("All of each went back.")
    if which.is_new:
        yield _("Each is a new donor’s first.")


def _mark(name: str, value: str, headlines: Mapping[str, str]) -> str:
    words: dict[str, str] = {
        "appeal": _("To the appeal “%(appeal)s”.", appeal=value),
        "article": _("From the story “%(story)s”.", story=headlines.get(value, value)),
        "source": _("From the source “%(source)s”.", source=value),
        "placement": _("Placement: %(placement)s.", placement=say_place(value)),
        "variant": f"{say_copy(value)}.",
    }
    return words[name]
