"""Subscriptions that another system began on the same account: looked at whole, and marked as ours; never charged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from donate import clock
from donate.payments.billing import WITH_CARD, subscription_of
from donate.payments.gateway import talking
from donate.payments.values import SubscriptionElsewhere, SubscriptionState

#: The name our mark has; ``donate_ref`` would say that its first gift was given here.
MARK = "donate_promise"
_WITH = [*WITH_CARD, "latest_invoice"]
#: So long before a charge a subscription is left alone: whose the charge is must be certain.
_SOON = timedelta(hours=1)


def retrieve_elsewhere(subscription_id: str) -> SubscriptionElsewhere:
    """Ask Stripe for a subscription that another system began.

    https://docs.stripe.com/api/subscriptions/object

    Args:
        subscription_id: Any of the account.

    Raises:
        StripeRefused: ``resource_missing`` where the account has none of this id, or Stripe's other no.
        StripeUnanswered: Nobody knows; nothing was changed.
    """
    asked: Any = {"expand": _WITH}
    with talking() as v1:
        subscription = v1.subscriptions.retrieve(subscription_id, asked)
    items = subscription["items"].data
    price, customer = items[0].price, subscription.customer
    mark = subscription.metadata.to_dict() if subscription.metadata else {}
    state = subscription_of(subscription)
    return SubscriptionElsewhere(
        state=state,
        promise=mark.get(MARK, ""),
        email=getattr(customer, "email", None) or "",
        name=getattr(customer, "name", None) or "",
        started_at=clock.from_epoch(subscription.start_date),
        items=len(items),
        quantity=getattr(items[0], "quantity", None) or 1,
        interval_count=price.recurring.interval_count if price.recurring else 0,
        has_plain_price=price.unit_amount is not None and price.billing_scheme == "per_unit",
        charges_by_itself=subscription.collection_method == "charge_automatically",
        has_discount=bool(getattr(subscription, "discounts", None)),
        charged_soon=_is_charged_soon(state, subscription.latest_invoice),
        fee_percent=str(getattr(subscription, "application_fee_percent", None) or ""),
    )


def mark_adopted(subscription_id: str, reference: str, site: str) -> SubscriptionState:
    """Write our mark on a subscription, and nothing else of it; the same however often it is asked for.

    https://docs.stripe.com/api/subscriptions/update : metadata is merged, no price, date or payment is touched.

    Args:
        subscription_id: Which.
        reference: Of the promise here that it stands for.
        site: Our site's address.

    Raises:
        StripeRefused: Stripe's no.
        StripeUnanswered: Nobody knows; ask again.
    """
    asked: Any = {"metadata": {MARK: reference, "donate_site": site}, "expand": WITH_CARD}
    with talking() as v1:
        return subscription_of(
            v1.subscriptions.update(subscription_id, asked, {"idempotency_key": f"{reference}:adopt"})
        )


def _is_charged_soon(state: SubscriptionState, invoice: Any) -> bool:
    soon = clock.now() + _SOON
    if state.next_charge_at is not None and state.next_charge_at < soon:
        return True
    # For an hour a new invoice is a draft, and then it is charged: https://docs.stripe.com/invoicing/overview
    if getattr(invoice, "status", None) == "draft":
        return True
    attempt = getattr(invoice, "next_payment_attempt", None)
    return attempt is not None and clock.from_epoch(attempt) < soon
