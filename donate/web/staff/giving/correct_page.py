"""Correct what is kept: a donor's name and language; the name and postal address as they stand on one gift."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.donors.queries import get_donor
from donate.errors import DonorRefused
from donate.fulfillment.correct_giver import GIVER_FIELDS, correct_giver
from donate.records.correct_person import correct_person as correct_record
from donate.web.access import needs
from donate.web.language import LANGUAGES
from donate.web.staff.door import staff
from donate.web.staff.giving.add_page import read_person
from donate.web.staff.giving.donor_page import to_donor
from donate.web.staff.giving.gift_page import found_gift, to_gift
from donate.web.staff.giving.words import say_refusal
from donate.web.staff.home import frame
from donate.web.who import colleague


@staff.get("/donors/<reference>/correct")
@needs("answer_donors")
def correct_person(reference: str) -> ResponseReturnValue:
    """Show a donor's name and language to be corrected."""
    return _person_form(reference)


@staff.post("/donors/<reference>/correct")
@needs("answer_donors")
def do_correct_person(reference: str) -> ResponseReturnValue:
    """Correct a donor's name and language."""
    donor_id, who = get_donor(reference).id, colleague().as_who()
    try:
        with committed():
            correct_record(donor_id, read_person(), who)
    except DonorRefused as error:
        return _person_form(reference, problem=say_refusal(error))
    return to_donor(reference, done="corrected")


@staff.get("/gifts/<reference>/giver")
@needs("answer_donors")
def gift_giver(reference: str) -> ResponseReturnValue:
    """Show the name and address that one gift and its receipt bear."""
    return _giver_form(reference)


@staff.post("/gifts/<reference>/giver")
@needs("answer_donors")
def do_correct_giver(reference: str) -> ResponseReturnValue:
    """Correct the name and address of one gift; its receipt is replaced where it said otherwise."""
    donation, who = found_gift(reference), colleague().as_who()
    words = {name: request.form.get(name, "")[:1000] for name in GIVER_FIELDS}
    try:
        with committed():
            changed = correct_giver(donation.id, words, who)
    except DonorRefused as error:
        return _giver_form(reference, problem=say_refusal(error))
    return to_gift(donation.reference, done="corrected" if changed else "unchanged")


def _person_form(reference: str, *, problem: str = "") -> ResponseReturnValue:
    donor = get_donor(reference)
    page = render_template(
        "staff/giving/correct.html", donor=donor, typed=request.form or None, languages=LANGUAGES, problem=problem,
        **frame(),
    )  # fmt: skip
    return page, 422 if problem else 200


def _giver_form(reference: str, *, problem: str = "") -> ResponseReturnValue:
    donation = found_gift(reference)
    typed = {name: request.form.get(name, getattr(donation, name)) for name in GIVER_FIELDS}
    page = render_template("staff/giving/giver.html", gift=donation, typed=typed, problem=problem, **frame())
    return page, 422 if problem else 200
