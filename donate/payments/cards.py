"""Another card: Stripe's page that keeps one without charging it, and the subscription that is charged to it then."""

from __future__ import annotations

from typing import Any

from donate.payments.billing import WITH_CARD, subscription_of
from donate.payments.checkout import LOCALES, expire_session, id_of
from donate.payments.gateway import talking
from donate.payments.values import CardRequest, CardState, SubscriptionState

_EXPAND = ["setup_intent"]


def open_card_page(request: CardRequest) -> CardState:
    """Open Stripe's page for a card, once for its reference.

    https://docs.stripe.com/payments/checkout/subscriptions/update-payment-details

    Raises:
        StripeRefused: Stripe's no.
        StripeUnanswered: Ask again with the same request: the key makes it one page.
    """
    mark = {"donate_card": request.reference, "donate_site": request.site}
    params: Any = {
        "mode": "setup",
        "ui_mode": "hosted_page",
        "currency": request.currency.lower(),
        "customer": request.customer_id,
        "client_reference_id": request.reference,
        "success_url": request.return_url,
        "cancel_url": request.return_url,
        "expires_at": int(request.expires_at.timestamp()),
        "metadata": mark,
        "setup_intent_data": {"metadata": mark},
        "expand": _EXPAND,
    }
    if request.language in LOCALES:
        params["locale"] = request.language
    with talking() as v1:
        return _state(v1.checkout.sessions.create(params, {"idempotency_key": f"{request.reference}:card"}))


def retrieve_card_page(session_id: str) -> CardState:
    """Ask Stripe how a visit to its card page stands."""
    with talking() as v1:
        return _state(v1.checkout.sessions.retrieve(session_id, {"expand": _EXPAND}))


def close_card_page(session_id: str) -> CardState:
    """End an open page and say how it stands in truth."""
    expire_session(session_id)
    return retrieve_card_page(session_id)


def charge_to_card(subscription_id: str, payment_method_id: str, reference: str) -> SubscriptionState:
    """Let a subscription be charged to another card from now on, once for the reference of our row."""
    params: Any = {"default_payment_method": payment_method_id, "expand": WITH_CARD}
    with talking() as v1:
        return subscription_of(
            v1.subscriptions.update(subscription_id, params, {"idempotency_key": f"{reference}:charge-to"})
        )


def _state(session: Any) -> CardState:
    mark = session.metadata.to_dict() if session.metadata else {}
    intent = session.setup_intent
    kept = intent is not None and not isinstance(intent, str) and intent.status == "succeeded"
    return CardState(
        session_id=session.id,
        status=session.status or "open",
        url=session.url or "",
        reference=mark.get("donate_card", ""),
        payment_method_id=id_of(intent.payment_method) if kept else None,
    )
