"""Whom a receipt names: as given with its gift, or as kept locked after they were forgotten."""

from __future__ import annotations

from donate.db import db
from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.receipts.models import Receipt, ReceiptHolder


def whom(receipt: Receipt) -> tuple[str, tuple[str, ...]]:
    """Tell whom a receipt names.

    Args:
        receipt: A gift's or a statement.

    Returns:
        The name and the postal address in lines; empty where nothing is known any more.
    """
    holder = db.session.get(ReceiptHolder, receipt.id)
    if holder is not None:
        return holder.name, tuple(holder.address.splitlines())
    if receipt.donation_id is not None:
        gift = db.session.get_one(Donation, receipt.donation_id)
        return gift.donor_name, address_lines(gift)
    donor = db.session.get_one(Donor, receipt.donor_id)
    return donor_name(donor), ()


def donor_name(donor: Donor) -> str:
    """Give a donor's name; may be empty."""
    return f"{donor.first_name} {donor.last_name}".strip()


def address_lines(gift: Donation) -> tuple[str, ...]:
    """Give the postal address of a gift in lines; none without a street."""
    if not gift.address_line1:
        return ()
    place = " ".join(part for part in (gift.postcode, gift.city, gift.region, gift.country) if part)
    return tuple(line for line in (gift.address_line1, gift.address_line2, place) if line)
