"""Charges and the disputes about them, as they are at Stripe now."""

from __future__ import annotations

from typing import Any

import stripe

from donate import clock
from donate.payments.balance import read_transaction
from donate.payments.checkout import id_of
from donate.payments.gateway import talking
from donate.payments.units import from_stripe
from donate.payments.values import ChargeState, DisputeState


def retrieve_charge(charge_id: str) -> ChargeState:
    """Ask Stripe for a charge."""
    with talking() as v1:
        return _charge(v1.charges.retrieve(charge_id, {"expand": ["balance_transaction"]}))


def retrieve_dispute(dispute_id: str) -> DisputeState:
    """Ask Stripe for a dispute and what it moved in the balance."""
    with talking() as v1:
        dispute = v1.disputes.retrieve(dispute_id)
    due = dispute.evidence_details.due_by if dispute.evidence_details else None
    return DisputeState(
        dispute_id=dispute.id,
        livemode=dispute.livemode,
        status=dispute.status.removeprefix("appeal_"),  # the same wait, one stage later
        amount=from_stripe(dispute.amount, dispute.currency),
        reason=dispute.reason,
        charge_id=id_of(dispute.charge),
        payment_intent_id=id_of(dispute.payment_intent),
        created_at=clock.from_epoch(dispute.created),
        evidence_due_at=clock.from_epoch(due) if due else None,
        transactions=tuple(read_transaction(each, dispute) for each in dispute.balance_transactions),
    )


def find_invoice_of_payment(payment_intent_id: str) -> str | None:
    """Find the invoice a PaymentIntent paid; a charge no longer names it.

    https://docs.stripe.com/api/invoice-payment/list

    Args:
        payment_intent_id: Any of the account.
    """
    asked: Any = {"payment": {"type": "payment_intent", "payment_intent": payment_intent_id}, "limit": 1}
    with talking() as v1:
        found = v1.invoice_payments.list(asked).data
    return id_of(found[0].invoice) if found else None


def _charge(charge: stripe.Charge) -> ChargeState:
    moved = charge.balance_transaction
    return ChargeState(
        charge_id=charge.id,
        livemode=charge.livemode,
        status=charge.status,
        amount=from_stripe(charge.amount, charge.currency),
        payment_intent_id=id_of(charge.payment_intent),
        created_at=clock.from_epoch(charge.created),
        transaction=read_transaction(moved, charge) if moved is not None and not isinstance(moved, str) else None,
    )
