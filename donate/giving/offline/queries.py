"""Look-ups of offline gifts, batches and their lines."""

from __future__ import annotations

from sqlalchemy import func, select

from donate.db import db
from donate.errors import NotFound
from donate.giving.models import Donation
from donate.giving.offline.models import OfflineBatch, OfflineGift, OfflineLine
from donate.money import Money

_ADDRESS = ("address_line1", "address_line2", "city", "region", "postcode", "country")


def find_offline(donation_id: int) -> OfflineGift | None:
    """Find what is known of an offline gift beside its donation; none of a gift that passed Stripe."""
    return db.session.get(OfflineGift, donation_id)


def get_batch(reference: str) -> OfflineBatch:
    """Give a batch.

    Raises:
        NotFound: ``batch_missing``.
    """
    found = db.session.scalars(select(OfflineBatch).where(OfflineBatch.reference == reference)).first()
    if found is None:
        raise NotFound("batch_missing", reference=reference[:20])
    return found


def find_batch(reference: str) -> OfflineBatch | None:
    """Find a batch by its reference."""
    return db.session.scalars(select(OfflineBatch).where(OfflineBatch.reference == reference)).first()


def find_batch_of(gift: OfflineGift) -> OfflineBatch | None:
    """Find the batch an offline gift came in; none where it came by itself."""
    return db.session.get(OfflineBatch, gift.batch_id) if gift.batch_id is not None else None


def list_batches(*, posted: bool, skip: int = 0, at_most: int = 200) -> list[OfflineBatch]:
    """List the batches that are posted, or those that are not, the newest first."""
    is_posted = OfflineBatch.state == "posted"
    asked = select(OfflineBatch).where(is_posted if posted else ~is_posted).order_by(OfflineBatch.id.desc())
    return list(db.session.scalars(asked.offset(skip).limit(at_most)))


def count_posted_batches() -> int:
    """Count the batches that are posted."""
    return db.session.scalar(select(func.count(OfflineBatch.id)).where(OfflineBatch.state == "posted")) or 0


def list_lines(batch_id: int) -> list[OfflineLine]:
    """List the lines of a batch that are not gifts yet, as they were typed, as they are in the database now."""
    return list(
        db.session.scalars(
            select(OfflineLine)
            .where(OfflineLine.batch_id == batch_id)
            .order_by(OfflineLine.line_no)
            .execution_options(populate_existing=True)
        )
    )


def total_lines(batch: OfflineBatch) -> tuple[int, Money]:
    """Count a batch's lines that are not gifts yet, and sum them."""
    asked = select(func.count(OfflineLine.id), func.sum(OfflineLine.amount_minor))
    many, total = db.session.execute(asked.where(OfflineLine.batch_id == batch.id)).one()
    return int(many), Money(int(total or 0), batch.currency)


def find_line(batch_id: int, reference: str) -> OfflineLine | None:
    """Find a line of a batch."""
    return db.session.scalars(
        select(OfflineLine).where(OfflineLine.batch_id == batch_id, OfflineLine.reference == reference)
    ).first()


def find_line_by_reference(reference: str) -> OfflineLine | None:
    """Find a line of any batch."""
    return db.session.scalars(select(OfflineLine).where(OfflineLine.reference == reference)).first()


def next_line_no(batch_id: int) -> int:
    """Give the number of a batch's next line; call with the batch locked."""
    return (db.session.scalar(select(func.max(OfflineLine.line_no)).where(OfflineLine.batch_id == batch_id)) or 0) + 1


def list_gifts_of_batch(batch_id: int) -> list[tuple[Donation, OfflineGift]]:
    """List a batch's gifts in the order of its lines."""
    rows = db.session.execute(
        select(Donation, OfflineGift)
        .join(OfflineGift, OfflineGift.donation_id == Donation.id)
        .where(OfflineGift.batch_id == batch_id)
        .order_by(OfflineGift.line_no)
    )
    return [(donation, known) for donation, known in rows]


def list_single_gifts(*, at_most: int) -> list[tuple[Donation, OfflineGift]]:
    """List the offline gifts that came with no batch, the newest first."""
    rows = db.session.execute(
        select(Donation, OfflineGift)
        .join(OfflineGift, OfflineGift.donation_id == Donation.id)
        .where(OfflineGift.batch_id.is_(None))
        .order_by(Donation.id.desc())
        .limit(at_most)
    )
    return [(donation, known) for donation, known in rows]


def find_last_address(donor_id: int) -> dict[str, str]:
    """Give the postal address of a donor's newest gift that has one; empty where none has."""
    found = db.session.scalars(
        select(Donation)
        .where(Donation.donor_id == donor_id, Donation.status == "succeeded", Donation.address_line1 != "")
        .order_by(Donation.id.desc())
        .limit(1)
    ).first()
    return {name: getattr(found, name) for name in _ADDRESS} if found is not None else {}
