"""How many rows an export will have, as far as the sums by day tell: for the bar that shows how far it is."""

from __future__ import annotations

from sqlalchemy import func, select

from donate.appeals.models import Appeal
from donate.db import db
from donate.ledger.models import LedgerDay
from donate.newsroom.models import Fund
from donate.reports.export import Period
from donate.reports.gift_lines import BROUGHT
from donate.reports.income import OF_GIFTS
from donate.reports.narrowed import NO_APPEAL


def expected_rows(kind: str, period: Period) -> int:
    """Tell about how many rows an export will have; 0 where nothing tells beforehand.

    Args:
        kind: One of ``KINDS``.
        period: Which rows.
    """
    if kind not in ("donations", "ledger") or period.by or period.part or period.entry_type or period.currency:
        return 0
    asked = select(func.sum(LedgerDay.entries))
    if kind == "donations":
        asked = asked.where(LedgerDay.entry_type.in_(BROUGHT))
    if period.since is not None:
        asked = asked.where(LedgerDay.booked_on >= period.since)
    if period.until is not None:
        asked = asked.where(LedgerDay.booked_on < period.until)
    if period.fund is not None:
        asked = asked.join(Fund, Fund.id == LedgerDay.fund_id).where(Fund.code == period.fund)
    if period.appeal == NO_APPEAL:
        asked = asked.where(LedgerDay.appeal_id == 0, LedgerDay.entry_type.in_(OF_GIFTS))
    elif period.appeal is not None:
        asked = asked.join(Appeal, Appeal.id == LedgerDay.appeal_id).where(Appeal.slug == period.appeal)
    return int(db.session.scalar(asked) or 0)
