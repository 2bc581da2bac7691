"""Who a gift that came by hand may be from: donors found by what is typed, and those who may be the same person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from donate.db import db
from donate.donors.models import Donor, DonorEmail
from donate.entry.address import normalise_email
from donate.giving.models import Donation
from donate.giving.offline.entry import OfflineEntry

_AT_MOST = 20
#: Any address of a donor, beside the one they are written to.
_Other = aliased(DonorEmail)


@dataclass(frozen=True)
class Giver:
    """A donor as whoever enters a gift recognises them.

    Args:
        donor_id: Their row.
        reference: Their public reference.
        name: May be empty.
        email: The address they are written to; may be empty.
        place: Postcode and town of their newest gift that names one.
        gifts: How many of theirs arrived.
        last_on: The newest one's day.
    """

    donor_id: int
    reference: str
    name: str
    email: str
    place: str
    gifts: int
    last_on: date | None


def search_givers(text: str) -> list[Giver]:
    """Find donors by name, e-mail address, postal address or reference, twenty at most; each word must be somewhere.

    Args:
        text: As typed.
    """
    words = text.split()[:8]
    return _givers(and_(*(_is_somewhere(word) for word in words))) if words else []


def same_givers(entry: OfflineEntry) -> list[Giver]:
    """Find donors who may be who gave: of the same e-mail address, the same name, or the same street and postcode.

    Args:
        entry: As typed.
    """
    first, last = entry.names
    asked: list[ColumnElement[bool]] = []
    if entry.email:
        asked.append(_has_email(_Other.email == normalise_email(entry.email)))
    if first or last:
        name = func.trim(Donor.first_name + " " + Donor.last_name)
        asked.append(func.lower(name) == func.lower(f"{first} {last}".strip()))
    if entry.address_line1 and entry.postcode:
        asked.append(
            _has_gift(
                and_(
                    func.lower(Donation.address_line1) == func.lower(entry.address_line1),
                    func.lower(Donation.postcode) == func.lower(entry.postcode),
                )
            )
        )
    return _givers(or_(*asked)) if asked else []


def owns_email(email: str) -> Giver | None:
    """Give the donor whom an e-mail address belongs to.

    Args:
        email: As typed.
    """
    found = _givers(_has_email(_Other.email == normalise_email(email))) if email else []
    return found[0] if found else None


def find_giver(reference: str) -> Giver | None:
    """Give a donor by their reference."""
    found = _givers(Donor.reference == reference)
    return found[0] if found else None


def giver_of(donor_id: int) -> Giver | None:
    """Give a donor by their row."""
    found = _givers(Donor.id == donor_id)
    return found[0] if found else None


def _is_somewhere(word: str) -> ColumnElement[bool]:
    like: dict[str, Any] = {"autoescape": True}
    in_gift = or_(
        *(column.icontains(word, **like) for column in (Donation.address_line1, Donation.city, Donation.postcode))
    )
    return or_(
        Donor.first_name.icontains(word, **like),
        Donor.last_name.icontains(word, **like),
        Donor.reference == word.upper(),
        _has_email(_Other.email.icontains(word.lower(), **like)),
        _has_gift(in_gift),
    )


def _has_email(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_Other.donor_id == Donor.id, which)


def _has_gift(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Donation.donor_id == Donor.id, Donation.status == "succeeded", which)


def _givers(which: ColumnElement[bool]) -> list[Giver]:
    gifts = (
        select(func.count(Donation.id))
        .where(Donation.donor_id == Donor.id, Donation.status == "succeeded")
        .scalar_subquery()
    )
    last = (
        select(func.max(Donation.received_on))
        .where(Donation.donor_id == Donor.id, Donation.status == "succeeded")
        .scalar_subquery()
    )
    place = (
        select(func.trim(Donation.postcode + " " + Donation.city))
        .where(Donation.donor_id == Donor.id, Donation.status == "succeeded", Donation.city != "")
        .order_by(Donation.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Donor.id, Donor.reference, Donor.first_name, Donor.last_name, DonorEmail.email, place, gifts, last)
        .outerjoin(DonorEmail, and_(DonorEmail.donor_id == Donor.id, DonorEmail.is_main))
        .where(Donor.erased_at.is_(None), which)
        .order_by(Donor.last_name, Donor.first_name, Donor.id)
        .limit(_AT_MOST)
    )
    return [
        Giver(key, reference, f"{first} {family}".strip(), email or "", where or "", int(many), last_on)
        for key, reference, first, family, email, where, many, last_on in rows
    ]
