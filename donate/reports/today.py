"""What waits at the desk today: small counts, each asked only for whose task it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from donate.db import db
from donate.donors.models import Erasure
from donate.giving.models import Dispute, Donation
from donate.ledger.models import Payout
from donate.recurring.models import RecurringDonation
from donate.reports.periods import find_book_span, list_periods
from donate.team.models import History

#: States of a dispute in which the newsroom may still answer.
ANSWERABLE = ("warning_needs_response", "needs_response")
_LATE = ("past_due", "unpaid")


@dataclass(frozen=True)
class Urgent:
    """Disputes that can still be answered.

    Args:
        number: How many.
        until: The first deadline; None where Stripe names none.
        reference: The gift of the one whose deadline is first.
    """

    number: int
    until: datetime | None
    reference: str


def list_open_months(today: date) -> list[str]:
    """List the months of the books that are over and not closed, oldest first, such as ``2026-02``.

    Args:
        today: The newsroom's day.
    """
    span = find_book_span()
    if span is None:
        return []
    closed, month, found = list_periods(), span[0].replace(day=1), list[str]()
    while month < today.replace(day=1):
        if f"{month:%Y-%m}" not in closed:
            found.append(f"{month:%Y-%m}")
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def count_payouts_to_explain() -> int:
    """Count the payouts that do not agree with their entries, or that the bank sent back."""
    asked = select(func.count(Payout.id)).where((Payout.proof == "differs") | (Payout.status == "failed"))
    return db.session.scalar(asked) or 0


def find_urgent_disputes() -> Urgent | None:
    """Find the disputes that can still be answered; None where there are none."""
    rows = db.session.execute(
        select(Dispute.evidence_due_at, Donation.reference)
        .join(Donation, Donation.id == Dispute.donation_id)
        .where(Dispute.status.in_(ANSWERABLE))
        .order_by(Dispute.evidence_due_at.is_(None), Dispute.evidence_due_at, Dispute.id)
    ).all()
    return Urgent(len(rows), rows[0][0], rows[0][1]) if rows else None


def count_gifts_since(day: date) -> int:
    """Count the gifts that arrived on a day or later."""
    asked = select(func.count(Donation.id)).where(Donation.status == "succeeded", Donation.received_on >= day)
    return db.session.scalar(asked) or 0


def count_refused_promises() -> int:
    """Count the recurring gifts whose last charge the bank refused."""
    asked = select(func.count(RecurringDonation.id)).where(RecurringDonation.status.in_(_LATE))
    return db.session.scalar(asked) or 0


def count_open_erasures() -> int:
    """Count the wishes to be forgotten that are not done yet."""
    return db.session.scalar(select(func.count(Erasure.id)).where(Erasure.erased_at.is_(None))) or 0


def count_busy_members(since: datetime) -> int:
    """Count the donors who changed something of theirs themselves.

    Args:
        since: From this moment on.
    """
    asked = select(func.count(History.who_id.distinct())).where(History.who_kind == "member", History.at >= since)
    return db.session.scalar(asked) or 0
