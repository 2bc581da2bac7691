"""See a member's own pages as they see them: written down, for a quarter of an hour, and nothing can be pressed."""

from __future__ import annotations

from flask import abort, redirect
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.donors.queries import get_donor
from donate.team.history import record_history
from donate.web.access import needs
from donate.web.looking import begin_looking
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.who import colleague


@staff.post("/donors/<reference>/look")
@needs("view_as_member")
def look_as_member(reference: str) -> ResponseReturnValue:
    """Begin to look at a member's pages."""
    found, here = get_donor(reference), colleague()
    if found.erased_at is not None:
        abort(404)
    response = redirect(url_for("account.gifts"), 303)
    begin_looking(response, found, here.session)
    with committed():
        record_history(here.as_who(), "view_as_member", "donor", reference)
    return response
