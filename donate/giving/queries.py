"""Look-ups of donations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select

from donate.db import db
from donate.errors import NotFound
from donate.giving.models import Donation


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


def list_unsettled_donation_ids(until: datetime, at_most: int) -> list[int]:
    """List donations whose Checkout should have ended by a moment, yet nobody told us how."""
    return list(
        db.session.scalars(
            select(Donation.id)
            .where(Donation.status.in_(("pending", "processing")), Donation.checkout_expires_at < until)
            .order_by(Donation.checkout_expires_at)
            .limit(at_most)
        )
    )


def is_any_in_mode(*, livemode: bool) -> bool:
    """Tell whether any gift of a mode (live or test) is in this database."""
    return bool(db.session.scalar(select(exists().where(Donation.livemode == livemode))))


def count_pending() -> int:
    """Count the gifts whose end is not known yet."""
    return db.session.scalar(select(func.count(Donation.id)).where(Donation.status.in_(("pending", "processing")))) or 0
