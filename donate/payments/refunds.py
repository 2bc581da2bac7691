"""Refunds: made once for our reference, looked at, looked up."""

from __future__ import annotations

from typing import Any

import stripe

from donate import clock
from donate.money import Money
from donate.payments.balance import read_moved
from donate.payments.checkout import id_of
from donate.payments.gateway import talking
from donate.payments.units import from_stripe, to_stripe_part
from donate.payments.values import RefundState

_EXPAND = ["balance_transaction", "failure_balance_transaction"]


def make_refund(reference: str, payment_intent_id: str, amount: Money, reason: str) -> RefundState:
    """Give money back, once for our reference.

    https://docs.stripe.com/api/refunds/create

    Args:
        reference: Of our own row: idempotency key and metadata.
        payment_intent_id: Whose money goes back.
        amount: In the payer's currency, not more than what is left.
        reason: Stripe's ``duplicate``, ``fraudulent`` or ``requested_by_customer``; empty for none.

    Raises:
        StripeRefused: Stripe's no; nothing went back.
        StripeUnanswered: Ask again with the same values: the key makes it one refund.
    """
    params: Any = {
        "payment_intent": payment_intent_id,
        "amount": to_stripe_part(amount),
        "metadata": {"donate_refund": reference},
        "expand": _EXPAND,
    }
    if reason:
        params["reason"] = reason
    with talking() as v1:
        return _state(v1.refunds.create(params, {"idempotency_key": f"{reference}:refund"}))


def retrieve_refund(refund_id: str) -> RefundState:
    """Ask Stripe for a refund as it is now."""
    with talking() as v1:
        return _state(v1.refunds.retrieve(refund_id, {"expand": _EXPAND}))


def find_refund(reference: str, payment_intent_id: str) -> RefundState | None:
    """Look for a refund whose making nobody heard the answer of.

    Args:
        reference: Of our own row.
        payment_intent_id: Whose money should have gone back.
    """
    asked: Any = {"payment_intent": payment_intent_id, "limit": 100, "expand": [f"data.{field}" for field in _EXPAND]}
    with talking() as v1:
        for refund in v1.refunds.list(asked).auto_paging_iter():
            seen = _state(refund)
            if seen.mark == reference:
                return seen
    return None


def _state(refund: stripe.Refund) -> RefundState:
    mark = refund.metadata.to_dict() if refund.metadata else {}
    return RefundState(
        refund_id=refund.id,
        status=refund.status or "pending",
        amount=from_stripe(refund.amount, refund.currency),
        reason=refund.reason or "",
        failure_reason=getattr(refund, "failure_reason", None) or "",
        charge_id=id_of(refund.charge),
        payment_intent_id=id_of(refund.payment_intent),
        created_at=clock.from_epoch(refund.created),
        mark=str(mark.get("donate_refund", "")),
        transactions=read_moved(refund),
    )
