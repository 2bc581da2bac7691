"""Subscriptions and their invoices, as they are at Stripe now."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from donate import clock
from donate.payments.checkout import id_of, payment_of
from donate.payments.gateway import talking
from donate.payments.units import from_stripe
from donate.payments.values import Card, InvoiceState, Payment, SubscriptionState


def retrieve_invoice(invoice_id: str) -> InvoiceState:
    """Ask Stripe for an invoice and the payment that settled it."""
    with talking() as v1:
        invoice = v1.invoices.retrieve(invoice_id)
        details = getattr(invoice.parent, "subscription_details", None) if invoice.parent else None
        mark = details.metadata.to_dict() if details is not None and details.metadata else {}
        return InvoiceState(
            invoice_id=invoice.id,
            livemode=invoice.livemode,
            status=invoice.status or "",
            billing_reason=invoice.billing_reason or "",
            amount_paid=from_stripe(invoice.amount_paid, invoice.currency),
            subscription_id=id_of(details.subscription) if details is not None else None,
            reference=mark.get("donate_ref", ""),
            site=mark.get("donate_site", ""),
            paid_at=clock.from_epoch(paid) if (paid := invoice.status_transitions.paid_at) else None,
            payment=_payment_of_invoice(v1, invoice_id, "paid") if invoice.amount_paid else None,
            amount_due=from_stripe(invoice.amount_due, invoice.currency),
            attempts=invoice.attempt_count,
            next_attempt_at=clock.from_epoch(at) if (at := invoice.next_payment_attempt) else None,
            failure_code=_refusal(v1, invoice_id) if invoice.status == "open" and invoice.attempt_count else "",
        )


def _refusal(v1: Any, invoice_id: str) -> str:
    tried = _payment_of_invoice(v1, invoice_id, "open")
    return tried.failure_code if tried is not None else ""


def _payment_of_invoice(v1: Any, invoice_id: str, status: str) -> Payment | None:
    # An invoice no longer names its charge: https://docs.stripe.com/api/invoice-payment
    paid = v1.invoice_payments.list(
        {
            "invoice": invoice_id,
            "status": status,
            "limit": 1,
            "expand": ["data.payment.payment_intent.latest_charge"],
        }
    )
    if not paid.data:
        return None
    return payment_of(getattr(paid.data[0].payment, "payment_intent", None))


def retrieve_subscription(subscription_id: str) -> SubscriptionState:
    """Ask Stripe for a subscription as it is now, with the card it is charged to."""
    with talking() as v1:
        return subscription_of(v1.subscriptions.retrieve(subscription_id, {"expand": WITH_CARD}))


#: What makes Stripe send the card along: the subscription's own, or the one its customer pays with by default.
WITH_CARD = ["default_payment_method", "customer.invoice_settings.default_payment_method"]


def subscription_of(subscription: Any) -> SubscriptionState:
    """Read a subscription whose card was expanded."""
    # Since SDK 15 this is the list itself, no longer dict.items.
    item = subscription["items"].data[0]
    mark = subscription.metadata.to_dict() if subscription.metadata else {}
    ends, pause = item.current_period_end, subscription.pause_collection
    details = subscription.cancellation_details
    ended_at = clock.from_epoch(subscription.ended_at) if subscription.ended_at else None
    return SubscriptionState(
        subscription_id=subscription.id,
        livemode=subscription.livemode,
        status=subscription.status,
        customer_id=id_of(subscription.customer) or "",
        reference=mark.get("donate_ref", ""),
        site=mark.get("donate_site", ""),
        amount=from_stripe(item.price.unit_amount or 0, item.price.currency),
        interval=item.price.recurring.interval if item.price.recurring else "",
        next_charge_at=clock.from_epoch(ends) if ends else None,
        cancel_at_period_end=bool(subscription.cancel_at_period_end),
        ended_at=ended_at,
        ended_because=(getattr(details, "reason", None) or "") if ended_at is not None else "",
        anchor_at=clock.from_epoch(subscription.billing_cycle_anchor),
        is_paused=pause is not None,
        resumes_at=clock.from_epoch(pause.resumes_at) if pause is not None and pause.resumes_at else None,
        item_id=item.id,
        product=id_of(item.price.product) or "",
        card=_card_of(subscription),
    )


def _card_of(subscription: Any) -> Card | None:
    method = subscription.default_payment_method
    if method is None and not isinstance(subscription.customer, str):
        method = getattr(getattr(subscription.customer, "invoice_settings", None), "default_payment_method", None)
    card = getattr(method, "card", None) if not isinstance(method, str) else None
    if card is None:
        return None
    # A card is good until the end of the month printed on it.
    last = monthrange(card.exp_year, card.exp_month)[1]
    return Card(brand=card.brand, last4=card.last4 or "", good_until=date(card.exp_year, card.exp_month, last))
