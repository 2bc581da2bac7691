"""Look-ups of receipts."""

from __future__ import annotations

from sqlalchemy import select

from donate.db import db
from donate.receipts.models import Receipt, ReceiptSeries


def find_receipt_of(donation_id: int) -> Receipt | None:
    """Find the receipt of a donation."""
    return db.session.scalars(select(Receipt).where(Receipt.donation_id == donation_id)).first()


def find_series_for_update(year: int) -> ReceiptSeries | None:
    """Find and lock a year's counter."""
    return db.session.scalars(select(ReceiptSeries).where(ReceiptSeries.year == year).with_for_update()).first()
