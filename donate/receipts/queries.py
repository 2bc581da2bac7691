"""Look-ups of receipts, statements and their counters."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select

from donate.db import db
from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.newsroom.models import Fund
from donate.receipts.models import Receipt, ReceiptCopy, ReceiptSeries


def find_receipt_of(donation_id: int) -> Receipt | None:
    """Find the receipt of a donation that holds: the one that is not void."""
    return db.session.scalars(
        select(Receipt).where(Receipt.donation_id == donation_id, Receipt.status == "issued")
    ).first()


def find_receipt(number: str) -> Receipt | None:
    """Find a receipt or statement by its number, void or not."""
    return db.session.scalars(select(Receipt).where(Receipt.number == number)).first()


def get_receipt(receipt_id: int) -> Receipt:
    """Give a receipt by its key."""
    return db.session.get_one(Receipt, receipt_id)


def find_replacement_of(receipt_id: int) -> Receipt | None:
    """Find the receipt that stands for a void one."""
    return db.session.scalars(select(Receipt).where(Receipt.replaces_id == receipt_id)).first()


def find_copy(receipt_id: int, reference: str) -> ReceiptCopy | None:
    """Find a copy of a receipt that was handed out again."""
    return db.session.scalars(
        select(ReceiptCopy).where(ReceiptCopy.receipt_id == receipt_id, ReceiptCopy.reference == reference)
    ).first()


def find_series_for_update(kind: str, year: int) -> ReceiptSeries | None:
    """Find and lock the counter of a kind and year."""
    return db.session.scalars(
        select(ReceiptSeries).where(ReceiptSeries.kind == kind, ReceiptSeries.year == year).with_for_update()
    ).first()


def find_statement(donor_id: int, year: int) -> Receipt | None:
    """Find a donor's statement of a year that holds."""
    return db.session.scalars(
        select(Receipt).where(
            Receipt.kind == "statement",
            Receipt.status == "issued",
            Receipt.donor_id == donor_id,
            Receipt.year == year,
        )
    ).first()


def list_statements_of(donor_id: int) -> list[Receipt]:
    """List a donor's statements that hold, the newest year first."""
    return list(
        db.session.scalars(
            select(Receipt)
            .where(Receipt.kind == "statement", Receipt.status == "issued", Receipt.donor_id == donor_id)
            .order_by(Receipt.year.desc())
        )
    )


def list_statements(donor_ids: list[int], year: int) -> dict[int, Receipt]:
    """Give the statements of a year that hold, by donor."""
    found = db.session.scalars(
        select(Receipt).where(
            Receipt.kind == "statement",
            Receipt.status == "issued",
            Receipt.donor_id.in_(donor_ids),
            Receipt.year == year,
        )
    )
    return {each.donor_id: each for each in found if each.donor_id is not None}


def list_donors_of_year(year: int, *, after: int, at_most: int) -> list[int]:
    """List who gave something in a year that was kept, by their keys.

    Args:
        year: By the newsroom's days.
        after: Only keys above this one.
        at_most: So many.
    """
    kept = (
        select(Receipt.id)
        .join(Donation, Donation.id == Receipt.donation_id)
        .where(
            Donation.donor_id == Donor.id,
            Receipt.status == "issued",
            Receipt.year == year,
            Receipt.amount_minor > 0,
        )
    )
    asked = select(Donor.id).where(Donor.id > after, kept.exists()).order_by(Donor.id).limit(at_most)
    return list(db.session.scalars(asked))


def count_donors_of_year(year: int) -> int:
    """Count whom ``list_donors_of_year`` lists."""
    asked = (
        select(func.count(Donation.donor_id.distinct()))
        .join(Receipt, Receipt.donation_id == Donation.id)
        .where(Receipt.status == "issued", Receipt.year == year, Receipt.amount_minor > 0)
    )
    return db.session.scalar(asked) or 0


def lock_donors(donor_ids: list[int]) -> dict[int, Donor]:
    """Take the locks of some donors in the order of their keys; call inside ``committed()``."""
    found = db.session.scalars(
        select(Donor)
        .where(Donor.id.in_(donor_ids))
        .order_by(Donor.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {donor.id: donor for donor in found}


def list_kept_gifts(donor_ids: list[int], year: int) -> dict[int, list[tuple[Receipt, Donation, Fund]]]:
    """Give each donor's gifts of a year of which something was kept, with the receipts that hold, by day."""
    rows = db.session.execute(
        select(Receipt, Donation, Fund)
        .join(Donation, Donation.id == Receipt.donation_id)
        .join(Fund, Fund.id == Donation.fund_id)
        .where(
            Donation.donor_id.in_(donor_ids),
            Receipt.status == "issued",
            Receipt.year == year,
            Receipt.amount_minor > 0,
        )
        .order_by(Donation.received_on, Donation.id)
    )
    gifts: dict[int, list[tuple[Receipt, Donation, Fund]]] = defaultdict(list)
    for receipt, donation, fund in rows:
        assert donation.donor_id is not None
        gifts[donation.donor_id].append((receipt, donation, fund))
    return gifts
