"""The inbox of Stripe's events: what came, what became of it, and processing again what failed."""

from __future__ import annotations

from collections import Counter

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.operations.again import process_event_again, process_failed_again
from donate.operations.plain_error import kind_of, plain_error
from donate.operations.queries import EVENT_FILTERS, count_events, count_failed_errors, list_events
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.operations.frame import operations_frame
from donate.web.staff.paging import read_page
from donate.web.who import colleague

AT_ONCE = 50


@staff.get("/operations/events")
@needs("see_operations")
def events() -> ResponseReturnValue:
    """List events of one state, newest first, without what they say."""
    state = request.args.get("state", "")
    state = state if state in EVENT_FILTERS else "failed"
    paging = read_page(request.args, count_events(state), AT_ONCE)
    return render_template(
        "staff/operations/events.html",
        state=state,
        states=list(EVENT_FILTERS),
        lines=list_events(state, skip=paging.skip, at_most=AT_ONCE),
        kinds=_kinds() if state == "failed" else [],
        paging=paging,
        asked=_asked(),
        **operations_frame("events"),
    )


@staff.post("/operations/events/<event_id>/again")
@needs("replay_events")
def event_again(event_id: str) -> ResponseReturnValue:
    """Ask the worker to process one event again."""
    with committed():
        process_event_again(event_id, colleague().as_who())
    return redirect(url_for("staff.events", state="failed", asked=1), 303)


@staff.post("/operations/events/again")
@needs("replay_events")
def events_again() -> ResponseReturnValue:
    """Ask the worker to process all events again that failed by one kind of error."""
    with committed():
        number = process_failed_again(request.form.get("error", ""), colleague().as_who())
    return redirect(url_for("staff.events", state="failed", asked=number), 303)


def _kinds() -> list[tuple[str, int, str]]:
    """Give each kind of error: its name, how many events, and the words of the most common."""
    return group_errors(count_failed_errors())


def group_errors(counted: dict[str, int]) -> list[tuple[str, int, str]]:
    """Group errors by their kind, the most frequent first.

    Args:
        counted: By the words of the error.

    Returns:
        For each its name, how many, and the words of the most common without anything personal.
    """
    number: Counter[str] = Counter()
    for error, many in counted.items():
        number[kind_of(error)] += many
    words = {kind_of(error): plain_error(error) for error, _many in sorted(counted.items(), key=lambda each: each[1])}
    return [(kind, many, words[kind]) for kind, many in number.most_common()]


def _asked() -> int | None:
    """Give how many were just asked for; None where nothing was."""
    text = request.args.get("asked", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
