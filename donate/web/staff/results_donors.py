"""Who gave to an appeal, as a file to take along: for whoever thanks them."""

from __future__ import annotations

import io

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.reports.appeal_donors import COLUMNS
from donate.reports.export import Period, write_export
from donate.reports.gift_lines import Which, total_gifts
from donate.reports.register import register_export
from donate.team.history import Plain, record_history
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.results_filter import Days, read_days
from donate.web.staff.results_page import campaign_of, title_of
from donate.web.who import colleague


@staff.get("/appeals/<slug>/donors")
@needs("export_appeal_donors", fresh=True)
def appeal_donors(slug: str) -> ResponseReturnValue:
    """Say what the file holds, and give its button."""
    return _show(slug, read_days(request.args))


def _show(slug: str, days: Days) -> ResponseReturnValue:
    campaign = campaign_of(slug)
    page = render_template(
        "staff/report_donors.html",
        campaign=campaign,
        title=title_of(campaign),
        days=days,
        columns=COLUMNS,
        totals=total_gifts(Which(since=days.since, until=days.until, appeal=slug)),
        **frame(),
    )
    return page, 422 if days.problem else 200


@staff.post("/appeals/<slug>/donors")
@needs("export_appeal_donors", fresh=True)
def take_appeal_donors(slug: str) -> ResponseReturnValue:
    """Hand out the file, and write down who took it."""
    campaign, days = campaign_of(slug), read_days(request.form)
    if days.problem:
        return _show(slug, days)
    file = io.BytesIO()
    made = write_export("appeal_donors", Period(days.since, days.until, appeal=campaign.slug), "csv", file)
    after: dict[str, Plain] = {"rows": made.rows, "sha256": made.sha256, "from": days.first, "to": days.last}
    with committed():
        register_export(made, f"staff:{colleague().staff.id}")
        record_history(colleague().as_who(), "export_appeal_donors", "appeal", campaign.slug, after=after)
    return Response(
        file.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="donors-{campaign.slug}.csv"'},
    )
