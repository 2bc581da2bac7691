"""Give money back: the row before Stripe is asked, never more than what is left, and what Stripe made of it."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from donate import clock, references
from donate.db import db
from donate.errors import RefundRefused
from donate.giving.models import Donation, Refund
from donate.giving.queries import find_refund_by_reference, find_refund_of_stripe, total_disputed, total_given_back
from donate.giving.status import next_refund_status
from donate.money import Money
from donate.payments.values import RefundState


def left_to_refund(donation: Donation) -> Money:
    """Tell how much of a gift can still go back: without refunds under way and what a bank has taken or asks for."""
    return donation.amount - total_given_back(donation) - total_disputed(donation)


def ask_refund(donation: Donation, amount: Money, *, left_seen: Money, reason: str, asked_by: str) -> Refund:
    """Write the row of a refund before Stripe is asked; call inside ``committed()`` with the donation locked.

    Args:
        donation: The locked row; only money that arrived by Stripe goes back by Stripe.
        amount: What shall go back.
        left_seen: What was left when the person decided; somebody else's refund meanwhile stops this one.
        reason: Stripe's word, or empty.
        asked_by: Whose act it is.

    Raises:
        RefundRefused: ``refund_not_received``, ``refund_changed`` or ``refund_too_large`` (both with ``left``).
    """
    if donation.status != "succeeded" or donation.stripe_payment_intent_id is None:
        raise RefundRefused("refund_not_received", reference=donation.reference)
    left = left_to_refund(donation)
    if left != left_seen:
        raise RefundRefused("refund_changed", left=left)
    if amount > left or not amount:
        raise RefundRefused("refund_too_large", left=left)
    refund = Refund(
        reference=references.new_reference(),
        donation_id=donation.id,
        status="requested",
        livemode=donation.livemode,
        amount_minor=amount.minor,
        currency=amount.currency,
        reason=reason,
        asked_by=asked_by,
        requested_at=clock.now(),
    )
    db.session.add(refund)
    db.session.flush()
    return refund


def note_refund(donation: Donation, seen: RefundState, *, zone: str) -> tuple[Refund, str]:
    """Bring a refund's row to what Stripe holds; call inside ``committed()`` with the donation locked.

    Args:
        donation: The locked gift it is about.
        seen: Just fetched; one that was made in Stripe's dashboard gets its row here.
        zone: The newsroom's, for the day.

    Returns:
        The row, and its status before: empty where it is new.
    """
    refund = find_refund_of_stripe(seen.refund_id) or (find_refund_by_reference(seen.mark) if seen.mark else None)
    if refund is not None and refund.donation_id != donation.id:
        raise ValueError(f"refund {seen.refund_id} does not belong to gift {donation.reference}")
    if refund is None:
        refund = _made_elsewhere(donation, seen)
        before = ""
    else:
        before = refund.status
    if refund.amount != seen.amount:
        raise ValueError(f"refund {refund.reference}: asked {refund.amount}, Stripe gave back {seen.amount}")
    # One that we gave up without ever having seen it at Stripe is news when it is there after all.
    current = refund.status if refund.stripe_refund_id is not None else "requested"
    refund.stripe_refund_id = seen.refund_id
    status = next_refund_status(current, seen.status)
    if status != refund.status or not before:
        refund.version += 1
    refund.status = status
    refund.failure_reason = seen.failure_reason
    if refund.refunded_at is None:
        refund.refunded_at = seen.created_at
        refund.refunded_on = clock.on(seen.created_at, zone)
    if status not in ("failed", "canceled"):
        refund.ended_at = None
    elif refund.ended_at is None:
        refund.ended_at = clock.now()
    db.session.flush()
    return refund, before


def refuse_refund(refund: Refund, why: str) -> None:
    """End a refund that Stripe refused or never made; call inside ``committed()`` with its row locked.

    Args:
        refund: Still ``requested``.
        why: Stripe's error code, or ours.
    """
    if refund.status == "requested":
        refund.status = "failed"
        refund.failure_reason = why[:80]
        refund.ended_at = clock.now()
        refund.version += 1


def _made_elsewhere(donation: Donation, seen: RefundState) -> Refund:
    refund = Refund(
        reference=references.new_reference(),
        donation_id=donation.id,
        status="requested",
        livemode=donation.livemode,
        amount_minor=seen.amount.minor,
        currency=seen.amount.currency,
        reason=seen.reason[:40],
        asked_by="stripe",
        requested_at=seen.created_at,
        stripe_refund_id=seen.refund_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(refund)
            db.session.flush()
    except IntegrityError:
        # Told twice at once; the gift's lock makes this rare, the key makes it harmless.
        found = find_refund_of_stripe(seen.refund_id)
        if found is None:
            raise
        return found
    return refund
