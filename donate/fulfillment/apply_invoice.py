"""Apply an invoice: the first completes the form's donation, each later one is a donation of its own or a refusal."""

from __future__ import annotations

from donate.db import committed, lock
from donate.fulfillment.after_gift import after_gift
from donate.fulfillment.apply_checkout import TRIES, MovedMeanwhile, apply_checkout
from donate.fulfillment.follow_promise import follow_promise
from donate.fulfillment.ownership import find_promise_of_subscription
from donate.giving.queries import find_donation
from donate.mail.queue import queue_mail
from donate.newsroom.queries import get_newsroom
from donate.payments.billing import retrieve_invoice, retrieve_subscription
from donate.payments.values import InvoiceState, SubscriptionState
from donate.recurring.collect import collect_instalment
from donate.recurring.dun import note_failed_charge, settle_failed_charge
from donate.recurring.letters import charge_failed_letter
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import get_recurring


def apply_invoice(invoice_id: str) -> bool:
    """Ask Stripe for an invoice and apply it; call outside ``committed()``.

    Args:
        invoice_id: Any of the account; only those of our promises take effect.

    Returns:
        Whether it is ours.

    Raises:
        MovedMeanwhile: Others kept changing the promise.
    """
    invoice = retrieve_invoice(invoice_id)
    if invoice.subscription_id is None:
        return False
    promise = find_promise_of_subscription(invoice.subscription_id)
    if promise is None or promise.livemode != invoice.livemode:
        return False
    if promise.adopted_at is not None and invoice.paid_at is not None and invoice.paid_at < promise.adopted_at:
        # Paid while another system kept it: a past gift, and its money is not of ours.
        return False
    if invoice.billing_reason == "subscription_create" and promise.adopted_at is None:
        _apply_first(invoice)
    else:
        _apply_later(promise.id, invoice.subscription_id, invoice)
    return True


def _apply_first(invoice: InvoiceState) -> None:
    first = find_donation(invoice.reference)
    if first is not None:
        apply_checkout(first.id)


def _apply_later(promise_id: int, subscription_id: str, invoice: InvoiceState) -> None:
    for _ in range(TRIES):
        version = get_recurring(promise_id).version
        if _take(promise_id, version, invoice, retrieve_subscription(subscription_id)):
            return
    raise MovedMeanwhile(get_recurring(promise_id).reference)


def _take(promise_id: int, version: int, invoice: InvoiceState, subscription: SubscriptionState) -> bool:
    zone = get_newsroom().time_zone
    with committed():
        promise = lock(RecurringDonation, promise_id)
        if promise.version != version:
            return False
        follow_promise(promise, subscription)
        settle_failed_charge(invoice)
        if invoice.status == "paid" and invoice.amount_paid:  # a skipped month's invoice is void and makes none
            donation = collect_instalment(promise, invoice, zone=zone)
            if donation is not None:
                after_gift(donation, promise, customer_id=promise.stripe_customer_id)
        elif promise.ended_at is None:
            failed = note_failed_charge(promise, invoice)
            if failed is not None:
                queue_mail(charge_failed_letter(promise, failed))
    return True
