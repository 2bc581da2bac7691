"""Invariants of offline gifts: batches agree with their control totals, withdrawn gifts with the books."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, func, or_, select

from donate.giving.models import Donation, Refund
from donate.giving.offline.models import OfflineBatch, OfflineGift, OfflineLine
from donate.ledger.models import LedgerEntry
from donate.reports.invariants import names, rule


@rule
def posted_batches_agree_with_their_control_totals() -> Iterator[str]:
    """A posted batch's gifts are as many, and come to as much, as was counted by hand; no line of it is left."""
    gifts = (
        select(
            OfflineGift.batch_id,
            func.count(Donation.id).label("many"),
            func.sum(Donation.amount_minor).label("sum"),
            func.min(Donation.currency).label("low"),
            func.max(Donation.currency).label("high"),
            func.min(Donation.received_on).label("first_on"),
            func.max(Donation.received_on).label("last_on"),
        )
        .join(Donation, Donation.id == OfflineGift.donation_id)
        .group_by(OfflineGift.batch_id)
        .subquery()
    )
    yield from names(
        select(OfflineBatch.reference)
        .outerjoin(gifts, gifts.c.batch_id == OfflineBatch.id)
        .where(
            OfflineBatch.state == "posted",
            or_(
                gifts.c.many.is_(None),
                gifts.c.many != OfflineBatch.control_count,
                gifts.c["sum"] != OfflineBatch.control_minor,
                gifts.c.low != OfflineBatch.currency,
                gifts.c.high != OfflineBatch.currency,
                gifts.c.first_on != OfflineBatch.received_on,
                gifts.c.last_on != OfflineBatch.received_on,
                exists().where(OfflineLine.batch_id == OfflineBatch.id),
            ),
        )
    )


@rule
def withdrawn_gifts_are_out_of_the_books() -> Iterator[str]:
    """What the books have of a withdrawn offline gift is nothing, by one entry of its very sum; of others all of it."""
    back = (
        select(LedgerEntry.donation_id, func.sum(LedgerEntry.gross_minor).label("sum"))
        .where(LedgerEntry.entry_type == "offline_return")
        .group_by(LedgerEntry.donation_id)
        .subquery()
    )
    withdrawn = (
        select(Refund.donation_id, func.sum(Refund.amount_minor).label("sum"))
        .where(Refund.status == "succeeded")
        .group_by(Refund.donation_id)
        .subquery()
    )
    yield from names(
        select(Donation.reference)
        .outerjoin(back, back.c.donation_id == Donation.id)
        .outerjoin(withdrawn, withdrawn.c.donation_id == Donation.id)
        .where(
            or_(Donation.kind == "offline", back.c["sum"].is_not(None)),
            func.coalesce(back.c["sum"], 0) + func.coalesce(withdrawn.c["sum"], 0) != 0,
        )
    )
