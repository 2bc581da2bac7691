"""The daily digest for staff who asked for one: what the books have of the day before, currency by currency."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from donate import clock
from donate.db import committed, db, lock
from donate.giving.models import Dispute
from donate.mail.queue import queue_mail
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.queries import find_newsroom
from donate.recurring.models import RecurringMovementDay
from donate.reports.income import Income, Span, income_total, list_settled_currencies
from donate.team.models import Staff, StaffNotices
from donate.team.notices import may_have
from donate.team.permissions import may
from donate.team.queries import list_notices

_BEGAN, _ENDED = ("new", "returned"), ("cancelled", "failed")
_TO_ANSWER = ("needs_response", "warning_needs_response")


def send_digests() -> int:
    """Queue the digest of yesterday for everybody whose hour has come; call outside ``committed()``.

    Returns:
        How many were queued.
    """
    newsroom = find_newsroom()
    if newsroom is None:
        return 0
    here = clock.now().astimezone(ZoneInfo(newsroom.time_zone))
    due = [staff.id for staff, notices in list_notices() if _is_due(staff, notices, here)]
    sent = 0
    for staff_id in due:
        with committed():
            notices = lock(StaffNotices, staff_id)
            staff = db.session.get_one(Staff, staff_id)
            if _is_due(staff, notices, here):  # else another worker was here
                notices.digest_on = here.date() - timedelta(days=1)
                _queue(staff, notices, notices.digest_on)
                sent += 1
    return sent


def digest_of(day: date) -> list[Income]:
    """Sum up a day of the books, one line a settlement currency that moved.

    Args:
        day: The newsroom's.
    """
    spans = (Span(day, day + timedelta(days=1), currency) for currency in sorted(list_settled_currencies()))
    totals = [income_total(span) for span in spans]
    return [each for each in totals if any((each.gifts, each.gross, each.refunds, each.disputes, each.fees))]


def _is_due(staff: Staff, notices: StaffNotices, here: datetime) -> bool:
    yesterday = here.date() - timedelta(days=1)
    if notices.digest_hour is None or here.hour < notices.digest_hour or not may_have(staff.role, "digest"):
        return False
    return notices.digest_on is None or notices.digest_on < yesterday


def _queue(staff: Staff, notices: StaffNotices, day: date) -> None:
    answers = _disputes() if may_have(staff.role, "disputes") else {"disputes": 0, "answer_until": None}
    began, ended = _promises(day, _BEGAN), _promises(day, _ENDED)
    letter = letter_from_newsroom(
        f"staff-digest:{day.isoformat()}:{staff.reference}", "staff_digest", staff.email, notices.language,
        day=day.isoformat(), began=began, ended=ended,
        lines=[{**asdict(each), "net": each.net} for each in digest_of(day)],
        path="/staff/finance" if may(staff.role, "see_ledger") else "/staff",
        **answers,
    )  # fmt: skip
    queue_mail(letter, job="deliver_staff_mail", staff_id=staff.id, kind="digest")


def _promises(day: date, kinds: tuple[str, ...]) -> int:
    table = RecurringMovementDay
    asked = select(func.sum(table.changes)).where(table.moved_on == day, table.kind.in_(kinds))
    return int(db.session.scalar(asked) or 0)


def _disputes() -> dict[str, Any]:
    """Tell how many disputes wait for an answer, and until which day the most urgent one does."""
    asked = select(func.count(Dispute.id), func.min(Dispute.evidence_due_at)).where(Dispute.status.in_(_TO_ANSWER))
    number, due = db.session.execute(asked).one()
    newsroom = find_newsroom()
    assert newsroom is not None
    return {"disputes": number, "answer_until": clock.on(due, newsroom.time_zone).isoformat() if due else None}
