"""Write to a donor at another address from now on: who asks is made sure of, and the new mailbox says yes first."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed, lock
from donate.donors.correct import add_address
from donate.donors.models import Donor
from donate.donors.queries import find_address_change, find_main_email, get_donor
from donate.errors import DonorRefused
from donate.records.readdress import CHECKS, ask_new_address, take_back_new_address
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.giving.add_page import read_address
from donate.web.staff.giving.donor_page import to_donor
from donate.web.staff.giving.words import say_check, say_refusal
from donate.web.staff.home import frame
from donate.web.who import colleague


@staff.get("/donors/<reference>/address")
@needs("answer_donors")
def change_address(reference: str) -> ResponseReturnValue:
    """Ask for the new address, and how the colleague made sure who asks."""
    return _form(reference)


@staff.post("/donors/<reference>/address")
@needs("answer_donors")
def do_change_address(reference: str) -> ResponseReturnValue:
    """Ask the new mailbox; a donor without any address gets this one at once."""
    found, who = get_donor(reference), colleague().as_who()
    donor_id, has_one = found.id, find_main_email(found.id) is not None
    email, problem = read_address(optional=False)
    if problem:
        return _form(reference, problem=problem)
    try:
        with committed():
            if has_one:
                ask_new_address(donor_id, email, request.form.get("check", ""), who)
            else:
                add_address(lock(Donor, donor_id), email, who)
    except DonorRefused as error:
        return _form(reference, problem=say_refusal(error), known=error.values.get("donor", ""))
    return to_donor(reference, done="address" if has_one else "address_added")


@staff.post("/donors/<reference>/address/take-back")
@needs("answer_donors")
def take_back_address(reference: str) -> ResponseReturnValue:
    """Let the link in the letter lead nowhere."""
    found, who = get_donor(reference), colleague().as_who()
    change = find_address_change(request.form.get("change", ""))
    if change is None or change.donor_id != found.id:
        abort(404)
    donor_id = found.id
    with committed():
        donor = lock(Donor, donor_id)
        again = find_address_change(request.form.get("change", ""))
        assert again is not None
        take_back_new_address(donor, again, who)
    return to_donor(reference, done="address_back")


def _form(reference: str, *, problem: str = "", known: str = "") -> ResponseReturnValue:
    found = get_donor(reference)
    page = render_template(
        "staff/giving/address.html",
        donor=found,
        main=find_main_email(found.id),
        checks=CHECKS,
        say_check=say_check,
        typed=request.form,
        problem=problem,
        known=known,
        **frame(),
    )
    return page, 422 if problem else 200
