"""The newsroom's letters: their words in each language, tried before anybody gets one, with every version kept."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from donate.db import committed
from donate.errors import WordsRefused
from donate.limits.take import Limit, take
from donate.mail.passages import AUDIENCES, LETTERS, is_line
from donate.mail.queue import queue_mail
from donate.newsroom.queries import list_letter_words
from donate.newsroom.reword import reword_letter, version_of
from donate.team.history import record_history
from donate.team.queries import name_of_staff
from donate.web.access import needs
from donate.web.headers import standing_headers
from donate.web.language import LANGUAGES, direction
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.letters_draft import (
    Draft,
    draft_of,
    draw,
    language_asked,
    languages_with_words,
    list_cases,
    try_letter,
    typed_draft,
    with_house_words,
)
from donate.web.staff.letters_words import say_audience, say_case, say_letter, say_passage, say_slot
from donate.web.who import colleague

#: Tests that a staff member may send themselves: enough to get a letter right, too few to fill a mailbox.
TESTS = Limit("letter_test", 20, timedelta(hours=1))


@staff.get("/letters")
@needs("change_texts")
def letters() -> ResponseReturnValue:
    """List the letters, and in which languages each says the newsroom's own words."""
    return render_template(
        "staff/letters.html",
        groups=[
            (say_audience(audience), [(each.name, say_letter(each.name)) for each in LETTERS.values()
                                      if each.audience == audience])
            for audience in AUDIENCES
        ],
        own=languages_with_words(list(LETTERS)),
        languages=LANGUAGES,
        **frame(),
    )  # fmt: skip


@staff.get("/letters/<letter>")
@needs("change_texts")
def letter_words(letter: str) -> ResponseReturnValue:
    """Show what a letter says, and how it looks."""
    _known(letter)
    return _page(draft_of(letter, language_asked(request.args)), done=request.args.get("done", ""))


@staff.post("/letters/<letter>")
@needs("change_texts")
def write_letter(letter: str) -> ResponseReturnValue:
    """Save what a letter says, or only draw it, take the house's words again, or mail a test."""
    _known(letter)
    draft, (act, _sep, passage) = typed_draft(letter), request.form.get("do", "").partition(":")
    if act == "house" and passage in draft.house:
        return _page(with_house_words(draft, passage), done="house", typed=True)
    if act == "preview" or act not in ("save", "test"):
        return _page(draft, typed=True)
    if draft.problems:
        return _page(draft, typed=True, status=422)
    return _test(draft) if act == "test" else _save(draft, draft.words)


@staff.post("/letters/<letter>/back")
@needs("change_texts")
def take_letter_back(letter: str) -> ResponseReturnValue:
    """Let a letter say again what it said in one of its versions, as a new one."""
    _known(letter)
    number = request.form.get("number", "")
    if not number.isascii() or not number.isdigit() or len(number) > 8:
        abort(404)
    draft = draft_of(letter, language_asked(request.form))
    older = version_of(letter, draft.language, int(number)) if int(number) else None
    words = {**draft.house, **(older.words if older is not None else {})}
    return _save(draft, words, back_to=int(number))


def _save(draft: Draft, words: dict[str, str], back_to: int | None = None) -> ResponseReturnValue:
    here, name = colleague(), draft.letter.name
    try:
        with committed():
            row = reword_letter(
                name, draft.language, words, draft.house, staff_id=here.staff.id, based_on=draft.based_on
            )
            if row is not None:
                after = {"version": row.number} | ({"back_to": back_to} if back_to is not None else {})
                record_history(
                    here.as_who(), "reword_letter", "letter", f"{name}.{draft.language}",
                    before={"version": draft.based_on}, after=after,
                )  # fmt: skip
    except WordsRefused:
        return _page(draft, done="overtaken", typed=True, status=409)
    done = "same" if row is None else "back" if back_to is not None else "saved"
    return redirect(url_for("staff.letter_words", letter=name, language=draft.language, done=done), 303)


def _test(draft: Draft) -> ResponseReturnValue:
    here = colleague().staff
    to_address = here.email
    wait = take((TESTS, str(here.id)))
    if wait:
        return _page(draft, done="wait", typed=True, minutes=-(-wait // 60), status=429)
    with committed():
        queue_mail(try_letter(draft, to_address, case=_case(draft), is_trial=True))
    return _page(draft, done="mailed", typed=True)


def _page(
    draft: Draft, *, done: str = "", typed: bool = False, minutes: int = 0, status: int = 200
) -> Response:  # fmt: skip
    email, case = colleague().staff.email, _case(draft)
    versions = list_letter_words(draft.letter.name, draft.language)
    page = render_template(
        "staff/letter.html",
        draft=draft,
        title=say_letter(draft.letter.name),
        passages=[(name, say_passage(name), is_line(name)) for name in draft.house],
        slots=[(name, say_slot(name), slot.may_lack) for name, slot in draft.letter.slots.items()],
        languages=LANGUAGES,
        words_direction=direction(draft.language),
        cases=[(each, say_case(each) if each else _("The usual one")) for each in list_cases(draft)],
        case=case,
        drawn=draw(draft, email, case=case),
        versions=[(each, name_of_staff(each.staff_id)) for each in versions],
        done=_said_of(done, minutes),
        is_done=done in ("saved", "back", "mailed"),
        typed=typed,
        # Who was told that somebody was faster replaces theirs with the next press.
        based_on=versions[0].number if done == "overtaken" and versions else draft.based_on,
        **frame(),
    )
    response = make_response(page, status)
    # Mail carries its styles inline; here it is drawn in frames that run nothing, which have this page's policy.
    policy = standing_headers(current_app)["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    response.headers["Cache-Control"] = "no-store"
    return response


def _said_of(done: str, minutes: int) -> str:
    words: dict[str, str] = {
        "saved": _("Saved. Letters written from now on say it; those already written stay as they are."),
        "back": _("It says again what it said then, as a new version."),
        "same": _("Nothing was changed, so nothing was saved."),
        "house": _("The house’s words are in the form again. They hold once you save."),
        "mailed": _("A test is on its way to you. Nothing was saved by it."),
        "overtaken": _(
            "Somebody else saved this letter while you were writing. What you typed is still here, and not saved. Look "
            "at theirs in another window, and save again to replace it."
        ),
        "wait": str(ngettext(
            "You sent yourself many tests. The next can go in %(num)d minute.",
            "You sent yourself many tests. The next can go in %(num)d minutes.",
            minutes,
        )),
    }  # fmt: skip
    return words.get(done, "")


def _case(draft: Draft) -> str:
    cases, asked = list_cases(draft), request.values.get("case", "")
    return asked if asked in cases else next(iter(cases), "")


def _known(letter: str) -> None:
    if letter not in LETTERS:
        abort(404)
