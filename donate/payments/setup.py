"""What an account needs once: the fund products and our webhook endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import stripe

from donate.payments.gateway import API_VERSION, talking

#: The events we act on; all others would only be stored.
EVENTS = (
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "charge.updated",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.subscription.created",
    "customer.subscription.deleted",
    "customer.subscription.updated",
    "invoice.marked_uncollectible",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.voided",
    "payment_intent.payment_failed",
    "payout.canceled",
    "payout.created",
    "payout.failed",
    "payout.paid",
    "payout.reconciliation_completed",
    "payout.updated",
    "refund.created",
    "refund.failed",
    "refund.updated",
)


@dataclass(frozen=True)
class Endpoint:
    """A webhook endpoint of the account; its secret only when it was just made."""

    endpoint_id: str
    url: str
    api_version: str
    enabled: bool
    #: The types it is sent; ``*`` is all.
    events: frozenset[str] = frozenset()
    secret: str = ""


def product_id(fund_code: str) -> str:
    """Name the product that stands for a fund."""
    return "donate_" + fund_code.replace("-", "_")


def ensure_product(fund_code: str, name: str) -> bool:
    """Make a fund's product, or bring its name up to date.

    Args:
        fund_code: Our fund's code.
        name: What the payment page calls it.

    Returns:
        Whether it was made now.
    """
    with talking() as v1:
        try:
            product = v1.products.retrieve(product_id(fund_code))
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise
            v1.products.create({"id": product_id(fund_code), "name": name})
            return True
        if product.name != name:
            v1.products.update(product.id, {"name": name})
        return False


def list_endpoints() -> list[Endpoint]:
    """List the account's webhook endpoints."""
    with talking() as v1:
        return [_endpoint(each) for each in v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter()]


def replace_endpoint(url: str) -> Endpoint:
    """Make a webhook endpoint at a url with our events and the pinned version, then drop older ones there.

    The new one stands before an old one goes, so no event finds nobody.

    Args:
        url: ``SITE_URL`` + ``/webhooks/stripe``.

    Returns:
        The endpoint with its secret: the only time Stripe tells it.
    """
    older = [each for each in list_endpoints() if each.url == url]
    with talking() as v1:
        made = v1.webhook_endpoints.create(
            cast(Any, {"url": url, "enabled_events": list(EVENTS), "api_version": API_VERSION})
        )
        for each in older:
            v1.webhook_endpoints.delete(each.endpoint_id)
    return _endpoint(made)


def remove_endpoint(endpoint_id: str) -> None:
    """Remove a webhook endpoint from the account."""
    with talking() as v1:
        v1.webhook_endpoints.delete(endpoint_id)


def _endpoint(endpoint: stripe.WebhookEndpoint) -> Endpoint:
    return Endpoint(
        endpoint_id=endpoint.id,
        url=endpoint.url,
        api_version=endpoint.api_version or "",
        enabled=endpoint.status == "enabled",
        events=frozenset(endpoint.enabled_events),
        secret=getattr(endpoint, "secret", None) or "",
    )
