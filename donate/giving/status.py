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


#: A refund's life. (from, to): why. https://docs.stripe.com/refunds#failed-refunds
REFUND_EDGES: dict[tuple[str, str], str] = {
    ("requested", "pending"): "Stripe has it; the bank takes days",
    ("requested", "requires_action"): "Stripe asks the giver where to send it",
    ("requested", "succeeded"): "Stripe gave it back",
    ("requested", "failed"): "Stripe refused it, or the bank could not take it",
    ("requested", "canceled"): "it was taken back at Stripe",
    ("pending", "requires_action"): "Stripe asks the giver where to send it",
    ("pending", "succeeded"): "the bank took it",
    ("pending", "failed"): "the bank could not take it",
    ("pending", "canceled"): "it was taken back at Stripe",
    ("requires_action", "pending"): "the giver answered",
    ("requires_action", "succeeded"): "the giver answered",
    ("requires_action", "failed"): "the giver did not answer in time",
    ("requires_action", "canceled"): "it was taken back at Stripe",
    ("succeeded", "failed"): "the bank sent it back days later",
}
#: Refunds that took effect or still may.
GIVING_BACK = ("requested", "pending", "requires_action", "succeeded")
#: A dispute that is over; an inquiry ends as ``warning_closed``.
CLOSED_DISPUTES = frozenset({"won", "lost", "warning_closed", "prevented"})
#: While a dispute stands so, its money is not the newsroom's.
TAKEN_DISPUTES = ("needs_response", "under_review", "lost")


def is_inquiry(dispute_status: str) -> bool:
    """Tell whether a bank only asks, or asked: no money has moved."""
    return dispute_status.startswith("warning_")


def next_refund_status(current: str, wanted: str) -> str:
    """Tell a refund's status after Stripe's was seen: along an edge, else the current one."""
    return wanted if (current, wanted) in REFUND_EDGES else current
