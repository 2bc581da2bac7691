"""The simulator's form: a page, a day and a reader as typed, read into the facts that pages are asked by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from flask_babel import gettext as _

from donate.appeals.rules import FREQUENCIES, STANDINGS
from donate.appeals.situation import PageFacts, ReaderFacts
from donate.web.shelf import OutNow
from donate.web.staff.simulator_page import find_page_facts

Value = TypeVar("Value")
#: Every field, in the form's order, with what stands in it at first.
FIELDS = {
    "page": "", "on": "", "standing": "guest", "given": "", "gave_on": "", "country": "", "read": "", "times": "",
    "seen": "", "closed": "", "closed_on": "", "quiet_until": "", "source": "", "referrer": "", "bucket": "",
}  # fmt: skip
_LONGEST = 500


@dataclass
class Simulation:
    """What was asked, and what could not be read of it.

    Args:
        typed: Every field as it stands in the form.
        page: What is known of the page; None where there is no such page.
        reader: What is known of the reader.
        problems: By field: the sentence that says what to do.
    """

    typed: dict[str, str]
    page: PageFacts | None = None
    reader: ReaderFacts = field(default_factory=ReaderFacts)
    problems: dict[str, str] = field(default_factory=dict)


def read_simulation(args: Mapping[str, str], out: OutNow, slugs: frozenset[str]) -> Simulation:
    """Read a simulator's address.

    Args:
        args: The query; what is missing stands as at first, on the newest story.
        out: What is out.
        slugs: The appeals that may be named.
    """
    asked = Simulation({name: args.get(name, usual).strip()[:_LONGEST] for name, usual in FIELDS.items()})
    asked.typed["page"] = asked.typed["page"] or _newest(out)
    asked.typed["on"] = asked.typed["on"] or out.day.isoformat()
    on = _read(asked, "on", _day) or out.day
    asked.page = find_page_facts(asked.typed["page"], out, on)
    if asked.page is None:
        asked.problems["page"] = _(
            "No page of this site has this address. Paste the link of a story, a section, a topic or the front page."
        )
    times, closed_on = _read(asked, "times", _number) or 0, _read(asked, "closed_on", _day)
    asked.reader = ReaderFacts(
        standing=_read(asked, "standing", lambda word: _one_of(word, STANDINGS)) or "guest",
        given=_read(asked, "given", lambda word: _one_of(word, FREQUENCIES)) or "",
        gave_on=_read(asked, "gave_on", _day),
        country=_read(asked, "country", _country) or "",
        read=_read(asked, "read", _number),
        views=((_read(asked, "seen", lambda word: _one_of(word, slugs)) or "", on),) * times,
        closes=((closed, closed_on or on),)
        if (closed := _read(asked, "closed", lambda word: _one_of(word, slugs)))
        else (),
        quiet_until=_read(asked, "quiet_until", _day),
        source=asked.typed["source"],
        referrer=asked.typed["referrer"].lower(),
        bucket=_read(asked, "bucket", _bucket),
    )
    return asked


def _newest(out: OutNow) -> str:
    newest = next((recent[0].teaser.slug for recent in out.recent.values() if recent), "")
    return f"/articles/{newest}" if newest else "/"


def _read(asked: Simulation, name: str, read: Callable[[str], Value]) -> Value | None:
    """Read one field; what can't be read is said at it, and counts as left empty."""
    typed = asked.typed[name]
    if not typed:
        return None
    try:
        return read(typed)
    except ValueError as error:
        asked.problems[name] = str(error)
        return None


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValueError(_("Write the day as year, month and day, such as %(day)s.", day="2026-03-20")) from None


def _number(word: str) -> int:
    if not re.fullmatch(r"\d{1,4}", word, re.ASCII):
        raise ValueError(_("Write a whole number, or leave this empty."))
    return int(word)


def _bucket(word: str) -> int:
    if not re.fullmatch(r"\d{1,2}", word, re.ASCII):
        raise ValueError(_("Write a number from 0 to 99, or leave this empty."))
    return int(word)


def _country(word: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", word):
        raise ValueError(_("Write the country’s two letters, such as %(code)s, or leave this empty.", code="JO"))
    return word.upper()


def _one_of(word: str, known: frozenset[str] | tuple[str, ...]) -> str:
    if word not in known:
        raise ValueError(_("Choose one of the list."))
    return word
