"""Look-ups of all that belongs to one person, across rooms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from donate.appeals.models import Appeal, Reminder
from donate.articles.models import Article
from donate.db import db
from donate.donors.models import Donor, DonorOldId, Erasure, MemberSession
from donate.entry.models import AddressProof
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.offline.models import OfflineBatch, OfflineGift, OfflineLine
from donate.mail.models import MailMessage
from donate.newsroom.models import Fund
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation
from donate.team.models import History


def list_reminders_of(emails: list[str]) -> list[Reminder]:
    """List the reminders that go to some addresses, oldest first."""
    return list(db.session.scalars(select(Reminder).where(Reminder.email.in_(emails)).order_by(Reminder.id)))


def find_erasure(donor_id: int) -> Erasure | None:
    """Find a donor's wish to be forgotten, as it is in the database now."""
    return db.session.scalars(
        select(Erasure).where(Erasure.donor_id == donor_id).execution_options(populate_existing=True)
    ).first()


def get_erasure(erasure_id: int) -> Erasure:
    """Give a wish to be forgotten by its key, as it is in the database now."""
    return db.session.get_one(Erasure, erasure_id, populate_existing=True)


def find_donor_row(row_id: int) -> Donor | None:
    """Find a donor by their key, as they are in the database now; none where they joined another."""
    return db.session.get(Donor, row_id, populate_existing=True)


def list_rows(model: type[Any], *conditions: ColumnElement[bool]) -> list[Any]:
    """List rows in the order they were written.

    Args:
        model: Their class.
        conditions: All of which hold.
    """
    return list(db.session.scalars(select(model).where(*conditions).order_by(model.id)))


def list_open_erasures() -> list[Erasure]:
    """List the wishes that are not fulfilled yet, oldest first."""
    return list(db.session.scalars(select(Erasure).where(Erasure.erased_at.is_(None)).order_by(Erasure.id)))


def gifts_of_person(donor_id: int, emails: list[str]) -> ColumnElement[bool]:
    """Say which gifts are a person's: theirs, and those without a donor that were begun with one of these addresses."""
    return or_(Donation.donor_id == donor_id, and_(Donation.donor_id.is_(None), Donation.email_key.in_(emails)))


def offline_gifts_of_person(donor_id: int, emails: list[str]) -> ColumnElement[bool]:
    """Say which rows beside offline gifts are a person's."""
    return OfflineGift.donation_id.in_(select(Donation.id).where(gifts_of_person(donor_id, emails)))


def list_offline_of(gift_ids: list[int]) -> list[OfflineGift]:
    """List what is known of some gifts where they passed no Stripe."""
    asked = select(OfflineGift).where(OfflineGift.donation_id.in_(gift_ids)).order_by(OfflineGift.donation_id)
    return list(db.session.scalars(asked))


def list_lines_of_person(donor_id: int, emails: list[str]) -> list[OfflineLine]:
    """List the lines of batches that name a person and are not posted yet."""
    theirs = or_(OfflineLine.donor_id == donor_id, OfflineLine.email.in_(emails))
    return list(db.session.scalars(select(OfflineLine).where(theirs).order_by(OfflineLine.id)))


def count_being_posted(donor_id: int, emails: list[str]) -> int:
    """Count the lines that name a person and are being made into gifts at this moment."""
    theirs = or_(OfflineLine.donor_id == donor_id, OfflineLine.email.in_(emails))
    asked = select(func.count(OfflineLine.id)).join(OfflineBatch, OfflineBatch.id == OfflineLine.batch_id)
    return db.session.scalar(asked.where(theirs, OfflineBatch.state == "posting")) or 0


def list_old_ids(donor_id: int) -> list[DonorOldId]:
    """List the numbers that other systems had for a donor."""
    asked = select(DonorOldId).where(DonorOldId.donor_id == donor_id)
    return list(db.session.scalars(asked.order_by(DonorOldId.system, DonorOldId.old_id)))


def list_gifts_of_person(donor_id: int, emails: list[str]) -> list[Donation]:
    """List a person's gifts and attempts, oldest first."""
    return list(
        db.session.scalars(
            select(Donation)
            .where(gifts_of_person(donor_id, emails))
            .order_by(Donation.id)
            .execution_options(populate_existing=True)
        )
    )


