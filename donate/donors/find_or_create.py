"""Find the donor an address belongs to, or welcome a new one."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from donate import clock
from donate.db import db
from donate.donors.models import Donor, DonorEmail, DonorStripeCustomer
from donate.donors.queries import find_customer, find_donor_by_email
from donate.donors.words import note_words
from donate.entry.address import normalise_email
from donate.references import new_reference


def find_or_create_donor(email: str, first_name: str, last_name: str, language: str) -> Donor:
    """Give the donor of an address; an existing one is never changed by a gift nobody proved.

    Args:
        email: As typed on the gift.
        first_name: As typed; used only for a new donor.
        last_name: As typed; used only for a new donor.
        language: The page's; used only for a new donor.
    """
    address = normalise_email(email)
    found = find_donor_by_email(address)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            donor = welcome_donor(first_name, last_name, language)
            db.session.add(DonorEmail(donor_id=donor.id, email=address, is_main=True))
            db.session.flush()
            note_words(donor.id, first_name, last_name, address)
    except IntegrityError:
        # Another gift with this address was confirmed a moment ago.
        found = find_donor_by_email(address)
        if found is None:
            raise
        return found
    return donor


def welcome_donor(first_name: str, last_name: str, language: str) -> Donor:
    """Write a donor of whom no address is known; call inside ``committed()``.

    Args:
        first_name: Empty for an organisation.
        last_name: Or the organisation's name.
        language: Of letters and receipts.
    """
    donor = Donor(
        reference=new_reference(),
        first_name=first_name,
        last_name=last_name,
        language=language,
        created_at=clock.now(),
    )
    db.session.add(donor)
    db.session.flush()
    return donor


def remember_customer(donor: Donor, stripe_customer_id: str | None, *, livemode: bool) -> None:
    """Note that a customer at Stripe stands for a donor; one already noted stays with whom it was noted for."""
    if stripe_customer_id and find_customer(stripe_customer_id) is None:
        db.session.add(DonorStripeCustomer(donor_id=donor.id, stripe_customer_id=stripe_customer_id, livemode=livemode))
