"""Saved reports: an export with a name, written when asked or each week or month."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed
from donate.errors import NotFound, ReportRefused
from donate.reports.export import Period
from donate.reports.kinds import permission_for
from donate.reports.models import SavedReport
from donate.reports.orders import find_saved
from donate.reports.saved import LONGEST_NAME, RHYTHMS, SPANS, forget_report, is_allowed, run_report, save_report
from donate.team.history import record_history
from donate.team.permissions import may
from donate.web.access import needs
from donate.web.language import current_language
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.finance.exports_page import read_wish, show_exports
from donate.web.who import colleague


@staff.post("/finance/exports/save")
@needs("export_books")
def save_export() -> ResponseReturnValue:
    """Save what the form asks for under a name."""
    wish, here = read_wish(request.form), colleague().staff
    if not may(here.role, permission_for(wish.kind)):
        return show_exports(wish, _("Your role does not allow this export.")), 403
    if wish.problem:
        return show_exports(wish), 422
    span, rhythm = (wish.typed[name] for name in ("span", "rhythm"))
    try:
        with committed():
            report = save_report(
                here.id,
                wish.typed["name"],
                kind=wish.kind,
                shape=wish.shape,
                form=wish.form,
                span=span if span in SPANS else "last_month",
                filters=_filters(wish.period),
                rhythm=rhythm if rhythm in RHYTHMS else "",
                language=current_language(),
            )
            told = {"kind": report.kind, "rhythm": report.rhythm or "asked"}
            record_history(colleague().as_who(), "save_report", "report", report.reference, after=told)
    except ReportRefused as refused:
        return show_exports(wish, _say_refusal(refused)), 422
    return redirect(url_for("staff.exports") + "#saved", 303)


@staff.post("/finance/reports/<reference>/run")
@needs("export_books", fresh=True)
def run_saved(reference: str) -> ResponseReturnValue:
    """Ask for a saved report's file as of today."""
    report = _mine(reference)
    if not is_allowed(report):
        return show_exports(read_wish({}), _("Your role does not allow this export.")), 403
    with committed():
        order = run_report(report).reference
    return redirect(url_for("staff.export_order", reference=order), 303)


@staff.post("/finance/reports/<reference>/delete")
@needs("export_books")
def forget_saved(reference: str) -> ResponseReturnValue:
    """Delete a saved report."""
    with committed():
        report = _mine(reference)
        forget_report(report)
        record_history(colleague().as_who(), "forget_report", "report", report.reference, before={"kind": report.kind})
    return redirect(url_for("staff.exports"), 303)


def _filters(period: Period) -> dict[str, Any]:
    """Give what a report asks for besides its days, which are others each time."""
    return {name: value for name, value in asdict(period).items() if value and name not in ("since", "until")}


def _mine(reference: str) -> SavedReport:
    report = find_saved(reference, colleague().staff.id)
    if report is None:
        raise NotFound("report_missing", reference=reference[:20])
    return report


def _say_refusal(refused: ReportRefused) -> str:
    words: dict[str, str] = {
        "name_missing": _("Give the report a name, such as “Month for the bookkeeper”."),
        "name_too_long": _("Shorten the name to %(most)s letters.", most=LONGEST_NAME),
    }
    return words[refused.message]