def count_gifts_in_state(donor_id: int, emails: list[str], status: str) -> int:
    """Count a person's gifts in a state."""
    asked = select(func.count(Donation.id)).where(gifts_of_person(donor_id, emails), Donation.status == status)
    return db.session.scalar(asked) or 0


def list_promises_of_person(donor_id: int, emails: list[str]) -> list[RecurringDonation]:
    """List a person's promises, those too whose first gift was never confirmed, oldest first."""
    begun = select(Donation.recurring_id).where(gifts_of_person(donor_id, emails), Donation.recurring_id.is_not(None))
    return list(
        db.session.scalars(
            select(RecurringDonation)
            .where(or_(RecurringDonation.donor_id == donor_id, RecurringDonation.id.in_(begun)))
            .order_by(RecurringDonation.id)
            .execution_options(populate_existing=True)
        )
    )


def is_any_email_given(email: str) -> bool:
    """Tell whether anything was begun with a normalised address."""
    return db.session.scalars(select(Donation.id).where(Donation.email_key == email).limit(1)).first() is not None


def list_receipts_of(gift_ids: list[int]) -> list[Receipt]:
    """List the receipts of some gifts, void ones too."""
    return list(db.session.scalars(select(Receipt).where(Receipt.donation_id.in_(gift_ids)).order_by(Receipt.id)))


def list_statements_of(donor_id: int) -> list[Receipt]:
    """List the statements of a donor, void ones too, oldest first."""
    return list(
        db.session.scalars(
            select(Receipt).where(Receipt.kind == "statement", Receipt.donor_id == donor_id).order_by(Receipt.id)
        )
    )


def list_refunds_of(gift_ids: list[int]) -> list[Refund]:
    """List what went back of some gifts."""
    return list(db.session.scalars(select(Refund).where(Refund.donation_id.in_(gift_ids)).order_by(Refund.id)))


def list_disputes_of(gift_ids: list[int]) -> list[Dispute]:
    """List the disputes about some gifts."""
    return list(db.session.scalars(select(Dispute).where(Dispute.donation_id.in_(gift_ids)).order_by(Dispute.id)))


def list_letters_to(addresses: list[str]) -> list[MailMessage]:
    """List the letters to some addresses, as each was written."""
    return list(
        db.session.scalars(select(MailMessage).where(MailMessage.to_address.in_(addresses)).order_by(MailMessage.id))
    )


def list_proofs_of(addresses: list[str]) -> list[AddressProof]:
    """List who asked to prove some addresses, and when."""
    return list(
        db.session.scalars(select(AddressProof).where(AddressProof.address.in_(addresses)).order_by(AddressProof.id))
    )


def list_all_sessions(donor_id: int) -> list[MemberSession]:
    """List a donor's sessions, ended by time or not."""
    return list(
        db.session.scalars(select(MemberSession).where(MemberSession.owner_id == donor_id).order_by(MemberSession.id))
    )


def list_history_about(donor_id: int, objects: dict[str, list[str]]) -> list[History]:
    """List what a donor did here, and what was done to theirs.

    Args:
        donor_id: Whose.
        objects: References by kind, such as ``{"donation": [...]}``.
    """
    about = [
        and_(History.object_kind == kind, History.object_reference.in_(references))
        for kind, references in objects.items()
        if references
    ]
    return list(
        db.session.scalars(
            select(History)
            .where(or_(and_(History.who_kind == "member", History.who_id == donor_id), *about))
            .order_by(History.id)
        )
    )


def name_funds() -> dict[int, str]:
    """Name every fund by its row."""
    return {row.id: row.code for row in db.session.execute(select(Fund.id, Fund.code))}


def name_appeals(appeal_ids: set[int]) -> dict[int, str]:
    """Name some appeals by their rows."""
    asked = select(Appeal.id, Appeal.slug).where(Appeal.id.in_(appeal_ids))
    return {row.id: row.slug for row in db.session.execute(asked)}


def name_articles(article_ids: set[int]) -> dict[int, str]:
    """Name some articles by their rows."""
    asked = select(Article.id, Article.slug).where(Article.id.in_(article_ids))
    return {row.id: row.slug for row in db.session.execute(asked)}
