"""Move a donation along its graph by what Stripe holds."""

from __future__ import annotations

from datetime import datetime

from donate import clock
from donate.giving.models import Donation
from donate.giving.status import TERMINAL, next_status
from donate.payments.values import Payment


class PaidAfterEnd(RuntimeError):
    """Money moved for a donation that had ended: a person must look."""


def move_donation(
    donation: Donation, wanted: str, payment: Payment | None, *, zone: str, paid_at: datetime | None = None
) -> bool:
    """Take a locked donation to the state Stripe's object amounts to; call inside ``committed()``.

    Args:
        donation: The locked row.
        wanted: What was seen.
        payment: The money that moved or tried to.
        zone: The newsroom's, for the day it was received on.
        paid_at: When it was paid, where the charge itself does not say.

    Returns:
        Whether this call made the donation succeed.

    Raises:
        PaidAfterEnd: When money moved for one that was failed, canceled or expired.
        ValueError: When the money that moved is not the money that was asked for.
    """
    status = next_status(donation.status, wanted)
    if wanted == "succeeded" and donation.status in TERMINAL - {"succeeded"}:
        raise PaidAfterEnd(f"gift {donation.reference} is {donation.status}, yet it was paid")
    if payment is not None and donation.status != "succeeded":
        _note_payment(donation, payment)
    if status == donation.status:
        return False
    donation.status = status
    donation.version += 1
    if status == "succeeded":
        _receive(donation, payment, zone, paid_at)
    if status in TERMINAL:
        donation.ended_at = clock.now()
    return status == "succeeded"


def _receive(donation: Donation, payment: Payment | None, zone: str, paid_at: datetime | None) -> None:
    if payment is not None and payment.amount != donation.amount:
        raise ValueError(f"gift {donation.reference}: asked {donation.amount}, paid {payment.amount}")
    moment = (payment.charged_at if payment is not None else None) or paid_at or clock.now()
    donation.received_at = moment
    donation.received_on = clock.on(moment, zone)
    donation.failure_code = ""


def _note_payment(donation: Donation, payment: Payment) -> None:
    if donation.stripe_payment_intent_id != payment.payment_intent_id:
        donation.stripe_payment_intent_id = payment.payment_intent_id
    donation.failure_code = payment.failure_code
    donation.payment_method = payment.method
    donation.card_brand = payment.card_brand
    donation.card_last4 = payment.card_last4
    donation.stripe_charge_id = payment.charge_id
