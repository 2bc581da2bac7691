"""Withdraw an offline gift that did not come after all: the row that says that nothing of it is left, and why."""

from __future__ import annotations

from donate import clock, references
from donate.db import db
from donate.errors import OfflineRefused
from donate.giving.models import Donation, Refund
from donate.giving.offline.entry import REASONS
from donate.giving.queries import list_refunds


def withdraw_offline(donation: Donation, reason: str, *, asked_by: str, zone: str) -> Refund:
    """Say that nothing of an offline gift is left, once; call inside ``committed()`` with the gift locked.

    The gift's own row stays as it was: what is gone of it is a row of its own, on its own day.

    Args:
        donation: The locked row.
        reason: One of ``REASONS``.
        asked_by: Whose act it is.
        zone: The newsroom's.

    Raises:
        OfflineRefused: ``not_offline``, ``reason_missing`` or ``withdrawn_before``.
    """
    if donation.kind != "offline" or donation.status != "succeeded":
        raise OfflineRefused("not_offline", reference=donation.reference)
    if reason not in REASONS:
        raise OfflineRefused("reason_missing")
    if list_refunds(donation.id):
        raise OfflineRefused("withdrawn_before", reference=donation.reference)
    now = clock.now()
    refund = Refund(
        reference=references.new_reference(),
        donation_id=donation.id,
        status="succeeded",
        livemode=donation.livemode,
        amount_minor=donation.amount_minor,
        currency=donation.currency,
        reason=reason,
        asked_by=asked_by,
        requested_at=now,
        refunded_at=now,
        refunded_on=clock.on(now, zone),
        ended_at=now,
    )
    db.session.add(refund)
    db.session.flush()
    return refund
