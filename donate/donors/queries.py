"""Look-ups of donors."""

from __future__ import annotations

from sqlalchemy import select

from donate.db import db
from donate.donors.models import (
    AddressChange,
    Donor,
    DonorEmail,
    DonorNote,
    DonorStripeCustomer,
    DonorWord,
    Follow,
    MailChoice,
)
from donate.errors import NotFound


def find_donor_by_email(email: str) -> Donor | None:
    """Find who gives with a normalised address."""
    return db.session.scalars(
        select(Donor).join(DonorEmail, DonorEmail.donor_id == Donor.id).where(DonorEmail.email == email)
    ).first()


def find_email(email: str) -> DonorEmail | None:
    """Find a normalised address, whoever's it is, as it is in the database now."""
    return db.session.scalars(
        select(DonorEmail).where(DonorEmail.email == email).execution_options(populate_existing=True)
    ).first()


def get_email_of(donor_id: int, email: str) -> DonorEmail:
    """Give one of a donor's own addresses.

    Raises:
        NotFound: ``address_missing``, also where it is somebody else's.
    """
    found = find_email(email)
    if found is None or found.donor_id != donor_id:
        raise NotFound("address_missing")
    return found


def find_main_email(donor_id: int) -> DonorEmail | None:
    """Find the address a donor is written to."""
    return db.session.scalars(select(DonorEmail).where(DonorEmail.donor_id == donor_id, DonorEmail.is_main)).first()


def list_main_addresses() -> list[tuple[int, str]]:
    """List (donor's key, address) of the address each donor is written to."""
    rows = db.session.execute(
        select(DonorEmail.donor_id, DonorEmail.email).where(DonorEmail.is_main).order_by(DonorEmail.email)
    )
    return [(donor_id, email) for donor_id, email in rows]


def list_emails(donor_id: int) -> list[DonorEmail]:
    """List a donor's addresses, the main one first."""
    return list(
        db.session.scalars(
            select(DonorEmail)
            .where(DonorEmail.donor_id == donor_id)
            .order_by(DonorEmail.is_main.desc(), DonorEmail.id)
            .execution_options(populate_existing=True)
        )
    )


def list_customers(donor_id: int) -> list[DonorStripeCustomer]:
    """List the customers at Stripe that stand for a donor."""
    return list(
        db.session.scalars(
            select(DonorStripeCustomer).where(DonorStripeCustomer.donor_id == donor_id).order_by(DonorStripeCustomer.id)
        )
    )


def find_customer(stripe_customer_id: str) -> DonorStripeCustomer | None:
    """Find whose customer one of Stripe's is."""
    return db.session.scalars(
        select(DonorStripeCustomer).where(DonorStripeCustomer.stripe_customer_id == stripe_customer_id)
    ).first()


def find_donor(reference: str) -> Donor | None:
    """Find a donor by their public reference."""
    return db.session.scalars(select(Donor).where(Donor.reference == reference)).first()


def get_donor(reference: str) -> Donor:
    """Give a donor by their public reference.

    Raises:
        NotFound: ``donor_missing``.
    """
    found = find_donor(reference)
    if found is None:
        raise NotFound("donor_missing")
    return found


def list_words(donor_id: int) -> list[str]:
    """List the words a donor is found by."""
    return list(db.session.scalars(select(DonorWord.word).where(DonorWord.donor_id == donor_id)))


def list_notes(donor_id: int) -> list[DonorNote]:
    """List what colleagues keep in mind about a donor, the newest first."""
    return list(
        db.session.scalars(select(DonorNote).where(DonorNote.donor_id == donor_id).order_by(DonorNote.id.desc()))
    )


def get_note(donor_id: int, reference: str) -> DonorNote:
    """Give one note about a donor.

    Raises:
        NotFound: ``note_missing``.
    """
    found = db.session.scalars(
        select(DonorNote).where(DonorNote.donor_id == donor_id, DonorNote.reference == reference)
    ).first()
    if found is None:
        raise NotFound("note_missing")
    return found


def list_address_changes(donor_id: int) -> list[AddressChange]:
    """List the addresses that colleagues were asked to write to, the newest first."""
    return list(
        db.session.scalars(
            select(AddressChange).where(AddressChange.donor_id == donor_id).order_by(AddressChange.id.desc())
        )
    )


def find_address_change(reference: str) -> AddressChange | None:
    """Find one of them by its public reference, as it is in the database now."""
    return db.session.scalars(
        select(AddressChange).where(AddressChange.reference == reference).execution_options(populate_existing=True)
    ).first()


def find_choice(donor_id: int, kind: str) -> MailChoice | None:
    """Find what a donor said last about letters of a kind."""
    return db.session.scalars(
        select(MailChoice)
        .where(MailChoice.donor_id == donor_id, MailChoice.kind == kind)
        .order_by(MailChoice.id.desc())
        .limit(1)
    ).first()


def list_choices(donor_id: int) -> list[MailChoice]:
    """List all that a donor said about letters, the newest first."""
    return list(
        db.session.scalars(select(MailChoice).where(MailChoice.donor_id == donor_id).order_by(MailChoice.id.desc()))
    )


def list_followed(donor_id: int) -> list[tuple[str, str]]:
    """List what a donor follows, as chosen: (``section`` or ``topic``, its address)."""
    rows = db.session.execute(select(Follow.kind, Follow.slug).where(Follow.donor_id == donor_id).order_by(Follow.id))
    return [(kind, slug) for kind, slug in rows]
