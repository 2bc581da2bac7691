"""I already gave: a reader is left alone at once, and for longer once a letter has shown that it is so."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

from flask import Response, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed
from donate.entry.address import normalise_email
from donate.entry.ask import ask_proof, wait_to_ask
from donate.members.hint import Hint, read_hint
from donate.web.addresses import check_address
from donate.web.headers import keep_nothing
from donate.web.language import current_language, prefixed
from donate.web.news.asks import DAYS, refuse_from_elsewhere
from donate.web.news.door import news
from donate.web.next_path import safe_next
from donate.web.origin import network
from donate.web.reader import keep, kept_here
from donate.web.reader_cookie import believe, rest
from donate.web.shelf import shelf
from donate.web.wait import wait_page


@news.get("/asks/already-gave")
def already_gave() -> ResponseReturnValue:
    """Show the form for the address somebody gave with."""
    return _form(is_asked=request.args.get("asked") == "1")


@news.post("/asks/already-gave")
def prove_gift() -> ResponseReturnValue:
    """Ask for the letter that shows a gift; the answer is the same for every address."""
    refuse_from_elsewhere()
    typed = request.form.get("email", "").strip()
    address, repair = check_address(typed, livemode=current_app.config["DONATE"].livemode)
    if repair:
        return _form(typed=typed[:254], problem=repair if typed else _("Write the e-mail address you gave with."))
    address = normalise_email(address)
    wait = wait_to_ask(network(), address)
    if wait:
        return wait_page(wait, prefixed("/asks/already-gave", current_language()))
    with committed():
        ask_proof("gave", address, current_language())
    return keep_nothing(_lead(prefixed("/asks/already-gave?asked=1", current_language())))


@news.get("/asks/gave/<written>")
def shown_gift(written: str) -> ResponseReturnValue:
    """Show the button that a letter leads to: programs that open links by themselves must change nothing."""
    hint = read_hint(written, shelf().out_now().day)
    until = _rests_until(hint) if hint is not None else None
    page = render_template("news/shown_gift.html", hint=hint, until=until)
    return keep_nothing(make_response(page, 200 if hint is not None else 404))


@news.post("/asks/gave/<written>")
def rest_of_giver(written: str) -> ResponseReturnValue:
    """Leave a giver alone in this browser."""
    refuse_from_elsewhere()
    hint = read_hint(written, shelf().out_now().day)
    if hint is None:
        return shown_gift(written)
    held = believe(rest(kept_here(), _rests_until(hint), "gave"), hint.standing, hint.until_on)
    return keep_nothing(keep(_lead(prefixed("/asks", current_language())), held))


@news.get("/from/<hint>/")
@news.get("/from/<hint>/<path:to>")
def come_from(hint: str, to: str = "") -> ResponseReturnValue:
    """Lead a link of our letters to its page, and let the browser keep what its hint says; a bad one says nothing."""
    query = request.query_string.decode("ascii", "replace")
    response = _lead(safe_next(quote(f"/{to}") + (f"?{query}" if query else ""), "/"))
    found = read_hint(hint, shelf().out_now().day)
    if found is not None:
        keep(response, believe(kept_here(), found.standing, found.until_on))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _rests_until(hint: Hint) -> date:
    """Tell until when a giver is left alone; one whose gift is long past, as long as anybody who says "not now"."""
    if hint.standing == "donor":
        return shelf().out_now().day + timedelta(days=DAYS["not_now"])
    return hint.until_on


def _form(*, is_asked: bool = False, typed: str = "", problem: str = "") -> Response:
    page = render_template(
        "news/already_gave.html",
        is_asked=is_asked,
        typed=typed,
        problem=problem,
        until=kept_here().quiet_until,
    )
    return keep_nothing(make_response(page, 422 if problem else 200))


def _lead(to: str) -> Response:
    response = redirect(to, 303)
    assert isinstance(response, Response)
    return response
