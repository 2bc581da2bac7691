"""Look-ups of donations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select

from donate.db import db
from donate.errors import NotFound
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.status import GIVING_BACK, TAKEN_DISPUTES
from donate.money import Money


def find_donation(reference: str) -> Donation | None:
    """Find a donation by its public reference."""
    return db.session.scalars(select(Donation).where(Donation.reference == reference)).first()


def get_donation(donation_id: int) -> Donation:
    """Give a donation by its key."""
    return db.session.get_one(Donation, donation_id)


def get_donation_by_reference(reference: str) -> Donation:
    """Give a donation by its public reference.

    Raises:
        NotFound: ``gift_missing``.
    """
    donation = find_donation(reference)
    if donation is None:
        raise NotFound("gift_missing", reference=reference)
    return donation


def find_donation_of_session(session_id: str) -> Donation | None:
    """Find the donation a Checkout Session was opened for."""
    return db.session.scalars(select(Donation).where(Donation.stripe_checkout_session_id == session_id)).first()


def find_donation_of_invoice(invoice_id: str, *, livemode: bool) -> Donation | None:
    """Find the donation an invoice was paid as."""
    return db.session.scalars(
        select(Donation).where(Donation.stripe_invoice_id == invoice_id, Donation.livemode == livemode)
    ).first()


def find_donation_of_payment_intent(payment_intent_id: str) -> Donation | None:
    """Find the donation a PaymentIntent paid."""
    return db.session.scalars(select(Donation).where(Donation.stripe_payment_intent_id == payment_intent_id)).first()


def find_donation_of_charge(stripe_charge_id: str) -> Donation | None:
    """Find the donation a charge paid."""
    return db.session.scalars(select(Donation).where(Donation.stripe_charge_id == stripe_charge_id)).first()


def find_refund_of_stripe(stripe_refund_id: str) -> Refund | None:
    """Find a refund by Stripe's id."""
    return db.session.scalars(select(Refund).where(Refund.stripe_refund_id == stripe_refund_id)).first()


def find_refund_by_reference(reference: str) -> Refund | None:
    """Find a refund by our own reference."""
    return db.session.scalars(select(Refund).where(Refund.reference == reference)).first()


def get_refund(refund_id: int) -> Refund:
    """Give a refund by its key."""
    return db.session.get_one(Refund, refund_id)


def list_refunds(donation_id: int) -> list[Refund]:
    """List what was given back of a donation or is about to be, oldest first."""
    return list(db.session.scalars(select(Refund).where(Refund.donation_id == donation_id).order_by(Refund.id)))


def list_unsettled_refund_ids(until: datetime, at_most: int) -> list[int]:
    """List refunds that were asked for before a moment and whose answer nobody heard."""
    return list(
        db.session.scalars(
            select(Refund.id)
            .where(Refund.status == "requested", Refund.requested_at < until)
            .order_by(Refund.requested_at)
            .limit(at_most)
        )
    )


def given_here() -> ColumnElement[bool]:
    """Write what is true of a gift that came through this desk, and not before it through another system."""
    return Donation.imported_from.is_(None)


def total_given_back(donation: Donation) -> Money:
    """Sum the refunds of a donation that took effect or still may."""
    asked = select(func.sum(Refund.amount_minor)).where(
        Refund.donation_id == donation.id, Refund.status.in_(GIVING_BACK)
    )
    return Money(int(db.session.scalar(asked) or 0), donation.currency)


def find_dispute_of_stripe(stripe_dispute_id: str) -> Dispute | None:
    """Find a dispute by Stripe's id."""
    return db.session.scalars(select(Dispute).where(Dispute.stripe_dispute_id == stripe_dispute_id)).first()


def list_disputes(donation_id: int) -> list[Dispute]:
    """List the disputes of a donation, oldest first."""
    return list(db.session.scalars(select(Dispute).where(Dispute.donation_id == donation_id).order_by(Dispute.id)))


def total_disputed(donation: Donation) -> Money:
    """Sum what a bank has taken back of a donation, or holds while a dispute is open."""
    asked = select(func.sum(Dispute.amount_minor)).where(
        Dispute.donation_id == donation.id, Dispute.status.in_(TAKEN_DISPUTES)
    )
    return Money(int(db.session.scalar(asked) or 0), donation.currency)


