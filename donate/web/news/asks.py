"""What a reader may do about asks, with a press that works from any page: rest, ask again, count or not, erase."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.web.counting import is_live, note_ask
from donate.web.headers import keep_nothing, site_url
from donate.web.kept import kept
from donate.web.language import current_language, prefixed
from donate.web.news.door import news
from donate.web.next_path import safe_next
from donate.web.origin import is_from_elsewhere
from donate.web.personal import RESTED
from donate.web.reader import forget_reader, is_counted, keep, kept_here, reader
from donate.web.reader_cookie import REASONS, ask_again, close, plain_words, rest, stop_counting, without_old
from donate.web.shelf import shelf
from donate.web.why import counting_words, reader_words

#: For how many days a reader is left alone, by what they said; who gave is believed for a week, and longer by letter.
DAYS = {"not_now": 30, "cant_give": 90, "gave": 7}


@news.get("/asks")
def asks() -> ResponseReturnValue:
    """Show all that this browser keeps, in words and as it stands there."""
    today = shelf().out_now().day
    held = without_old(kept_here(), today)
    page = render_template(
        "news/asks.html",
        held=held,
        raw=plain_words(held),
        words=reader_words(today),
        is_member=reader().is_member,
    )
    return keep_nothing(make_response(page))


@news.get("/asks/why")
@kept
def why_asks() -> str:
    """Say why lines at the head and foot of pages ask, with the same doors as every other ask."""
    return render_template("news/why_asks.html")


@news.post("/asks/rest")
def rest_from_asks() -> ResponseReturnValue:
    """Leave a reader alone, because they said so."""
    refuse_from_elsewhere()
    reason, today = request.form.get("rest", ""), shelf().out_now().day
    if reason not in REASONS:
        abort(400)
    held = rest(kept_here(), today + timedelta(days=DAYS[reason]), reason)
    appeal = request.form.get("appeal", "")
    if reason != "gave":
        note_ask("closes", appeal, *(request.form.get(name, "") for name in ("variant", "placement", "article")))
        held = close(held, appeal, today) if is_live(shelf().out_now(), appeal) else held
    return keep_nothing(keep(_rested(reason, held.quiet_until or today), held))


@news.post("/asks/again")
def ask_me_again() -> ResponseReturnValue:
    """End a rest."""
    refuse_from_elsewhere()
    return keep_nothing(keep(_back(), ask_again(kept_here())))


@news.post("/asks/counting")
def choose_counting() -> ResponseReturnValue:
    """Count the stories a reader opens, or stop and forget what was counted."""
    refuse_from_elsewhere()
    chosen = request.form.get("counting", "")
    if chosen not in ("on", "off"):
        abort(400)
    held = stop_counting(kept_here()) if chosen == "off" else replace(kept_here(), counting="on")
    return keep_nothing(keep(_back(), held))


@news.post("/asks/erase")
def erase_kept() -> ResponseReturnValue:
    """Take away all that this browser keeps."""
    refuse_from_elsewhere()
    response = _lead(_here("/asks"))
    forget_reader(response)
    return keep_nothing(response)


def refuse_from_elsewhere() -> None:
    """Refuse a press that another site made: pages that anyone keeps carry no token."""
    if is_from_elsewhere(request, site_url()):
        abort(400)


def _rested(reason: str, until: object) -> Response:
    """Answer a rest: with its sentence where a script asked, else by leading back to the page."""
    if reason == "gave":
        return _lead(_here("/asks/already-gave"))
    if request.form.get("by") == "script":
        return make_response(render_template("components/rested.html", until=until, reason=reason, back=_asked_back()))
    parts = urlsplit(_asked_back())
    query = "&".join(part for part in (parts.query, f"{RESTED}=1") if part)
    return _lead(urlunsplit(("", "", parts.path, query, RESTED)))


def _back() -> Response:
    return _lead(_asked_back())


def _asked_back() -> str:
    return safe_next(request.form.get("back", ""), _here("/asks"))


def _lead(to: str) -> Response:
    response = redirect(to, 303)
    assert isinstance(response, Response)
    return response


def _here(path: str) -> str:
    return prefixed(path, current_language())


@news.app_template_global("counting_of_reader")
def counting_of_reader() -> str:
    """Name how counting stands for the reader who asks now: ``off``, ``on`` or ``asked``."""
    return counting_words(is_counted=is_counted(kept_here()))


@news.app_template_global("remind_path")
def remind_path(appeal: str, article: str, placement: str) -> str:
    """Give the path of the form that asks for a reminder.

    Args:
        appeal: The address of what asks.
        article: The story's; may be empty.
        placement: Where it asks.
    """
    named = {"appeal": appeal, "article": article, "placement": placement}
    return _here(f"/remind?{urlencode({name: value for name, value in named.items() if value})}")
