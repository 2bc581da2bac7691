"""Apply an invoice: the first completes the form's donation, each later one is a donation of its own."""

from __future__ import annotations

from donate.db import committed, lock
from donate.fulfillment.after_gift import after_gift
from donate.fulfillment.apply_checkout import apply_checkout
from donate.fulfillment.apply_subscription import apply_subscription
from donate.fulfillment.ownership import find_promise_of_subscription
from donate.giving.queries import find_donation
from donate.newsroom.queries import get_newsroom
from donate.payments.billing import retrieve_invoice, retrieve_subscription
from donate.payments.values import InvoiceState, SubscriptionState
from donate.recurring.collect import collect_instalment
from donate.recurring.follow import follow_subscription
from donate.recurring.models import RecurringDonation


def apply_invoice(invoice_id: str) -> bool:
    """Ask Stripe for an invoice and apply it; call outside ``committed()``.

    Args:
        invoice_id: Any of the account; only those of our promises take effect.

    Returns:
        Whether it is ours.
    """
    invoice = retrieve_invoice(invoice_id)
    if invoice.subscription_id is None:
        return False
    promise = find_promise_of_subscription(invoice.subscription_id)
    if promise is None or promise.livemode != invoice.livemode:
        return False
    if invoice.billing_reason == "subscription_create":
        _apply_first(invoice)
    elif invoice.status == "paid" and invoice.amount_paid:  # a skipped month's invoice is zero and makes none
        _apply_later(promise.id, invoice, retrieve_subscription(invoice.subscription_id))
    else:
        apply_subscription(invoice.subscription_id)
    return True


def _apply_first(invoice: InvoiceState) -> None:
    first = find_donation(invoice.reference)
    if first is not None:
        apply_checkout(first.id)


def _apply_later(promise_id: int, invoice: InvoiceState, subscription: SubscriptionState) -> None:
    zone = get_newsroom().time_zone
    with committed():
        promise = lock(RecurringDonation, promise_id)
        follow_subscription(promise, subscription)
        donation = collect_instalment(promise, invoice, zone=zone)
        if donation is not None:
            after_gift(donation, promise, customer_id=promise.stripe_customer_id)
