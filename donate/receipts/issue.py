"""Issue the receipt of a donation: one number, one row."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from donate import clock
from donate.db import db
from donate.giving.models import Donation
from donate.receipts.models import Receipt, ReceiptSeries
from donate.receipts.queries import find_receipt_of, find_series_for_update


def issue_receipt(donation: Donation, *, zone: str) -> Receipt:
    """Number and write the receipt of a donation that succeeded, once; call inside ``committed()``.

    Numbers follow one another without gaps within a year, because number and row are of one transaction.

    Args:
        donation: A succeeded donation.
        zone: The newsroom's, for the day and year of issue.
    """
    found = find_receipt_of(donation.id)
    if found is not None:
        return found
    assert donation.received_on is not None
    issued_at = clock.now()
    # The year the gift was received in: a gift of 31 December confirmed on 1 January belongs to the old year.
    number = _next_number(donation.received_on.year)
    receipt = Receipt(
        number=number,
        donation_id=donation.id,
        issued_at=issued_at,
        issued_on=clock.on(issued_at, zone),
        language=donation.language,
        amount_minor=donation.amount_minor,
        fee_cover_minor=donation.fee_cover_minor,
        currency=donation.currency,
    )
    db.session.add(receipt)
    db.session.flush()
    return receipt


def _next_number(year: int) -> str:
    series = find_series_for_update(year)
    if series is None:
        try:
            with db.session.begin_nested():
                db.session.add(ReceiptSeries(year=year, last_number=0))
                db.session.flush()
        except IntegrityError:
            pass  # the year's first two gifts arrived together; the row stands now
        series = find_series_for_update(year)
        assert series is not None
    series.last_number += 1
    return f"{year}-{series.last_number:06d}"
