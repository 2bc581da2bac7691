"""The desk of offline gifts: batches that wait, batches that are posted, and what came by itself."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.giving.offline.queries import count_posted_batches, list_batches, list_single_gifts, total_lines
from donate.team.queries import list_emails
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.offline.frame import offline_frame
from donate.web.staff.paging import read_page

_AT_ONCE = 20


@staff.get("/offline")
@needs("record_offline_gifts")
def offline() -> ResponseReturnValue:
    """Show what waits to be posted, and what was recorded last."""
    paging = read_page(request.args, count_posted_batches(), _AT_ONCE)
    waiting = list_batches(posted=False)
    return render_template(
        "staff/offline/overview.html",
        waiting=[(each, *total_lines(each)) for each in waiting],
        posted=list_batches(posted=True, skip=paging.skip, at_most=_AT_ONCE),
        paging=paging,
        singles=list_single_gifts(at_most=_AT_ONCE),
        is_discarded="discarded" in request.args,
        emails=list_emails(),
        **offline_frame(),
    )