def total_went_back(donation: Donation) -> Money:
    """Sum what is no longer the newsroom's of a donation: refunds that were made, and what its bank took or holds."""
    made = select(func.sum(Refund.amount_minor)).where(Refund.donation_id == donation.id, Refund.status == "succeeded")
    back = Money(int(db.session.scalar(made) or 0), donation.currency) + total_disputed(donation)
    # A gift that was given back and then disputed is gone once.
    return min(back, donation.amount)


def list_unsettled_donation_ids(until: datetime, not_since: datetime, at_most: int) -> list[int]:
    """List donations whose Checkout should have ended by a moment, yet nobody told us how; first who waited longest.

    Args:
        until: When their payment page should have ended.
        not_since: A bank that takes days is asked about again only when it was last asked before this.
        at_most: So many.
    """
    return list(
        db.session.scalars(
            select(Donation.id)
            .where(
                Donation.status.in_(("pending", "processing")),
                Donation.checkout_expires_at < until,
                or_(Donation.status == "pending", Donation.swept_at.is_(None), Donation.swept_at < not_since),
            )
            .order_by(func.coalesce(Donation.swept_at, Donation.checkout_expires_at))
            .limit(at_most)
        )
    )


def find_first_started_at() -> datetime | None:
    """Tell when the first gift was begun."""
    return db.session.scalar(select(func.min(Donation.created_at)))


def is_any_in_mode(*, livemode: bool) -> bool:
    """Tell whether any gift of a mode (live or test) is in this database."""
    return bool(db.session.scalar(select(exists().where(Donation.livemode == livemode))))


def count_all() -> int:
    """Count the gifts, whatever became of them."""
    return db.session.scalar(select(func.count(Donation.id))) or 0


def count_pending() -> int:
    """Count the gifts whose end is not known yet."""
    return db.session.scalar(select(func.count(Donation.id)).where(Donation.status.in_(("pending", "processing")))) or 0


def find_latest_on_the_way(email_key: str) -> Donation | None:
    """Find the newest gift with a normalised address that has no donor yet."""
    return db.session.scalars(
        select(Donation)
        .where(Donation.email_key == email_key, Donation.donor_id.is_(None), Donation.status == "processing")
        .order_by(Donation.id.desc())
        .limit(1)
    ).first()


def count_by_recurring(recurring_ids: list[int]) -> dict[int, int]:
    """Count the gifts that arrived for each of these promises."""
    rows = db.session.execute(
        select(Donation.recurring_id, func.count(Donation.id))
        .where(Donation.recurring_id.in_(recurring_ids), Donation.status == "succeeded")
        .group_by(Donation.recurring_id)
    )
    return {recurring_id: number for recurring_id, number in rows if recurring_id is not None}


def summarise_recurring(
    recurring_id: int, *, first: date | None = None, until: date | None = None
) -> tuple[int, dict[str, int]]:
    """Count the gifts that arrived for a promise, and add them up.

    Args:
        recurring_id: Whose.
        first: Only those of this day and later.
        until: Only those of days before this one.

    Returns:
        How many, and {currency: minor units}.
    """
    asked = (
        select(Donation.currency, func.count(Donation.id), func.sum(Donation.amount_minor))
        .where(Donation.recurring_id == recurring_id, Donation.status == "succeeded")
        .group_by(Donation.currency)
    )
    if first is not None:
        asked = asked.where(Donation.received_on >= first)
    if until is not None:
        asked = asked.where(Donation.received_on < until)
    rows = db.session.execute(asked).all()
    return sum(number for _currency, number, _sum in rows), {currency: int(total) for currency, _number, total in rows}


def find_newsletter_gift(donor_id: int, email_keys: list[str]) -> Donation | None:
    """Find a donor's newest gift that arrived from one of these addresses with consent to the newsletter."""
    return db.session.scalars(
        select(Donation)
        .where(
            Donation.donor_id == donor_id,
            Donation.email_key.in_(email_keys),
            Donation.newsletter,
            Donation.status == "succeeded",
        )
        .order_by(Donation.id.desc())
        .limit(1)
    ).first()
