"""What staff asked to be mailed of gifts: queued with the gift itself, and looked at again before it goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from donate import clock
from donate.appeals.models import Appeal
from donate.appeals.pause_bound import called
from donate.db import committed, db
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.status import is_inquiry
from donate.mail.deliver import deliver_mail
from donate.mail.queue import queue_mail, withdraw_mail
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom
from donate.recurring.models import RecurringDonation
from donate.team.models import Staff, StaffNotices
from donate.team.notices import may_have, may_still_have
from donate.team.permissions import may
from donate.team.queries import list_notices

#: The job that asks once more whether a colleague may have the letter.
JOB = "deliver_staff_mail"


def tell_staff_of_gift(donation: Donation, begun: RecurringDonation | None) -> None:
    """Queue what colleagues wanted to hear of a gift that arrived; call inside ``committed()`` with what it follows.

    Args:
        donation: Just succeeded.
        begun: The promise it began, if any: who hears of those hears of both in one letter.
    """

    def of_what(notices: StaffNotices) -> str:
        if begun is not None and notices.promises:
            return "promise_new"
        return "gift" if _wants_gift(notices, donation) else ""

    reference = donation.reference
    for staff, notices, what in _who_wants("gifts", of_what):
        promise = begun.reference if begun is not None else ""
        _queue(staff, notices, "gifts", f"gift:{reference}", what, **_about(donation, staff, notices), promise=promise)


def tell_staff_of_promise_end(promise: RecurringDonation) -> None:
    """Queue what colleagues wanted to hear of a promise that ended; call inside ``committed()``."""
    for staff, notices, what in _who_wants("promises", lambda each: "promise_ended" if each.promises else ""):
        _queue(
            staff, notices, "promises", f"promise-ended:{promise.reference}", what,
            **_cause(promise.fund_id, promise.appeal_id, notices), reference=promise.reference,
            currency=promise.currency, amount_minor=promise.amount_minor, interval=promise.interval,
            is_failed=promise.ended_because == "payment_failed", path="/staff",
        )  # fmt: skip


def tell_staff_of_refund(donation: Donation, refund: Refund) -> None:
    """Queue what colleagues wanted to hear of money that went back; call inside ``committed()``."""
    for staff, notices, what in _who_wants("refunds", lambda each: "refund" if each.refunds else ""):
        values = _about(donation, staff, notices) | {"moved_minor": refund.amount_minor}
        _queue(staff, notices, "refunds", f"refund:{refund.reference}", what, **values)


def tell_staff_of_dispute(donation: Donation, dispute: Dispute, moment: str) -> None:
    """Queue what colleagues wanted to hear of a dispute, with the day until which to answer; inside ``committed()``.

    Args:
        donation: The gift it is about.
        dispute: As it stands.
        moment: ``opened`` or ``closed``.
    """
    due, zone = dispute.evidence_due_at, get_newsroom().time_zone
    # One may be opened twice, as an inquiry and then in earnest, and lost first and won on appeal.
    which = dispute.status if moment == "closed" else "inquiry" if is_inquiry(dispute.status) else "dispute"
    for staff, notices, what in _who_wants("disputes", lambda each: f"dispute_{moment}" if each.disputes else ""):
        values = _about(donation, staff, notices) | {
            "moved_minor": dispute.amount_minor,
            "status": dispute.status,
            "is_inquiry": is_inquiry(dispute.status),
            "due_on": clock.on(due, zone).isoformat() if due is not None else None,
        }
        _queue(staff, notices, "disputes", f"dispute-{moment}:{which}:{dispute.stripe_dispute_id}", what, **values)


def deliver_staff_mail(message_id: int, staff_id: int, kind: str) -> None:
    """Send a colleague's letter if they still work here and may still have it; call outside ``committed()``.

    Args:
        message_id: Of the queued message.
        staff_id: Whose.
        kind: One of ``team.notices.NEEDS``.
    """
    if may_still_have(staff_id, kind):
        deliver_mail(message_id)
        return
    with committed():
        withdraw_mail(message_id)


def _who_wants(kind: str, of_what: Callable[[StaffNotices], str]) -> list[tuple[Staff, StaffNotices, str]]:
    """List who is told, with what; one question to the database, whoever they are."""
    told = ((staff, notices, of_what(notices)) for staff, notices in list_notices() if may_have(staff.role, kind))
    return [each for each in told if each[2]]


def _wants_gift(notices: StaffNotices, donation: Donation) -> bool:
    if notices.every_gift:
        return True
    is_that_currency = notices.above_minor is not None and notices.above_currency == donation.currency
    return is_that_currency and donation.amount_minor >= (notices.above_minor or 0)


def _queue(staff: Staff, notices: StaffNotices, kind: str, of: str, what: str, **values: Any) -> None:
    key = f"staff-{of}:{staff.reference}"
    letter = letter_from_newsroom(key, "staff_notice", staff.email, notices.language, what=what, **values)
    queue_mail(letter, job=JOB, staff_id=staff.id, kind=kind)


def _about(donation: Donation, staff: Staff, notices: StaffNotices) -> dict[str, Any]:
    """Say of a gift how much, when and for what, and of its giver nothing."""
    assert donation.received_on is not None
    return {
        **_cause(donation.fund_id, donation.appeal_id, notices),
        "reference": donation.reference,
        "currency": donation.currency,
        "amount_minor": donation.amount_minor,
        "received_on": donation.received_on.isoformat(),
        "interval": donation.frequency,
        "path": _path_of(donation, staff),
    }


def _cause(fund_id: int, appeal_id: int | None, notices: StaffNotices) -> dict[str, str]:
    fund = db.session.get_one(Fund, fund_id)
    appeal = db.session.get(Appeal, appeal_id) if appeal_id is not None else None
    return {
        "fund": fund.names.get(notices.language, fund.name),
        "appeal": called(appeal, notices.language) if appeal is not None else "",
    }


def _path_of(donation: Donation, staff: Staff) -> str:
    """Lead to the page of a gift that a colleague may open."""
    if may(staff.role, "see_donors"):
        return f"/staff/gifts/{donation.reference}"
    return f"/staff/finance/gifts/{donation.reference}" if may(staff.role, "see_ledger") else "/staff"
