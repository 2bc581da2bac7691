"""The places where asks stand, each with its switch: off is off on every page within seconds."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.appeals.queries import list_switches
from donate.appeals.rules import PLACEMENTS
from donate.appeals.switch import switch_off_placement, switch_on_placement
from donate.db import committed
from donate.team.permissions import may
from donate.web.access import needs
from donate.web.language import current_language, prefixed
from donate.web.next_path import safe_next
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.places_words import describe_place, say_place, say_start, say_stop
from donate.web.who import colleague


@staff.get("/appeals/places")
@needs("see_appeals")
def ask_places() -> ResponseReturnValue:
    """Show each place and whether asks stand there."""
    return render_template(
        "staff/places.html", places=PLACEMENTS, off=list_switches(), describe_place=describe_place, **switch_words(),
        **frame(),
    )  # fmt: skip


@staff.post("/appeals/places/<placement>/off")
@needs("pause_appeals")
def switch_off(placement: str) -> ResponseReturnValue:
    """Switch a place off."""
    with committed():
        switch_off_placement(placement, colleague().as_who())
    return _back()


@staff.post("/appeals/places/<placement>/on")
@needs("resume_appeals")
def switch_on(placement: str) -> ResponseReturnValue:
    """Switch a place on again."""
    with committed():
        switch_on_placement(placement, colleague().as_who())
    return _back()


def switch_words() -> dict[str, object]:
    """Give what a page needs that shows a switch."""
    role = colleague().staff.role
    return {
        "say_place": say_place,
        "say_stop": say_stop,
        "say_start": say_start,
        "may_stop": may(role, "pause_appeals"),
        "may_start": may(role, "resume_appeals"),
    }


def _back() -> ResponseReturnValue:
    places = prefixed("/staff/appeals/places", current_language())
    return redirect(safe_next(request.form.get("next", ""), places), 303)
