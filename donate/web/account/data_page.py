"""A member's data: what is held, to take along, and the way to be forgotten."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.errors import NotFound
from donate.records.export import export_person
from donate.records.queries import find_erasure
from donate.team.history import record_history
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.who import member

_FORMS = {"json": "application/json", "zip": "application/zip"}


@account.get("/your-data")
@for_members
def your_data() -> ResponseReturnValue:
    """Show how much is held, with a button for each form of it."""
    donor = member().donor
    held = export_person(donor, proven_only=True)
    return render_template(
        "account/your_data.html",
        counts={name: len(rows) for name, rows in held.tables.items()},
        wish=find_erasure(donor.id),
    )


@account.post("/your-data/<form>")
@for_members
def download(form: str) -> ResponseReturnValue:
    """Hand out all that is held about the member."""
    if form not in _FORMS:
        raise NotFound("form_missing", form=form)
    here = member()
    held = export_person(here.donor, proven_only=True)
    with committed():
        record_history(here.as_who(), "export_person", "donor", here.donor.reference, after={"format": form})
    content = held.as_json() if form == "json" else held.as_zip()
    name = f"my-giving-{held.made_at:%Y-%m-%d}.{form}"
    return Response(content, mimetype=_FORMS[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})
