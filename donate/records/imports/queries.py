"""Look-ups for a part of a file at once: which gifts and people of it are here already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from donate.db import db
from donate.donors.models import Donor, DonorEmail, DonorOldId, Erasure
from donate.giving.models import Donation, Refund
from donate.money import Money
from donate.records.imports.models import ImportOrder


@dataclass(frozen=True)
class Known:
    """A gift that was imported before.

    Args:
        donation_id: Its row.
        amount: As it was then.
        refunded_minor: What went back of it so far, in minor units.
    """

    donation_id: int
    amount: Money
    refunded_minor: int


def find_imported(system: str, old_ids: list[str]) -> dict[str, Known]:
    """Find, by their numbers in a system, the gifts that were imported from it."""
    returned = (
        select(Refund.donation_id, func.sum(Refund.amount_minor).label("minor"))
        .where(Refund.status == "succeeded")
        .group_by(Refund.donation_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Donation.imported_id, Donation.id, Donation.amount_minor, Donation.currency, returned.c.minor)
        .outerjoin(returned, returned.c.donation_id == Donation.id)
        .where(Donation.imported_from == system, Donation.imported_id.in_(old_ids))
    )
    return {
        str(old_id): Known(donation_id, Money(minor, currency), int(back or 0))
        for old_id, donation_id, minor, currency, back in rows
    }


def find_payments(stripe_ids: list[str]) -> dict[str, int]:
    """Find, by Stripe's ids of charges and payments, the gifts that are here, wherever they came from."""
    columns = (
        Donation.stripe_charge_id,
        Donation.stripe_payment_intent_id,
        Donation.imported_charge_id,
        Donation.imported_intent_id,
    )
    if not stripe_ids:
        return {}
    rows = db.session.execute(select(Donation.id, *columns).where(or_(*(column.in_(stripe_ids) for column in columns))))
    return {str(each): row[0] for row in rows for each in row[1:] if each}


def find_donors_by_email(emails: list[str]) -> dict[str, int]:
    """Find whose normalised addresses are."""
    asked = select(DonorEmail.email, DonorEmail.donor_id).where(DonorEmail.email.in_(emails))
    return {email: donor_id for email, donor_id in db.session.execute(asked)} if emails else {}  # noqa: C416  # a result


def find_donors_by_old_id(system: str, old_ids: list[str]) -> dict[str, tuple[int, bool]]:
    """Find whose numbers in a system are: (donor's key, whether they were erased)."""
    if not old_ids:
        return {}
    asked = (
        select(DonorOldId.old_id, Donor.id, Donor.erased_at)
        .join(Donor, Donor.id == DonorOldId.donor_id)
        .where(DonorOldId.system == system, DonorOldId.old_id.in_(old_ids))
    )
    return {old_id: (donor_id, erased is not None) for old_id, donor_id, erased in db.session.execute(asked)}


def list_erased_hashes() -> frozenset[str]:
    """List the keyed hashes of all addresses whose owners asked to be forgotten."""
    return frozenset(each for hashes in db.session.scalars(select(Erasure.address_hashes)) for each in hashes)


def get_import(order_id: int) -> ImportOrder:
    """Give an order as it is now."""
    return db.session.get_one(ImportOrder, order_id, populate_existing=True)


def find_import(reference: str, staff_id: int) -> ImportOrder | None:
    """Find an order of somebody's; another's is not found."""
    asked = select(ImportOrder).where(ImportOrder.reference == reference, ImportOrder.staff_id == staff_id)
    return db.session.scalars(asked).first()


def list_imports(staff_id: int, at_most: int = 10) -> list[ImportOrder]:
    """List somebody's orders, the newest first."""
    asked = select(ImportOrder).where(ImportOrder.staff_id == staff_id).order_by(ImportOrder.id.desc())
    return list(db.session.scalars(asked.limit(at_most)))


def list_expired_imports(now: datetime) -> list[ImportOrder]:
    """List orders whose files are there for no longer, but for those that are being read."""
    over = ImportOrder.state.in_(("waiting", "looked", "done"))
    return list(db.session.scalars(select(ImportOrder).where(over, ImportOrder.expires_at < now)))
