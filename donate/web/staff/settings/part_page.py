"""One part of the settings: its form, what others changed meanwhile, and what was changed before."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flask import abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.errors import SettingsRefused, Unreadable
from donate.records.change_settings import change_settings, view
from donate.records.settings_differences import Difference, bring_together, list_differences
from donate.records.settings_file import tell_settings
from donate.team.queries import find_last_change
from donate.web.access import needs
from donate.web.language import LANGUAGES
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.settings.changes import list_changes, say_who
from donate.web.staff.settings.fields import Reading, Typed, add_rows, fill, parse, read
from donate.web.staff.settings.logo import keep_sent_logo
from donate.web.staff.settings.new_currency import ask_for_levels, levels_with_new, read_new_sums
from donate.web.staff.settings.notes import notes_of
from donate.web.staff.settings.parts import FACTS, MONEY, TEXTS, Part, part_called
from donate.web.staff.settings.preview import preview_of, with_paragraphs
from donate.web.staff.settings.words import label_of, say_refusal, say_typed, say_value
from donate.web.who import colleague

#: Names of topics that one page shows; all others are the file's.
MOST_TOPICS = 150


@dataclass
class Sheet:
    """A part's page as it is answered.

    Args:
        name: The part's.
        settings: All of them, as they are now.
        typed: What its form holds.
        began: What the form was begun with: what is saved is compared with it.
        problems: Sentences by the field's name.
        theirs: What somebody else changed meanwhile.
        both: Of that, what was changed here too.
        who: Who that was.
        preview: What the words typed would show.
        asked: For each level, its amounts in currencies that are new.
    """

    name: str
    settings: dict[str, Any]
    typed: Typed
    began: dict[str, Any]
    problems: dict[str, str] = field(default_factory=dict)
    theirs: list[Difference] = field(default_factory=list)
    both: list[str] = field(default_factory=list)
    who: str = ""
    preview: dict[str, Any] | None = None
    asked: list[Any] = field(default_factory=list)


@staff.get("/settings/<part>")
@needs("change_settings")
def settings_part(part: str) -> ResponseReturnValue:
    """Show a part of the settings."""
    return show_part(part, FACTS)


@staff.post("/settings/<part>")
@needs("change_settings")
def save_settings(part: str) -> ResponseReturnValue:
    """Save a part of the settings, or add a row to its form."""
    return save_part(part, FACTS)


def show_part(name: str, among: tuple[str, ...]) -> ResponseReturnValue:
    """Show a part's form as it is.

    Args:
        name: As the address has it.
        among: Parts that this address shows.
    """
    if name not in among:
        abort(404)
    settings = tell_settings()
    began = _view(settings, name)
    part = part_called(name, settings)
    return _page(Sheet(name, settings, fill(part.fields, began), began), part)


def save_part(name: str, among: tuple[str, ...]) -> ResponseReturnValue:
    """Save a part as it was sent, unless something is to be put right or somebody was faster.

    Args:
        name: As the address has it.
        among: Parts that this address saves.
    """
    if name not in among:
        abort(404)
    settings = tell_settings()
    part = part_called(name, settings)
    sheet = Sheet(name, settings, parse(part.fields, request.form), _began(settings, name))
    if "more" in request.form or "preview" in request.form:
        add_rows(part.fields, sheet.typed, request.form.get("more", ""))
        return _page(sheet, part)
    reading = Reading()
    if name == "look":
        keep_sent_logo(sheet.typed, sheet.problems)
    wanted = read(part.fields, sheet.typed, reading)
    began = dict(sheet.began)
    if name == "pages":
        wanted["texts"] = with_paragraphs(wanted["texts"])
    if name == "currencies":
        sheet.asked = ask_for_levels(settings, wanted["currencies"])
        if sheet.asked and not reading.problems:
            began["levels"] = settings["levels"]
            wanted["levels"] = levels_with_new(settings, read_new_sums(sheet.asked, request.form, reading))
    sheet.problems |= {place: say_typed(message) for place, (message, _values) in reading.problems.items()}
    if sheet.problems:
        return _page(sheet, part, 422)
    return _save(sheet, part, began, wanted, reading)


def _save(
    sheet: Sheet, part: Part, began: dict[str, Any], wanted: dict[str, Any], reading: Reading
) -> ResponseReturnValue:
    wanted = {key: wanted.get(key, {} if isinstance(began[key], dict) else began[key]) for key in began}
    try:
        with committed():
            change_settings(began, wanted, colleague().as_who())
    except SettingsRefused as refused:
        return _overtaken(sheet, part, wanted, refused.values["now"])
    except Unreadable as refused:
        sheet.problems = {reading.place(str(refused.values["key"])): say_refusal(refused)}
        return _page(sheet, part, 422)
    return redirect(address_of(sheet.name) + "?done=saved", 303)


def _overtaken(sheet: Sheet, part: Part, mine: dict[str, Any], now: dict[str, Any]) -> ResponseReturnValue:
    """Bring both changes together in the form and say what came from elsewhere; saving is another press."""
    together = bring_together(sheet.began, mine, now)
    sheet.theirs, sheet.both = list_differences(sheet.began, now), together.both
    sheet.typed = fill(part.fields, together.settings)
    sheet.who = say_who(find_last_change("settings", sheet.name))
    sheet.began = {key: now[key] for key in sheet.began}
    return _page(sheet, part, 409)


def _view(settings: dict[str, Any], name: str) -> dict[str, Any]:
    held = view(settings, name)
    return {"topics": held["topics"][:MOST_TOPICS]} if name == "topics" else held


def _began(settings: dict[str, Any], name: str) -> dict[str, Any]:
    """Read what the form was begun with; of one that lost it, what there is now counts as somebody else's change."""
    now = _view(settings, name)
    try:
        sent = json.loads(request.form.get("began", ""))
    except ValueError:
        sent = None
    return sent if isinstance(sent, dict) and set(sent) == set(now) else dict.fromkeys(now)


def address_of(name: str) -> str:
    """Give the address of a part's page."""
    return url_for("staff.texts_part" if name in TEXTS else "staff.settings_part", part=name)


def _page(sheet: Sheet, part: Part, status: int = 200) -> ResponseReturnValue:
    add_rows(part.fields, sheet.typed, "")
    page = render_template(
        "staff/settings/part.html",
        sheet=sheet,
        part=part,
        address=address_of(sheet.name),
        began=json.dumps(sheet.began, ensure_ascii=False, sort_keys=True),
        problems=sheet.problems,
        labels=[(place, label_of(part.fields, _unnumbered(place)), said) for place, said in sheet.problems.items()],
        theirs=[
            (label_of(part.fields, each.key), say_value(each.before), say_value(each.after)) for each in sheet.theirs
        ],
        both=[label_of(part.fields, key) for key in sheet.both],
        changes=list_changes(sheet.name, part.fields),
        notes=notes_of(sheet.name, sheet.settings, sheet.typed),
        preview=preview_of(sheet.name, sheet.typed, request.form) if sheet.name in TEXTS else None,
        is_tried="preview" in request.form,
        is_money=sheet.name in MONEY,
        is_saved=request.args.get("done") == "saved",
        languages=LANGUAGES,
        left_out=max(0, len(sheet.settings["topics"]) - MOST_TOPICS) if sheet.name == "topics" else 0,
        **frame(),
    )
    return make_response(page, status)


def _unnumbered(place: str) -> str:
    """Count from one where the form counts from nought, as people do."""
    return ".".join(str(int(each) + 1) if each.isdecimal() else each for each in place.split("."))
