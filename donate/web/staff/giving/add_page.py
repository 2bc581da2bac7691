"""Add a donor: somebody who wrote, called or came by, before or beside any gift."""

from __future__ import annotations

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.donors.correct import PersonWords, add_donor
from donate.errors import DonorRefused
from donate.web.access import needs
from donate.web.addresses import check_address
from donate.web.language import LANGUAGES
from donate.web.staff.door import staff
from donate.web.staff.giving.donor_page import to_donor
from donate.web.staff.giving.words import say_refusal
from donate.web.staff.home import frame
from donate.web.who import colleague


@staff.get("/donors/add")
@needs("answer_donors")
def add_person() -> ResponseReturnValue:
    """Show the form."""
    return _form()


@staff.post("/donors/add")
@needs("answer_donors")
def do_add_person() -> ResponseReturnValue:
    """Write somebody down."""
    email, problem = read_address(optional=True)
    if problem:
        return _form(problem=problem)
    try:
        with committed():
            reference = add_donor(read_person(), email, colleague().as_who()).reference
    except DonorRefused as error:
        return _form(problem=say_refusal(error), known=error.values.get("donor", ""))
    return to_donor(reference, done="added")


def read_address(*, optional: bool) -> tuple[str, str]:
    """Read the address of a form.

    Args:
        optional: Whether it may be left out.

    Returns:
        The address, and the sentence that names the repair: one of the two at most is not empty.
    """
    typed = request.form.get("email", "").strip()[:1000]
    if optional and not typed:
        return "", ""
    return check_address(typed, livemode=current_app.config["DONATE"].livemode)


def read_person() -> PersonWords:
    """Read a person's name and language from the form."""
    language = request.form.get("language", "")
    return PersonWords(
        request.form.get("first_name", "")[:1000],
        request.form.get("last_name", "")[:1000],
        language if language in LANGUAGES else next(iter(LANGUAGES)),
    )


def _form(*, problem: str = "", known: str = "") -> ResponseReturnValue:
    page = render_template(
        "staff/giving/add.html", typed=request.form, languages=LANGUAGES, problem=problem, known=known, **frame()
    )
    return page, 422 if problem else 200
