"""The gifts of one donor, with all that their page says of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select

from donate.articles.models import Article
from donate.db import db
from donate.donors.models import DonorEmail
from donate.giving.models import Donation
from donate.money import Money
from donate.newsroom.models import Fund
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation


@dataclass(frozen=True)
class GiftLine:
    """One gift as its donor sees it in a list.

    Args:
        moment: When the money came; for one that has not, when the form was sent.
        fund_names: {language: name}, beside the fund's plain name.
        appeal_id: Whose words are looked up by the page.
        article: (slug, headline, language), where it came from a story.
        receipt: Its number.
    """

    reference: str
    status: str
    frequency: str
    amount: Money
    moment: datetime
    fund: str
    fund_names: dict[str, str]
    appeal_id: int | None
    article: tuple[str, str, str] | None
    receipt: str | None


def list_gifts_of(donor_id: int, *, skip: int, at_most: int) -> list[GiftLine]:
    """List a donor's gifts, the newest first: those that are theirs, and those made with an address they proved.

    Args:
        donor_id: Whose.
        skip: How many newer ones are left out.
        at_most: How many at most.
    """
    moment = func.coalesce(Donation.received_at, Donation.created_at)
    rows = db.session.execute(
        select(
            Donation.reference, Donation.status, Donation.frequency, Donation.amount_minor, Donation.currency,
            Donation.received_at, Donation.created_at, Donation.appeal_id, Fund.name.label("fund"), Fund.names,
            Article.slug, Article.headline, Article.language, Receipt.number,
        )
        .join(Fund, Fund.id == Donation.fund_id)
        .outerjoin(Article, Article.id == Donation.article_id)
        .outerjoin(Receipt, and_(Receipt.donation_id == Donation.id, Receipt.status == "issued"))
        .where(_theirs(donor_id))
        .order_by(moment.desc(), Donation.id.desc())
        .offset(skip)
        .limit(at_most)
    ).mappings()  # fmt: skip
    return [_line(row) for row in rows]


def count_gifts_of(donor_id: int) -> int:
    """Count what ``list_gifts_of`` lists."""
    return db.session.scalar(select(func.count(Donation.id)).where(_theirs(donor_id))) or 0


def list_promises_of(donor_id: int) -> list[RecurringDonation]:
    """List a donor's recurring gifts that ever began, also those whose first gift is still on its way."""
    on_the_way = select(Donation.recurring_id).where(_theirs(donor_id), Donation.status == "processing")
    return list(
        db.session.scalars(
            select(RecurringDonation)
            .where(
                or_(RecurringDonation.donor_id == donor_id, RecurringDonation.id.in_(on_the_way)),
                RecurringDonation.status != "abandoned",
            )
            .order_by(RecurringDonation.ended_at.is_not(None), RecurringDonation.id.desc())
        )
    )


def is_promise_of(promise: RecurringDonation, donor_id: int) -> bool:
    """Tell whether a recurring gift is one that ``list_promises_of`` lists for a donor."""
    if promise.status == "abandoned" or promise.donor_id is not None:
        return promise.status != "abandoned" and promise.donor_id == donor_id
    on_the_way = select(Donation.id).where(
        _theirs(donor_id), Donation.recurring_id == promise.id, Donation.status == "processing"
    )
    return db.session.scalar(on_the_way.limit(1)) is not None


def find_receipt_of_donor(number: str, donor_id: int) -> Receipt | None:
    """Find a receipt or statement by its number, void ones too, where it is a donor's own.

    Args:
        number: As printed.
        donor_id: Whose: of a gift that ``list_gifts_of`` lists, or a statement of theirs.
    """
    return db.session.scalars(
        select(Receipt)
        .outerjoin(Donation, Donation.id == Receipt.donation_id)
        .where(
            Receipt.number == number,
            or_(Receipt.donor_id == donor_id, Receipt.donation_id.is_not(None) & _theirs(donor_id)),
        )
    ).first()


def _theirs(donor_id: int) -> ColumnElement[bool]:
    proven = select(DonorEmail.email).where(DonorEmail.donor_id == donor_id, DonorEmail.proven_at.is_not(None))
    return or_(Donation.donor_id == donor_id, and_(Donation.donor_id.is_(None), Donation.email_key.in_(proven)))


def _line(row: RowMapping) -> GiftLine:
    return GiftLine(
        reference=row["reference"],
        status=row["status"],
        frequency=row["frequency"],
        amount=Money(row["amount_minor"], row["currency"]),
        moment=row["received_at"] or row["created_at"],
        fund=row["fund"],
        fund_names=row["names"],
        appeal_id=row["appeal_id"],
        article=(row["slug"], row["headline"], row["language"]) if row["slug"] else None,
        receipt=row["number"],
    )
