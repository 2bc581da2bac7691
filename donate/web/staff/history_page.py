"""The history: who did what, to what, before and after, when; searched, and taken along as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate import clock
from donate.newsroom.queries import get_newsroom
from donate.reports.history import Sought, find_part
from donate.team.queries import list_staff
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.happened import say_deeds
from donate.web.staff.happened_acts import acts_in_words
from donate.web.staff.happened_paths import path_of_object
from donate.web.staff.happened_words import KINDS_OF_OBJECTS, say_kind_of_object
from donate.web.staff.home import frame
from donate.web.staff.results_filter import Days, read_days

AT_ONCE = 50
#: What the list of acts offers besides each act: all but what was only looked at.
DEEDS = "deeds"
_MOST_LETTERS = 80


@dataclass(frozen=True)
class Asked:
    """What the page was asked for.

    Args:
        typed: Each field as typed.
        days: The days, both included.
        sought: What that asks of the history.
    """

    typed: Mapping[str, str]
    days: Days
    sought: Sought

    @property
    def query(self) -> dict[str, str]:
        """What was typed, for links to other pages of the same search."""
        return {name: value for name, value in self.typed.items() if value}


@staff.get("/history")
@needs("see_history")
def history() -> ResponseReturnValue:
    """Search the history, newest first."""
    asked = read_search(request.args)
    part = find_part(asked.sought, AT_ONCE, before=_key("before"), after=_key("after"))
    page = render_template(
        "staff/history.html",
        asked=asked,
        part=part,
        deeds=say_deeds(part.entries),
        path_of=path_of_object,
        people=list_staff(),
        acts=sorted(acts_in_words().items(), key=lambda each: each[1]),
        kinds={kind: say_kind_of_object(kind) for kind in KINDS_OF_OBJECTS},
        zone=get_newsroom().time_zone,
        **frame(),
    )
    return page, 422 if asked.days.problem else 200


def read_search(args: Mapping[str, str]) -> Asked:
    """Read what the history is searched for; what names nothing finds nothing, and days that can't be read are said.

    Args:
        args: ``who`` (``staff:<reference>``, ``member``, ``system``), ``act``, ``kind``, ``reference``, ``from`` and
            ``to``.
    """
    names = ("who", "act", "kind", "reference", "from", "to")
    typed = {name: args.get(name, "").strip()[:_MOST_LETTERS] for name in names}
    days, zone = read_days(args), get_newsroom().time_zone
    about: dict[str, Any] = {
        "is_deed": typed["act"] == DEEDS,
        "act": typed["act"] if typed["act"] != DEEDS else "",
        "object_kind": typed["kind"],
        "references": ways_to_write(typed["reference"]),
        "since": clock.start_of(days.since, zone) if days.since is not None else None,
        "until": clock.start_of(days.until, zone) if days.until is not None else None,
    }
    return Asked(typed, days, Sought(**_whose(typed["who"]), **about))


def ways_to_write(reference: str) -> tuple[str, ...]:
    """Give the ways in which the history may have written a reference: as it stands, and as one spelled in fours.

    Args:
        reference: As typed.
    """
    return tuple(dict.fromkeys((reference, reference.replace("-", "").replace(" ", "").upper()))) if reference else ()


def _whose(who: str) -> dict[str, Any]:
    kind, _, reference = who.partition(":")
    if kind != "staff":
        return {"who_kind": kind}
    found = next((each.id for each in list_staff() if each.reference == reference), 0)
    return {"who_kind": "staff", "who_id": found}


def _key(name: str) -> int | None:
    """Read a row's key from the address; a wrong one is none."""
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
