"""What was done to an appeal, by whom and when; any two versions beside each other, and the way back to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.appeals.compare import list_changes
from donate.appeals.edit import revert_appeal
from donate.appeals.models import Appeal, AppealVersion
from donate.appeals.queries import find_version, get_appeal, list_versions
from donate.articles.queries import find_article
from donate.db import committed
from donate.team.models import History
from donate.team.queries import list_history, name_of_staff
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.appeal_differences import Difference, say_differences
from donate.web.staff.appeal_state import locked_appeal
from donate.web.staff.appeal_words import say_flag
from donate.web.staff.door import staff
from donate.web.staff.happened_acts import say_act
from donate.web.staff.home import frame
from donate.web.who import colleague


@dataclass(frozen=True)
class Entry:
    """One thing that was done.

    Args:
        who: Whose address it was; empty for a file, a schedule or a story that changed.
        what: The act, in words.
        why: What happened to the story, where one was the reason.
        story: Its address and headline.
        version: Of the appeal's contents after it; None where they stayed as they were.
        back_to: The version it went back to.
    """

    at: datetime
    who: str
    what: str
    why: str = ""
    story: tuple[str, str] | None = None
    version: int | None = None
    back_to: int | None = None


@staff.get("/appeals/<slug>/history")
@needs("see_appeals")
def appeal_history(slug: str) -> ResponseReturnValue:
    """Show what was done to an appeal, and two of its versions beside each other when asked."""
    row = get_appeal(slug)
    versions = list_versions(row.id)
    older, newer = _two_asked(row, versions)
    return render_template(
        "staff/appeal_history.html",
        appeal=row,
        entries=_entries(row, versions),
        versions=versions,
        older=older,
        newer=newer,
        differences=_differences(older, newer),
        current=versions[0].number if versions else None,
        done=request.args.get("done", ""),
        **frame(),
    )


@staff.post("/appeals/<slug>/history")
@needs("edit_appeals")
def go_back(slug: str) -> ResponseReturnValue:
    """Make an appeal again what it was in one of its versions."""
    get_appeal(slug)
    number, who = request.form.get("number", ""), colleague().as_who()
    if not number.isdecimal() or len(number) > 9:
        abort(404)
    with committed():
        revert_appeal(locked_appeal(slug), int(number), who)
    return redirect(url_for("staff.appeal_history", slug=slug, done=number), 303)


def _two_asked(row: Appeal, versions: list[AppealVersion]) -> tuple[AppealVersion | None, AppealVersion | None]:
    """Give the two versions to compare, the older first; the two newest where none were asked for."""
    asked = [request.args.get(name, "") for name in ("old", "new")]
    if not any(asked):
        return (versions[1], versions[0]) if len(versions) > 1 else (None, None)
    found = [find_version(row.id, int(each)) if each.isdecimal() and len(each) < 10 else None for each in asked]
    if found[0] is None or found[1] is None:
        abort(404)
    older, newer = sorted((found[0], found[1]), key=lambda each: each.number)
    return older, newer


def _differences(older: AppealVersion | None, newer: AppealVersion | None) -> list[Difference]:
    return say_differences(list_changes(older.contents, newer.contents)) if older and newer else []


def _entries(row: Appeal, versions: list[AppealVersion]) -> list[Entry]:
    history = list_history("appeal", row.slug)
    told = {each.after.get("version") for each in history}
    entries = [_entry(each) for each in history]
    # A file that was loaded writes no history of its own, and a draft may have had another address before.
    entries += [
        Entry(each.at, name_of_staff(each.staff_id), say_act(_act(each, versions)), version=each.number)
        for each in versions
        if each.number not in told
    ]
    return sorted(entries, key=lambda each: (each.at, each.version or 0), reverse=True)


def _act(version: AppealVersion, versions: list[AppealVersion]) -> str:
    if version.staff_id is None:
        return "load_appeal"
    return "draft_appeal" if version is versions[-1] else "edit_appeal"


def _entry(done: History) -> Entry:
    why = {**done.before, **done.after}
    slug = why.get("article") if "flag" in why else None
    story = find_article(slug) if slug else None
    return Entry(
        at=done.at,
        who=name_of_staff(done.who_id) if done.who_kind == "staff" else "",
        what=say_act(done.act),
        why=say_flag(why["flag"]) if "flag" in why else "",
        story=(slug, story.headline) if slug and story is not None else None,
        version=done.after.get("version"),
        back_to=done.after.get("back_to"),
    )
