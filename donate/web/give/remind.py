"""Remind me later: an address, a month, and one letter; and the way out of it, from the letter itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Response, abort, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import clock
from donate.appeals.queries import find_appeal
from donate.appeals.remind import (
    ADDRESS_ASKS,
    NETWORK_ASKS,
    ask_reminder,
    drop_reminder,
    is_way_out,
    list_days,
    take_up_reminders,
)
from donate.articles.queries import find_article
from donate.db import committed
from donate.entry.address import normalise_email
from donate.limits.take import take
from donate.newsroom.queries import get_newsroom
from donate.web.addresses import check_address
from donate.web.give.door import give
from donate.web.headers import keep_nothing, site_url
from donate.web.language import current_language, prefixed
from donate.web.origin import is_from_elsewhere, network
from donate.web.wait import wait_page

_MARKS = {"appeal": 80, "article": 200, "placement": 40}


@dataclass(frozen=True)
class Wish:
    """What was typed and what it was asked beside.

    Args:
        marks: ``appeal``, ``article`` and ``placement``, as the link named them; may be anything.
        email: As typed.
        on: As chosen.
    """

    marks: dict[str, str]
    email: str = ""
    on: str = ""


@give.get("/remind")
def remind() -> ResponseReturnValue:
    """Show the form; after it was sent, on which day the letter comes."""
    kept = next((day for day in _days() if day.isoformat() == request.args.get("kept")), None)
    return _page(_wish(request.args), kept=kept)


@give.post("/remind")
def ask_to_remind() -> ResponseReturnValue:
    """Take a wish; the answer is the same for every address."""
    if is_from_elsewhere(request, site_url()):
        abort(400)
    wish = _wish(request.form)
    address, problems = _read(wish)
    if problems:
        return _page(wish, problems, status=422)
    address = normalise_email(address)
    wait = take((NETWORK_ASKS, network()), (ADDRESS_ASKS, address))
    if wait:
        return wait_page(wait, _path(wish.marks))
    with committed():
        ask_reminder(
            address, current_language(), date.fromisoformat(wish.on), find_appeal(wish.marks["appeal"]),
            wish.marks["article"], wish.marks["placement"],
        )  # fmt: skip
    return keep_nothing(redirect(_path({**wish.marks, "kept": wish.on}), 303))  # type: ignore[arg-type]


@give.get("/remind/<reference>/stop")
def way_out_of_reminders(reference: str) -> ResponseReturnValue:
    """Show the button: programs that look at links before their readers do must end nothing."""
    return _stop_page("ask") if _is_theirs(reference) else _stop_page("gone", 404)


@give.post("/remind/<reference>/stop")
def stop_reminders(reference: str) -> ResponseReturnValue:
    """Let no reminder come to an address any more, by the button or a mail program's own (RFC 8058); or again."""
    if not _is_theirs(reference):
        return _stop_page("gone", 404)
    is_again = request.form.get("again") == "1"
    with committed():
        if is_again:
            take_up_reminders(request.args["who"])
        else:
            drop_reminder(reference, request.args["who"])
    return _stop_page("again" if is_again else "stopped")


def _is_theirs(reference: str) -> bool:
    return is_way_out(reference, request.args.get("who", "")[:100], request.args.get("key", "")[:100])


def _wish(given: dict[str, str]) -> Wish:
    marks = {name: given.get(name, "")[:most] for name, most in _MARKS.items()}
    return Wish(marks, given.get("email", "").strip()[:255], given.get("on", "")[:20])


def _read(wish: Wish) -> tuple[str, dict[str, str]]:
    """Give the address, and by field the sentence for what can't be taken."""
    problems: dict[str, str] = {}
    address, repair = check_address(wish.email, livemode=current_app.config["DONATE"].livemode)
    if repair:
        problems["email"] = repair if wish.email else _("Write the e-mail address our letter goes to.")
    if wish.on not in {day.isoformat() for day in _days()}:
        problems["on"] = _("Choose one of these months.")
    return address, problems


def _days() -> list[date]:
    return list_days(clock.today(get_newsroom().time_zone))


def _path(values: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return prefixed("/remind" + (f"?{query}" if query else ""), current_language())


def _page(
    wish: Wish, problems: dict[str, str] | None = None, *, kept: date | None = None, status: int = 200
) -> Response:
    page = render_template(
        "give/remind.html",
        wish=wish,
        days=_days(),
        problems=problems or {},
        kept=kept,
        article=find_article(wish.marks["article"]) if wish.marks["article"] else None,
    )
    return keep_nothing(make_response(page, status))


def _stop_page(state: str, status: int = 200) -> Response:
    response = keep_nothing(make_response(render_template("give/remind_stop.html", state=state), status))
    # Its address holds a key: no further page learns it.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
