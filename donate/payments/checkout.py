"""Checkout Sessions: open, look at, expire, look up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import stripe

from donate import clock
from donate.payments.gateway import talking
from donate.payments.units import from_stripe, to_stripe
from donate.payments.values import CheckoutRequest, CheckoutState, Mark, Payment

#: What Checkout speaks, from its documentation; elsewhere the reader's browser decides.
LOCALES = frozenset(
    [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "en-GB",
        "es",
        "es-419",
        "et",
        "fi",
        "fil",
        "fr",
        "fr-CA",
        "hi-IN",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "lv",
        "ms",
        "mt",
        "nb",
        "nl",
        "pl",
        "pt",
        "pt-BR",
        "ro",
        "ru",
        "sk",
        "sl",
        "sv",
        "th",
        "tr",
        "vi",
        "zh",
        "zh-HK",
        "zh-TW",
    ]
)
#: Where a session is paid, in Stripe's words.
HOSTED_PAGE, ELEMENTS = "hosted_page", "elements"
_EXPAND = ["payment_intent.latest_charge"]


def open_session(request: CheckoutRequest) -> CheckoutState:
    """Open a Checkout Session, once for its reference.

    Args:
        request: What to charge whom, and where to lead back.

    Raises:
        StripeRefused: Stripe's no; nothing exists.
        StripeUnanswered: Ask again with the same request: the key makes it one session.
    """
    with talking() as v1:
        session = v1.checkout.sessions.create(
            session_params(request), {"idempotency_key": f"{request.reference}:checkout"}
        )
        return _state(session)


def session_params(request: CheckoutRequest) -> Any:
    """Write the parameters of a session; the same request gives the same parameters, as its key demands.

    https://docs.stripe.com/api/checkout/sessions/create
    """
    repeats = request.frequency != "once"
    price: dict[str, Any] = {
        "currency": request.amount.currency.lower(),
        "unit_amount": to_stripe(request.amount),
        "product": request.product,
    }
    mark = {"donate_ref": request.reference, "donate_site": request.site}
    params: dict[str, Any] = {
        "mode": "subscription" if repeats else "payment",
        "ui_mode": request.ui_mode,
        "client_reference_id": request.reference,
        "line_items": [{"price_data": price, "quantity": 1}],
        "expires_at": int(request.expires_at.timestamp()),
        "adaptive_pricing": {"enabled": False},
        "metadata": mark,
    }
    if request.customer_id:
        params["customer"] = request.customer_id
    else:
        params["customer_email"] = request.email
    params |= _own_page(request) if request.ui_mode == ELEMENTS else _hosted_page(request)
    if repeats:
        price["recurring"] = {"interval": request.frequency}
        params["subscription_data"] = {"metadata": mark}
    else:
        params["payment_intent_data"] = {"metadata": mark}
        if request.statement_suffix:
            params["payment_intent_data"]["statement_descriptor_suffix"] = request.statement_suffix
    return params


def _hosted_page(request: CheckoutRequest) -> dict[str, Any]:
    params: dict[str, Any] = {"success_url": request.back_url, "cancel_url": request.back_url}
    if speaks(request.language):
        params["locale"] = request.language
    if request.frequency == "once":
        params["submit_type"] = "donate"
    return params


def _own_page(request: CheckoutRequest) -> dict[str, Any]:
    # The page's language is told to the script, and its button is ours.
    return {"return_url": request.back_url}


def speaks(language: str) -> bool:
    """Tell whether Stripe's hosted page has a language."""
    return language in LOCALES


def retrieve_session(session_id: str) -> CheckoutState:
    """Ask Stripe for a session as it is now."""
    with talking() as v1:
        return _state(v1.checkout.sessions.retrieve(session_id, {"expand": _EXPAND}))


def expire_session(session_id: str) -> CheckoutState:
    """End an open session, so that it can't be paid any more, and say how it stands in truth.

    A session that is no longer open is left as it is; the answer tells.
    """
    with talking() as v1:
        try:
            v1.checkout.sessions.expire(session_id)
        except stripe.InvalidRequestError:
            pass  # it was complete or expired already; the look below says which
    return retrieve_session(session_id)


def find_session(reference: str, created_from: datetime, created_until: datetime) -> CheckoutState | None:
    """Look for a session whose opening nobody heard the answer of.

    Args:
        reference: The gift's.
        created_from: Not older than this.
        created_until: Not younger than this.
    """
    created = {"gte": int(created_from.timestamp()), "lte": int(created_until.timestamp())}
    asked: Any = {"created": created, "limit": 100}
    with talking() as v1:
        for session in v1.checkout.sessions.list(asked).auto_paging_iter():
            if session.client_reference_id == reference:
                return retrieve_session(session.id)
    return None


#: Their charge is made when the debit is sent: https://docs.stripe.com/payments/bank-debits
_SLOW = frozenset({"acss_debit", "au_becs_debit", "bacs_debit", "nz_bank_account", "sepa_debit", "us_bank_account"})


def payment_of(intent: Any) -> Payment | None:
    """Read a PaymentIntent with its latest charge expanded; None where there is none yet."""
    if intent is None or isinstance(intent, str):
        return None
    from_charge = intent.latest_charge if not isinstance(intent.latest_charge, str) else None
    details = getattr(from_charge, "payment_method_details", None)
    card = getattr(details, "card", None)
    error = intent.last_payment_error
    method = getattr(details, "type", "") or ""
    return Payment(
        payment_intent_id=intent.id,
        status=intent.status,
        amount=from_stripe(intent.amount, intent.currency),
        charge_id=from_charge.id if from_charge is not None else intent.latest_charge,
        charged_at=clock.from_epoch(from_charge.created) if from_charge is not None and method not in _SLOW else None,
        method=method,
        card_brand=getattr(card, "brand", "") or "",
        card_last4=getattr(card, "last4", "") or "",
        failure_code=(getattr(error, "decline_code", None) or getattr(error, "code", None) or "") if error else "",
    )


def id_of(thing: Any) -> str | None:
    """Give the id of something Stripe may have expanded."""
    if thing is None or isinstance(thing, str):
        return thing
    return str(thing.id)


def _state(session: stripe.checkout.Session) -> CheckoutState:
    mark = session.metadata.to_dict() if session.metadata else {}
    return CheckoutState(
        session_id=session.id,
        livemode=session.livemode,
        status=session.status or "open",
        payment_status=session.payment_status,
        reference=mark.get("donate_ref", ""),
        site=mark.get("donate_site", ""),
        url=session.url or "",
        client_secret=session.client_secret or "",
        mode=session.mode,
        payment=payment_of(session.payment_intent),
        invoice_id=id_of(session.invoice),
        subscription_id=id_of(session.subscription),
        customer_id=id_of(session.customer),
    )


def retrieve_payment_mark(payment_intent_id: str) -> Mark:
    """Give the mark a PaymentIntent carries in its metadata; an empty one where it carries none."""
    with talking() as v1:
        intent = v1.payment_intents.retrieve(payment_intent_id)
    found = intent.metadata.to_dict() if intent.metadata else {}
    return Mark(str(found.get("donate_ref", "")), str(found.get("donate_site", "")))
