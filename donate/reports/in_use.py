"""What hangs on a fund or a level: gifts and promises by fund, members by level."""

from __future__ import annotations

from sqlalchemy import func, select

from donate.db import db
from donate.giving.models import Donation
from donate.members.models import Level, Membership
from donate.recurring.models import RecurringDonation
from donate.recurring.status import TERMINAL


def count_gifts_by_fund() -> dict[int, int]:
    """Count the gifts that arrived, by their fund's key."""
    gifts = select(Donation.fund_id, func.count()).where(Donation.status == "succeeded").group_by(Donation.fund_id)
    return dict(db.session.execute(gifts).all())


def count_promises_by_fund() -> dict[int, int]:
    """Count the monthly and yearly gifts that go on, by their fund's key."""
    promises = select(RecurringDonation.fund_id, func.count()).where(
        RecurringDonation.status.not_in((*TERMINAL, "pending"))
    )
    return dict(db.session.execute(promises.group_by(RecurringDonation.fund_id)).all())


def count_members_by_level() -> dict[str, int]:
    """Count the members whose membership is not over, by their level's code."""
    members = select(Level.code, func.count()).select_from(Membership).join(Level, Level.id == Membership.level_id)
    rows = db.session.execute(members.where(Membership.lapsed_on.is_(None)).group_by(Level.code)).all()
    return dict(rows)
