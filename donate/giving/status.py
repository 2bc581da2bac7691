"""The life of a donation: a pure graph, every edge named, terminal states absorb."""

from __future__ import annotations

from donate.payments.values import CheckoutState

#: (from, to): why.
EDGES: dict[tuple[str, str], str] = {
    ("pending", "processing"): "the donor confirmed; the bank takes days",
    ("pending", "succeeded"): "the money moved",
    ("pending", "failed"): "the bank refused after confirmation",
    ("pending", "canceled"): "the attempt was taken back",
    ("pending", "expired"): "the payment page closed unpaid",
    ("processing", "succeeded"): "the bank paid",
    ("processing", "failed"): "the bank refused",
}
TERMINAL = frozenset({"succeeded", "failed", "canceled", "expired"})


def next_status(current: str, wanted: str) -> str:
    """Tell the status after a wanted one was seen: along an edge, else the current one.

    Args:
        current: The row's status.
        wanted: What Stripe's object amounts to.
    """
    return wanted if (current, wanted) in EDGES else current


def status_of_checkout(session: CheckoutState) -> str:
    """Tell what a Checkout Session amounts to for its donation.

    A complete session that is unpaid is not money yet: https://docs.stripe.com/payments/checkout/fulfill-orders
    """
    if session.status == "expired":
        return "expired"
    if session.status != "complete":
        return "pending"
    if session.payment_status != "unpaid":
        return "succeeded"
    if session.payment is not None and session.payment.status in ("requires_payment_method", "canceled"):
        return "failed"
    return "processing"
