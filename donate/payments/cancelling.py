"""End what stands at Stripe for somebody: a subscription at once, its open invoices, their customer."""

from __future__ import annotations

from donate.payments.billing import retrieve_subscription
from donate.payments.changing import list_open_invoices, void_invoice
from donate.payments.errors import StripeRefused
from donate.payments.gateway import talking
from donate.payments.values import SubscriptionState

_ENDED = ("canceled", "incomplete_expired")


def cancel_now(subscription_id: str) -> SubscriptionState:
    """End a subscription at once and take back what it still asks for; one that has ended is left as it is.

    https://docs.stripe.com/api/subscriptions/cancel : asking twice ends it once, so the request carries no key.

    Returns:
        The subscription as Stripe holds it afterwards.

    Raises:
        StripeRefused: Stripe's no; it goes on.
        StripeUnanswered: Nobody knows whether it ended; ask again.
    """
    seen = retrieve_subscription(subscription_id)
    if seen.status not in _ENDED:
        try:
            with talking() as v1:
                v1.subscriptions.cancel(subscription_id)
        except StripeRefused as refusal:
            # Somebody else ended it a moment ago: what has ended is missing to Stripe. The look below tells.
            if refusal.code != "resource_missing":
                raise
        seen = retrieve_subscription(subscription_id)
    for invoice in list_open_invoices(subscription_id):
        void_invoice(invoice.invoice_id)
    return seen


def delete_customer(customer_id: str) -> None:
    """Let Stripe delete a customer with their cards and address; one that is gone already is gone.

    https://docs.stripe.com/api/customers/delete : payments of the past stay, as the law asks of Stripe.

    Raises:
        StripeRefused: Stripe's no.
        StripeUnanswered: Nobody knows whether they are gone; ask again.
    """
    try:
        with talking() as v1:
            v1.customers.delete(customer_id)
    except StripeRefused as refusal:
        if refusal.code != "resource_missing":
            raise
