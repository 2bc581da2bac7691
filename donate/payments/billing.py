"""Subscriptions and their invoices, as they are at Stripe now."""

from __future__ import annotations

from typing import Any

from donate import clock
from donate.payments.checkout import id_of, payment_of
from donate.payments.gateway import talking
from donate.payments.units import from_stripe
from donate.payments.values import InvoiceState, Payment, SubscriptionState


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
            payment=_payment_of_invoice(v1, invoice_id) if invoice.amount_paid else None,
        )


def _payment_of_invoice(v1: Any, invoice_id: str) -> Payment | None:
    # An invoice no longer names its charge: https://docs.stripe.com/api/invoice-payment
    paid = v1.invoice_payments.list(
        {
            "invoice": invoice_id,
            "status": "paid",
            "limit": 1,
            "expand": ["data.payment.payment_intent.latest_charge"],
        }
    )
    if not paid.data:
        return None
    return payment_of(getattr(paid.data[0].payment, "payment_intent", None))


def retrieve_subscription(subscription_id: str) -> SubscriptionState:
    """Ask Stripe for a subscription as it is now."""
    with talking() as v1:
        subscription = v1.subscriptions.retrieve(subscription_id)
    # Since SDK 15 this is the list itself, no longer dict.items.
    item = subscription["items"].data[0]
    mark = subscription.metadata.to_dict() if subscription.metadata else {}
    ends = item.current_period_end
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
        ended_at=clock.from_epoch(subscription.ended_at) if subscription.ended_at else None,
    )
