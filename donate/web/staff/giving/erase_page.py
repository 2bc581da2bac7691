"""A donor's rights, used at the desk for whoever writes or calls: all that is held about them, and being forgotten."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed, lock
from donate.donors.models import Donor
from donate.donors.queries import get_donor, list_emails
from donate.fulfillment.forget_person import forget_person
from donate.records.erase import ask_erasure, stands_in_the_way
from donate.records.export import export_person
from donate.records.person_story import story_of
from donate.team.history import record_history
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.giving.donor_page import to_donor
from donate.web.staff.home import frame
from donate.web.who import colleague


@staff.get("/donors/<reference>/data")
@needs("export_personal_data", fresh=True)
def donor_data(reference: str) -> ResponseReturnValue:
    """Hand out all that is held about a donor, as a zip."""
    found, who = get_donor(reference), colleague().as_who()
    held = export_person(found, proven_only=False)
    with committed():
        record_history(who, "export_person", "donor", reference, after={"format": "zip"})
    response: Response = make_response(held.as_zip())
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f"attachment; filename=donor-{reference}.zip"
    return response


@staff.get("/donors/<reference>/erase")
@needs("erase_donors", fresh=True)
def erase_donor(reference: str) -> ResponseReturnValue:
    """Say what being forgotten means here, and ask for the donor's address before the press."""
    return _form(reference)


@staff.post("/donors/<reference>/erase")
@needs("erase_donors", fresh=True)
def do_erase_donor(reference: str) -> ResponseReturnValue:
    """Forget a donor: what is theirs at Stripe ends first."""
    found, who = get_donor(reference), colleague().as_who()
    if request.form.get("confirm", "").replace("-", "").strip().upper() != found.reference:
        return _form(
            reference, problem=_("Type the donor’s reference as it stands above, so that it is the right one.")
        )
    donor_id = found.id
    with committed():
        wish_id = ask_erasure(lock(Donor, donor_id), "staff", who).id
    wish = forget_person(wish_id)
    return to_donor(reference, done="" if wish.erased_at is not None else "erasing")


def _form(reference: str, *, problem: str = "") -> ResponseReturnValue:
    found = get_donor(reference)
    page = render_template(
        "staff/giving/erase.html", donor=found, story=story_of(found), emails=list_emails(found.id),
        waits=stands_in_the_way(found.id), problem=problem, **frame(),
    )  # fmt: skip
    return page, 422 if problem else 200
