"""The letter that says that a saved report is ready, with a link that opens only for its owner."""

from __future__ import annotations

from donate.db import db
from donate.mail.queue import queue_mail
from donate.newsroom.letters import letter_from_newsroom
from donate.reports.models import ExportOrder, SavedReport
from donate.team.models import Staff


def tell_owner(order: ExportOrder) -> None:
    """Queue the letter about an order of a saved report; call inside ``committed()``.

    Args:
        order: Ready.
    """
    report = db.session.get(SavedReport, order.saved_report_id)
    if report is None:
        return
    owner = db.session.get_one(Staff, order.staff_id)
    queue_mail(
        letter_from_newsroom(
            f"report:{order.reference}",
            "report_ready",
            owner.email,
            report.language,
            name=report.name,
            rows=order.rows_done,
            first=order.period["since"],
            last=order.period["until"],
            path=f"/staff/finance/exports/{order.reference}",
        )
    )
