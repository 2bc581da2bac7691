"""How long an issued receipt must say whom it was for, and forgetting it after that."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from donate.db import db
from donate.receipts.models import Receipt, ReceiptHolder

#: Whole years after the year of issue, by the newsroom's country: for how long its authorities may ask for proof.
#: GB: https://www.gov.uk/guidance/gift-aid-what-donations-charities-and-cascs-can-claim-on (records, six years);
#: DE: Abgabenordnung § 147 as it stood until 2024 (ten). Elsewhere, the longest of the common terms.
YEARS = {"GB": 6, "DE": 10}
OTHERWISE = 7


def locked_until(issued_on: date, country: str) -> date:
    """Tell the last day on which a receipt must still name its giver.

    Args:
        issued_on: Of the receipt.
        country: ISO 3166 code of where the newsroom is established.
    """
    return date(issued_on.year + YEARS.get(country, OTHERWISE), 12, 31)


def lock_holder(receipt: Receipt, *, name: str, address: str, country: str, today: date) -> bool:
    """Keep whom a receipt names, before its gift forgets it, once; call inside ``committed()``.

    Args:
        receipt: An issued one.
        name: As given.
        address: The postal address in lines; may be empty.
        country: Of the newsroom.
        today: The newsroom's.

    Returns:
        Whether it is kept: not where its term is over, or there is nothing to keep.
    """
    until = locked_until(receipt.issued_on, country)
    if until < today or not (name or address) or db.session.get(ReceiptHolder, receipt.id) is not None:
        return False
    db.session.add(ReceiptHolder(receipt_id=receipt.id, name=name, address=address, locked_until=until))
    return True


def drop_unlocked_holders(today: date) -> int:
    """Forget whom receipts named whose term is over; call inside ``committed()``.

    Args:
        today: The newsroom's.

    Returns:
        How many were forgotten.
    """
    gone = db.session.execute(sa.delete(ReceiptHolder).where(ReceiptHolder.locked_until < today))
    return int(gone.rowcount)  # type: ignore[attr-defined]
