"""What is done to an appeal by one press: publish, rest, run again, end, archive, copy."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.appeals.archive import archive_appeal, bring_back_appeal
from donate.appeals.draft import copy_appeal
from donate.appeals.load import ADDRESS, LONGEST_ADDRESS
from donate.appeals.models import Appeal
from donate.appeals.pause import pause_appeal, resume_appeal
from donate.appeals.publish import end_appeal, publish_appeal
from donate.appeals.queries import get_appeal
from donate.db import committed
from donate.errors import AppealRefused
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.appeal_fields import RESERVED
from donate.web.staff.appeal_page import appeal_shown
from donate.web.staff.appeal_state import locked_appeal, today_here
from donate.web.staff.appeal_words import say_refusal
from donate.web.staff.door import staff
from donate.web.who import colleague


@staff.post("/appeals/<slug>/publish")
@needs("edit_appeals")
def publish(slug: str) -> ResponseReturnValue:
    """Let a draft ask, if nothing stands in its way."""
    who, today = colleague().as_who(), today_here()
    return _do(slug, "published", lambda row: publish_appeal(row, who, today))


@staff.post("/appeals/<slug>/pause")
@needs("pause_appeals")
def pause(slug: str) -> ResponseReturnValue:
    """Let a running appeal rest at once."""
    who = colleague().as_who()
    return _do(slug, "paused", lambda row: pause_appeal(row, who))


@staff.post("/appeals/<slug>/resume")
@needs("resume_appeals")
def resume(slug: str) -> ResponseReturnValue:
    """Let a resting appeal run again; whoever presses has looked its stories over."""
    who = colleague().as_who()
    return _do(slug, "resumed", lambda row: resume_appeal(row, who))


@staff.post("/appeals/<slug>/end")
@needs("edit_appeals")
def end(slug: str) -> ResponseReturnValue:
    """End an appeal for good."""
    who = colleague().as_who()
    return _do(slug, "ended", lambda row: end_appeal(row, who))


@staff.post("/appeals/<slug>/archive")
@needs("edit_appeals")
def archive(slug: str) -> ResponseReturnValue:
    """Leave an appeal out of the list."""
    who = colleague().as_who()
    return _do(slug, "archived", lambda row: archive_appeal(row, who))


@staff.post("/appeals/<slug>/bring-back")
@needs("edit_appeals")
def bring_back(slug: str) -> ResponseReturnValue:
    """Show an archived appeal in the list again."""
    who = colleague().as_who()
    return _do(slug, "back", lambda row: bring_back_appeal(row, who))


@staff.post("/appeals/<slug>/copy")
@needs("edit_appeals")
def copy(slug: str) -> ResponseReturnValue:
    """Begin a draft with the same contents under another address."""
    who, row = colleague().as_who(), get_appeal(slug)
    to = request.form.get("to", "").strip()[:200]
    if not ADDRESS.fullmatch(to) or len(to) > LONGEST_ADDRESS or to in RESERVED:
        return appeal_shown(
            row, _("The copy’s address can have small letters a to z, digits and hyphens, such as winter-desk-2."), 422
        )
    try:
        with committed():
            copy_appeal(locked_appeal(slug), to, who)
    except AppealRefused as refused:
        return appeal_shown(get_appeal(slug), say_refusal(refused.message), 422)
    return redirect(url_for("staff.edit_appeal_form", slug=to), 303)


def _do(slug: str, done: str, act: Callable[[Appeal], None]) -> ResponseReturnValue:
    """Do one thing to the locked row, and say on the appeal's page that it is done, or why it is not."""
    get_appeal(slug)
    try:
        with committed():
            act(locked_appeal(slug))
    except AppealRefused as refused:
        return appeal_shown(get_appeal(slug), say_refusal(refused.message), 409)
    return redirect(url_for("staff.appeal", slug=slug, done=done), 303)
