"""Payment methods and payment intents: one attempt to take money from a practice card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from donate.sandbox import charges, disputes, events, lists
from donate.sandbox.cards import BY_TOKEN, Card, Refusal
from donate.sandbox.clock import DAY
from donate.sandbox.errors import DOCS, missing
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

REFUSED_BY_DONOR = Refusal(
    "payment_intent_authentication_failure",
    "authentication_failure",
    "The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to attempt to fulfill"
    " this PaymentIntent again.",
)
CARD_OPTIONS = {"installments": None, "mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
NO_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def make_method(box: Sandbox, card: Card, email: str | None, name: str | None, customer: str | None) -> Obj:
    """Create the payment method for a practice card as typed on the page."""
    method: Obj = {
        "id": new_id("pm_1"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": billing_details(card, email, name),
        card.kind: DETAILS[card.kind](card),
        "created": box.clock.now(),
        "customer": customer,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": card.kind,
        "_token": card.token,
    }
    return box.store.add(method)


def _card(card: Card) -> Obj:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": "american_express" if card.brand == "amex" else card.brand,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "fingerprint": f"practice{card.last4}",
        "funding": "credit",
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _sepa_debit(card: Card) -> Obj:
    return {
        "bank_code": card.brand,
        "branch_code": "",
        "country": card.country,
        "fingerprint": f"practice{card.last4}",
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": card.last4,
    }


def _us_bank_account(card: Card) -> Obj:
    return {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": card.brand,
        "financial_connections_account": None,
        "fingerprint": f"practice{card.last4}",
        "last4": card.last4,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": "110000000",
        "status_details": {},
    }


DETAILS = {"card": _card, "sepa_debit": _sepa_debit, "us_bank_account": _us_bank_account}


def billing_details(card: Card, email: str | None, name: str | None) -> Obj:
    """Return what the payer typed beside the card."""
    return {
        "address": {**NO_ADDRESS, "country": card.country},
        "email": email,
        "name": name,
        "phone": None,
        "tax_id": None,
    }


# Fields the sandbox never fills, or fills later.
UNUSED_IN_INTENT = (
    "application", "application_fee_amount", "automatic_payment_methods", "canceled_at", "cancellation_reason",
    "customer_account", "excluded_payment_method_types", "last_payment_error", "latest_charge", "next_action",
    "on_behalf_of", "payment_method", "payment_method_configuration_details", "processing", "review",
    "shipping", "source", "statement_descriptor", "transfer_data", "transfer_group",
)  # fmt: skip


def make_intent(box: Sandbox, *, amount: int, currency: str, customer: str | None, data: dict[str, Any],
                setup_future_usage: str | None = None) -> Obj:  # fmt: skip
    """Create a payment intent and record the event; `data` is payment_intent_data or an invoice's words."""
    identifier = new_id("pi_3")
    intent: Obj = {
        **dict.fromkeys(UNUSED_IN_INTENT),
        "id": identifier,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": f"{identifier}_secret_{new_id('', 25)}",
        "confirmation_method": "automatic",
        "created": box.clock.now(),
        "currency": currency,
        "customer": customer,
        "description": data.get("description"),
        "livemode": False,
        "metadata": dict(data.get("metadata") or {}),
        "payment_method_options": {"card": dict(CARD_OPTIONS)},
        "payment_method_types": ["card"],
        "receipt_email": data.get("receipt_email"),
        "setup_future_usage": setup_future_usage or data.get("setup_future_usage"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
    }  # fmt: skip
    box.store.add(intent)
    events.emit(box, "payment_intent.created", intent)
    return intent


def ask_bank(box: Sandbox, intent: Obj, method: Obj, return_url: str) -> Obj:
    """Leave the intent waiting for the donor's bank."""
    waiting = {
        **intent,
        "status": "requires_action",
        "payment_method": method["id"],
        "last_payment_error": None,
        "next_action": {"type": "redirect_to_url", "redirect_to_url": {"return_url": None, "url": return_url}},
    }
    box.store.save(waiting)
    events.emit(box, "payment_intent.requires_action", waiting)
    return waiting


def attempt(box: Sandbox, intent: Obj, method: Obj, *, off_session: bool, bank: str | None = None) -> Obj:
    """Charge once; the returned intent has succeeded or carries last_payment_error.

    `bank` is what the donor told their bank (approve or refuse) where the card asks it.
    """
    card = BY_TOKEN[method["_token"]]
    refusal = card.later if off_session else card.now
    if bank == "refuse":
        return fail(box, intent, method, REFUSED_BY_DONOR, None)
    if card.kind != "card":
        return _submit(box, intent, method, card)
    charge = charges.make_charge(box, intent, method, card, refusal, asked=bank == "approve")
    if refusal is not None:
        return fail(box, intent, method, refusal, charge)
    return succeed(box, intent, method, charge)


def _submit(box: Sandbox, intent: Obj, method: Obj, card: Card) -> Obj:
    """Send a debit to the payer's bank, whose answer takes days."""
    charge = charges.make_charge(box, intent, method, card, None, asked=False)
    waiting = {
        **intent,
        "status": "processing",
        "latest_charge": charge["id"],
        "payment_method": method["id"],
        "payment_method_types": list(dict.fromkeys([*intent["payment_method_types"], card.kind])),
        "last_payment_error": None,
        "next_action": None,
    }
    events.emit(box, "payment_intent.processing", box.store.save(waiting))
    box.store.plan(box.clock.now() + int(box.setting("debit_days")) * DAY, "bank_answers", intent["id"])
    return waiting


def succeed(box: Sandbox, intent: Obj, method: Obj, charge: Obj) -> Obj:
    """Note that the money came."""
    done = {
        **intent,
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "payment_method": method["id"],
        "last_payment_error": None,
        "next_action": None,
    }
    box.store.save(done)
    if method["customer"] is None:
        box.store.save({**method, "_used": True})
    events.emit(box, "payment_intent.succeeded", done)
    box.store.plan(box.clock.now() + box.fee_delay, "settle_fee", charge["id"])
    if BY_TOKEN[method["_token"]].dispute:
        box.store.plan(box.clock.now() + box.fee_delay + disputes.OPENS_AFTER, "open_dispute", charge["id"])
    return done


def fail(box: Sandbox, intent: Obj, method: Obj, refusal: Refusal, charge: Obj | None) -> Obj:
    """Note that an attempt failed, and let another method be tried."""
    by_card = charge is not None and method["type"] == "card"
    error: Obj = {
        "type": "card_error" if by_card else "invalid_request_error",
        "code": refusal.code,
        "doc_url": DOCS + refusal.code.replace("_", "-"),
        "message": refusal.message,
        "payment_method": events.public(method),
    }
    if charge:
        error["charge"] = charge["id"]
    if by_card:
        error |= {"decline_code": refusal.decline_code, "advice_code": "try_again_later"}
    failed = {
        **intent,
        "status": "requires_payment_method",
        "last_payment_error": error,
        "latest_charge": charge["id"] if charge else intent["latest_charge"],
        "next_action": None,
        "payment_method": None,
    }
    box.store.save(failed)
    events.emit(box, "payment_intent.payment_failed", failed)
    return failed


def refusal_body(intent: Obj) -> dict[str, Any]:
    """Return the error that Stripe answers for an intent that just failed."""
    return {"error": {**intent["last_payment_error"], "payment_intent": events.public(intent)}}


def retrieve_intent(call: Call) -> Obj:
    """Answer a payment intent."""
    intent = call.box.store.get("payment_intent", call.ids[0])
    if intent is None:
        raise missing("payment_intent", call.ids[0], "intent")
    return intent


def get_method(box: Sandbox, identifier: str) -> Obj:
    """Return a payment method that exists."""
    method = box.store.get("payment_method", identifier)
    if method is None:
        raise missing("PaymentMethod", identifier, "payment_method")
    return method


def retrieve_method(call: Call) -> Obj:
    """Answer a payment method."""
    return get_method(call.box, call.ids[0])


def list_intents(call: Call) -> Obj:
    """Answer payment intents, newest first."""
    return lists.page(call, "payment_intent", lists.filters(call.params, "customer"))


ROUTES = [
    ("GET", "/v1/payment_intents", list_intents),
    ("GET", "/v1/payment_intents/{intent}", retrieve_intent),
    ("GET", "/v1/payment_methods/{payment_method}", retrieve_method),
]
