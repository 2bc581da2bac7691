"""Write and change an appeal: one form, tried beside a real story before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.appeals.compare import merge_changes
from donate.appeals.contents import Contents, contents_from_json, contents_of, contents_to_json
from donate.appeals.draft import draft_appeal
from donate.appeals.edit import edit_appeal
from donate.appeals.models import Appeal
from donate.appeals.queries import find_newest_version, find_version_until, get_appeal
from donate.appeals.read_rules import ALLOWABLE_FLAGS
from donate.appeals.rules import FREQUENCIES, PLACEMENTS
from donate.articles.queries import list_sections
from donate.db import committed
from donate.errors import AppealRefused
from donate.money import currency_name
from donate.newsroom.models import Fund, Newsroom
from donate.newsroom.queries import get_general_fund, get_newsroom, list_funds
from donate.team.queries import name_of_staff
from donate.web.access import needs
from donate.web.language import LANGUAGES, current_language, say
from donate.web.reading import url_for
from donate.web.staff.appeal_differences import Difference, say_differences
from donate.web.staff.appeal_fields import ASKABLE, COPIES, fill_form, form_for, label_of, offer_field, text_field
from donate.web.staff.appeal_preview import preview_of
from donate.web.staff.appeal_reading import read_form
from donate.web.staff.appeal_state import locked_appeal
from donate.web.staff.appeal_words import say_allowed, say_frequency, say_refusal, say_standing
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.places_words import say_place
from donate.web.who import colleague


@dataclass(frozen=True)
class Overtaken:
    """What somebody else changed while this form was open.

    Args:
        who: Their address; empty for a file or the worker.
        theirs: What they changed, in words.
        both: Names of the fields that were changed here too.
    """

    who: str
    theirs: list[Difference]
    both: list[str]


@staff.get("/appeals/new")
@needs("edit_appeals")
def new_appeal() -> ResponseReturnValue:
    """Show the form of an appeal that is not there yet."""
    newsroom = get_newsroom()
    return _page(fill_form(_empty(), _currencies(newsroom)), None)


@staff.post("/appeals/new")
@needs("edit_appeals")
def write_appeal() -> ResponseReturnValue:
    """Save a new appeal as a draft, or only draw it."""
    newsroom, who = get_newsroom(), colleague().as_who()
    form = form_for(_currencies(newsroom))(request.form)
    contents, problems = read_form(form, newsroom, _empty(), is_fixed=False)
    if "preview" in request.form:
        return _page(form, None, shown=contents)
    if problems:
        return _page(form, None, problems=problems, status=422)
    try:
        with committed():
            draft_appeal(contents, who)
    except AppealRefused as refused:
        return _page(form, None, problems={"slug": say_refusal(refused.message)}, status=422)
    return redirect(url_for("staff.appeal", slug=contents.slug, done="saved"), 303)


@staff.get("/appeals/<slug>/edit")
@needs("edit_appeals")
def edit_appeal_form(slug: str) -> ResponseReturnValue:
    """Show the form of an appeal as it is."""
    row = get_appeal(slug)
    return _page(fill_form(contents_of(row), _currencies(get_newsroom()), version=str(row.version)), row)


@staff.post("/appeals/<slug>/edit")
@needs("edit_appeals")
def save_appeal(slug: str) -> ResponseReturnValue:
    """Save what was changed, unless somebody else was faster; or only draw it."""
    row, newsroom, who = get_appeal(slug), get_newsroom(), colleague().as_who()
    form = form_for(_currencies(newsroom))(request.form)
    contents, problems = read_form(form, newsroom, contents_of(row), is_fixed=row.status != "draft")
    if "preview" in request.form:
        return _page(form, row, shown=contents)
    if problems:
        return _page(form, row, problems=problems, status=422)
    based_on = int(form["version"].data) if str(form["version"].data).isdecimal() else -1
    try:
        with committed():
            edit_appeal(locked_appeal(slug), contents, who, based_on=based_on)
    except AppealRefused as refused:
        if refused.message == "appeal_changed":
            return _overtaken(get_appeal(slug), contents, based_on, newsroom)
        return _page(form, get_appeal(slug), problems={"slug": say_refusal(refused.message)}, status=422)
    return redirect(url_for("staff.appeal", slug=contents.slug, done="saved"), 303)


def _overtaken(row: Appeal, mine: Contents, based_on: int, newsroom: Newsroom) -> ResponseReturnValue:
    """Bring both changes together in the form and say what came from elsewhere; saving is another press."""
    theirs = contents_to_json(contents_of(row))
    began = find_version_until(row.id, based_on)
    merged = merge_changes(began.contents if began is not None else theirs, contents_to_json(mine), theirs)
    form = fill_form(contents_from_json(merged.contents), _currencies(newsroom), version=str(row.version))
    newest = find_newest_version(row.id)
    overtaken = Overtaken(
        who=name_of_staff(newest.staff_id) if newest is not None else "",
        theirs=say_differences(merged.theirs),
        both=[each.label for each in say_differences([one for one in merged.theirs if one.place in merged.both])],
    )
    return _page(form, row, overtaken=overtaken, status=409)


def _page(
    form: Any,
    row: Appeal | None,
    *,
    problems: dict[str, str] | None = None,
    shown: Contents | None = None,
    overtaken: Overtaken | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    newsroom, problems = get_newsroom(), problems or {}
    page = render_template(
        "staff/appeal_form.html",
        appeal=row,
        form=form,
        problems=problems,
        labels=[(name, label_of(name), sentence) for name, sentence in problems.items()],
        overtaken=overtaken,
        preview=_preview(form, shown, newsroom) if shown is not None else None,
        languages=LANGUAGES,
        copies=COPIES,
        currencies=_currencies(newsroom),
        currency_options=[
            (code, f"{currency_name(code, current_language())} ({code})") for code in _currencies(newsroom)
        ],
        language_options=[("", _("The first it is written in")), *LANGUAGES.items()],
        text_field=text_field,
        offer_field=offer_field,
        funds=[(fund.code, say(fund.names) or fund.name) for fund in list_funds() if _is_offered(fund, row)],
        sections_here=[(each.slug, say(each.names) or each.name) for each in list_sections()],
        placements_here=[(each, say_place(each)) for each in PLACEMENTS],
        standings=[(each, say_standing(each)) for each in ASKABLE],
        frequencies=[(each, say_frequency(each)) for each in FREQUENCIES],
        flags=[(each, say_allowed(each)) for each in ALLOWABLE_FLAGS],
        **frame(),
    )
    return make_response(page, status)


def _is_offered(fund: Fund, row: Appeal | None) -> bool:
    """Tell whether a fund can be chosen: a closed one only where it is the appeal's already."""
    return not fund.is_closed or (row is not None and row.fund_id == fund.id)


def _preview(form: Any, shown: Contents, newsroom: Newsroom) -> Any:
    return preview_of(
        shown,
        newsroom,
        language=str(form["preview_language"].data or ""),
        article=str(form["preview_article"].data or ""),
        copy=str(form["preview_copy"].data or "a"),
    )


def _empty() -> Contents:
    return Contents(slug="", name="", fund=get_general_fund().code)


def _currencies(newsroom: Newsroom) -> list[str]:
    usual = newsroom.default_currency
    return [usual, *(each for each in newsroom.currencies if each != usual)]
