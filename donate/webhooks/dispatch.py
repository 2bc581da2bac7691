"""Dispatch: hand received events to jobs, and each job's event to what its object is."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from donate import clock
from donate.db import committed
from donate.payments import API_VERSION
from donate.payments.gateway import is_live
from donate.queue.enqueue import enqueue
from donate.webhooks import (
    on_charge,
    on_checkout,
    on_dispute,
    on_invoice,
    on_payment,
    on_payout,
    on_refund,
    on_subscription,
)
from donate.webhooks.models import StripeEvent
from donate.webhooks.queries import get_event, is_any_received, list_received

_log = structlog.get_logger("webhooks")
_BATCH = 100

#: Event type to what follows; each gets the object's id and says whether the object is ours.
HANDLERS: dict[str, Callable[[str], bool]] = {
    "checkout.session.completed": on_checkout.changed,
    "checkout.session.expired": on_checkout.changed,
    "checkout.session.async_payment_succeeded": on_checkout.changed,
    "checkout.session.async_payment_failed": on_checkout.changed,
    "invoice.paid": on_invoice.changed,
    "invoice.payment_failed": on_invoice.changed,
    "invoice.payment_action_required": on_invoice.changed,
    "invoice.voided": on_invoice.changed,
    "invoice.marked_uncollectible": on_invoice.changed,
    "customer.subscription.created": on_subscription.changed,
    "customer.subscription.updated": on_subscription.changed,
    "customer.subscription.deleted": on_subscription.changed,
    "payment_intent.payment_failed": on_payment.failed,
    "charge.updated": on_charge.reckoned,
    "charge.dispute.created": on_dispute.changed,
    "charge.dispute.updated": on_dispute.changed,
    "charge.dispute.closed": on_dispute.changed,
    "charge.dispute.funds_withdrawn": on_dispute.changed,
    "charge.dispute.funds_reinstated": on_dispute.changed,
    "refund.created": on_refund.changed,
    "refund.updated": on_refund.changed,
    "refund.failed": on_refund.changed,
    "payout.created": on_payout.changed,
    "payout.updated": on_payout.changed,
    "payout.paid": on_payout.changed,
    "payout.failed": on_payout.changed,
    "payout.canceled": on_payout.changed,
    "payout.reconciliation_completed": on_payout.changed,
}


def queue_received() -> int:
    """Give each event that no job knows yet its job; call outside ``committed()``.

    Returns:
        How many were handed over.
    """
    if not is_any_received():
        return 0
    with committed():
        events = list_received(_BATCH)
        for event in events:
            enqueue("apply_event", f"event:{event.event_id}", event_id=event.event_id)
            event.state = "queued"
        return len(events)


def apply_event(event_id: str) -> None:
    """Let an event take effect; call outside ``committed()``.

    The payload is a hint that something happened; what happened is asked of Stripe.

    Args:
        event_id: Stripe's.
    """
    event = get_event(event_id)
    handler = HANDLERS.get(event.type)
    if event.api_version != API_VERSION:
        _log.warning("event_of_another_version", event_id=event_id, its=event.api_version, ours=API_VERSION)
    if handler is None or event.livemode != is_live():
        _mark(event_id, "ignored", None if handler is None else "live and test never mix")
        return
    try:
        ours = handler(event.object_id)
    except Exception as error:
        _mark(event_id, "failed", f"{type(error).__name__}: {error}"[:2000])
        raise
    _mark(event_id, "applied" if ours else "ignored", None)


def _mark(event_id: str, state: str, error: str | None) -> None:
    with committed():
        event: StripeEvent = get_event(event_id)
        event.state = state
        event.error = error
        event.applied_at = clock.now() if state == "applied" else None
