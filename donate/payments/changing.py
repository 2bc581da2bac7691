"""Changing a subscription at Stripe: its price, its dates, its rest, its announced end; and invoices that wait."""

from __future__ import annotations

from typing import Any

import stripe
import structlog

from donate import clock
from donate.payments.billing import WITH_CARD, subscription_of
from donate.payments.gateway import talking
from donate.payments.units import from_stripe, to_stripe
from donate.payments.values import OpenInvoice, SubscriptionChange, SubscriptionState

_log = structlog.get_logger("payments")
#: An account with more unpaid invoices of one subscription than this has other troubles.
_INVOICES = 100


def change_subscription(now: SubscriptionState, change: SubscriptionChange, reference: str) -> SubscriptionState:
    """Change a subscription, once for the reference of our row.

    Args:
        now: As it was just fetched: a change of the price needs its item and product.
        change: What shall be different.
        reference: Of the row that asks; its key never goes with other parameters.

    Raises:
        StripeRefused: Stripe's no; nothing changed.
        StripeUnanswered: Nobody knows; the same call asks again.
    """
    with talking() as v1:
        return subscription_of(
            v1.subscriptions.update(
                now.subscription_id, change_params(now, change), {"idempotency_key": f"{reference}:change"}
            )
        )


def change_params(now: SubscriptionState, change: SubscriptionChange) -> Any:
    """Write the parameters of a change; what must not cost or return anything waives proration.

    https://docs.stripe.com/api/subscriptions/update
    """
    params: dict[str, Any] = {"expand": WITH_CARD}
    if change.price is not None:
        amount, interval = change.price
        price = {
            "currency": amount.currency.lower(),
            "unit_amount": to_stripe(amount),
            "product": now.product,
            "recurring": {"interval": interval},
        }
        params["items"] = [{"id": now.item_id, "price_data": price}]
        params["proration_behavior"] = "none"
    if change.next_charge_at is not None:
        # Until its end a trial charges nothing, and periods are counted from there.
        params["trial_end"] = int(change.next_charge_at.timestamp())
        params["proration_behavior"] = "none"
    if change.paused_until is not None:
        params["pause_collection"] = {"behavior": "void", "resumes_at": int(change.paused_until.timestamp())}
    if change.resumes:
        params["pause_collection"] = ""
    if change.cancel_at_period_end is not None:
        params["cancel_at_period_end"] = change.cancel_at_period_end
    return params


def list_open_invoices(subscription_id: str) -> list[OpenInvoice]:
    """List the invoices of a subscription that wait for their payment, the newest first."""
    with talking() as v1:
        asked: Any = {"subscription": subscription_id, "status": "open", "limit": _INVOICES}
        return [
            OpenInvoice(one.id, from_stripe(one.amount_due, one.currency), clock.from_epoch(one.created))
            for one in v1.invoices.list(asked).data
        ]


def void_invoice(invoice_id: str) -> None:
    """Void an open invoice, so that nobody is charged for it.

    One that is open no more is left as it is; so is one that a bank is paying already, whose money comes as a gift.
    """
    with talking() as v1:
        try:
            v1.invoices.void_invoice(invoice_id)
        except stripe.InvalidRequestError as refusal:
            _log.info("invoice_not_voided", invoice=invoice_id, code=refusal.code)


def pay_invoice(invoice_id: str, payment_method_id: str, reference: str) -> None:
    """Charge an open invoice now, once for the reference of our row.

    Args:
        invoice_id: Which.
        payment_method_id: The card to charge.
        reference: Of the row that asks.

    Raises:
        StripeRefused: The bank's or Stripe's no.
        StripeUnanswered: Nobody knows; look at the invoice.
    """
    asked: Any = {"payment_method": payment_method_id, "off_session": True}
    with talking() as v1:
        v1.invoices.pay(invoice_id, asked, {"idempotency_key": f"{reference}:pay"})
