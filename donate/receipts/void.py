"""Void a receipt: its number and its row stay, and say when and why it stopped to hold."""

from __future__ import annotations

from donate import clock
from donate.db import db
from donate.receipts.models import Receipt


def void_receipt(receipt: Receipt, reason: str, *, zone: str) -> None:
    """End a receipt, once; call inside ``committed()`` with its gift's or donor's row locked.

    Args:
        receipt: One that holds.
        reason: ``refund``, ``dispute`` or ``correction``.
        zone: The newsroom's.
    """
    at = clock.now()
    receipt.status = "void"
    receipt.voided_at = at
    receipt.voided_on = clock.on(at, zone)
    receipt.void_reason = reason
    # Before another is written: a gift has one that holds.
    db.session.flush()
