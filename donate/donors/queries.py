"""Look-ups of donors."""

from __future__ import annotations

from sqlalchemy import select

from donate.db import db
from donate.donors.models import Donor, DonorEmail, DonorStripeCustomer


def find_donor_by_email(email: str) -> Donor | None:
    """Find who gives with a normalised address."""
    return db.session.scalars(
        select(Donor).join(DonorEmail, DonorEmail.donor_id == Donor.id).where(DonorEmail.email == email)
    ).first()


def find_customer(stripe_customer_id: str) -> DonorStripeCustomer | None:
    """Find whose customer one of Stripe's is."""
    return db.session.scalars(
        select(DonorStripeCustomer).where(DonorStripeCustomer.stripe_customer_id == stripe_customer_id)
    ).first()
