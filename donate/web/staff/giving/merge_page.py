"""Make two records of one person one: found, looked at beside each other, and only then merged."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.donors.models import Donor
from donate.donors.queries import find_donor, get_donor
from donate.errors import MergeRefused
from donate.newsroom.queries import get_newsroom
from donate.records.merge import Preview, merge_donors, preview_merge
from donate.reports.find_people import find_people
from donate.reports.look_alikes import look_alikes_of
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.giving.donor_page import to_donor
from donate.web.staff.giving.words import say_refusal
from donate.web.staff.home import frame
from donate.web.who import colleague


@staff.get("/donors/<reference>/merge")
@needs("merge_donors")
def merge(reference: str) -> ResponseReturnValue:
    """Help to find the other record, and show what a merge would do."""
    found, wanted = get_donor(reference), _wanted(request.args.get("with", ""))
    if not wanted:
        return _choose(found)
    other = find_donor(wanted)
    if other is None:
        return _choose(found, problem=say_refusal(MergeRefused("merge_missing")))
    try:
        preview = preview_merge(found, other)
    except MergeRefused as error:
        return _choose(found, problem=say_refusal(error))
    return _preview(preview)


@staff.get("/donors/<reference>/merge/<other>")
@needs("merge_donors", fresh=True)
def confirm_merge(reference: str, other: str) -> ResponseReturnValue:
    """Show it once more with its button; here the second factor is asked for anew."""
    stays, goes = get_donor(reference), get_donor(other)
    try:
        return _preview(preview_merge(stays, goes), is_last=True)
    except MergeRefused as error:
        return _choose(stays, problem=say_refusal(error))


@staff.post("/donors/<reference>/merge/<other>")
@needs("merge_donors", fresh=True)
def do_merge(reference: str, other: str) -> ResponseReturnValue:
    """Make the two one."""
    stays, goes = get_donor(reference).id, get_donor(other).id
    try:
        with committed():
            merge_donors(stays, goes, colleague().as_who(), seen=request.form.get("seen", ""))
    except MergeRefused as error:
        left = find_donor(reference)
        if left is None:
            return to_donor(other)
        return _again(left, other, say_refusal(error))
    return to_donor(reference, done="merged")


def _again(stays: Donor, other: str, problem: str) -> ResponseReturnValue:
    goes = find_donor(other)
    if goes is None:
        return _choose(stays, problem=problem)
    try:
        return _preview(preview_merge(stays, goes), is_last=True, problem=problem)
    except MergeRefused as error:
        return _choose(stays, problem=say_refusal(error))


def _wanted(text: str) -> str:
    return text.replace("-", "").strip().upper()[:16]


def _choose(found: Donor, *, problem: str = "") -> ResponseReturnValue:
    typed = request.args.get("q", "").strip()[:200]
    donors = find_people(typed, tuple(get_newsroom().currencies)).donors if typed else look_alikes_of(found)
    page = render_template(
        "staff/giving/merge_choose.html",
        donor=found,
        typed=typed,
        donors=[each for each in donors if each.reference != found.reference],
        problem=problem,
        **frame(),
    )
    return page, 422 if problem else 200


def _preview(preview: Preview, *, is_last: bool = False, problem: str = "") -> ResponseReturnValue:
    page = render_template("staff/giving/merge.html", preview=preview, is_last=is_last, problem=problem, **frame())
    return page, 422 if problem else 200
