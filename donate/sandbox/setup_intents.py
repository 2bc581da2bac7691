"""Setup intents: one attempt to keep a card for later, with nothing charged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from donate.sandbox import events, lists, merge
from donate.sandbox.cards import BY_TOKEN, Card, Refusal
from donate.sandbox.errors import DOCS, missing
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

REFUSED_BY_DONOR = Refusal(
    "setup_intent_authentication_failure",
    "authentication_failure",
    "The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to attempt to fulfill"
    " this SetupIntent again.",
)
# Fields the sandbox never fills, or fills later.
UNUSED = (
    "application", "automatic_payment_methods", "cancellation_reason", "customer_account",
    "excluded_payment_method_types", "flow_directions", "last_setup_error", "latest_attempt", "mandate", "next_action",
    "on_behalf_of", "payment_method", "payment_method_configuration_details", "single_use_mandate",
)  # fmt: skip


def make_intent(box: Sandbox, *, customer: str | None, data: dict[str, Any]) -> Obj:
    """Create a setup intent and record the event; `data` is setup_intent_data."""
    identifier = new_id("seti_1")
    intent: Obj = {
        **dict.fromkeys(UNUSED),
        "id": identifier,
        "object": "setup_intent",
        "client_secret": f"{identifier}_secret_{new_id('', 25)}",
        "created": box.clock.now(),
        "customer": customer,
        "description": data.get("description"),
        "livemode": False,
        "metadata": merge.metadata({}, data.get("metadata")),
        "payment_method_options": {
            "card": {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
        },
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "usage": "off_session",
    }
    events.emit(box, "setup_intent.created", box.store.add(intent))
    return intent


def refusal_of(card: Card) -> Refusal | None:
    """Return why a card can't be kept; one that only lacks funds after asking its bank can."""
    return None if card.asks_bank else card.now


def ask_bank(box: Sandbox, intent: Obj, method: Obj, url: str) -> Obj:
    """Leave the intent waiting for the payer's bank."""
    waiting = {
        **intent,
        "status": "requires_action",
        "payment_method": method["id"],
        "last_setup_error": None,
        "next_action": {"type": "redirect_to_url", "redirect_to_url": {"return_url": None, "url": url}},
    }
    events.emit(box, "setup_intent.requires_action", box.store.save(waiting))
    return waiting


def attempt(box: Sandbox, intent: Obj, method: Obj, *, bank: str | None) -> Obj:
    """Try once to keep a card; the returned intent has succeeded or carries last_setup_error."""
    refusal = REFUSED_BY_DONOR if bank == "refuse" else refusal_of(BY_TOKEN[method["_token"]])
    if refusal is not None:
        return _fail(box, intent, method, refusal)
    if intent["customer"]:
        method = {**method, "customer": intent["customer"]}
        events.emit(box, "payment_method.attached", box.store.save(method))
    done = {
        **intent,
        "status": "succeeded",
        "payment_method": method["id"],
        "last_setup_error": None,
        "next_action": None,
    }
    events.emit(box, "setup_intent.succeeded", box.store.save(done))
    return done


def _fail(box: Sandbox, intent: Obj, method: Obj, refusal: Refusal) -> Obj:
    asked = refusal is REFUSED_BY_DONOR
    error: Obj = {
        "type": "invalid_request_error" if asked else "card_error",
        "code": refusal.code,
        "doc_url": DOCS + refusal.code.replace("_", "-"),
        "message": refusal.message,
        "payment_method": events.public(method),
    }
    if not asked:
        error |= {"decline_code": refusal.decline_code, "advice_code": "try_again_later"}
    failed = {
        **intent,
        "status": "requires_payment_method",
        "last_setup_error": error,
        "next_action": None,
        "payment_method": None,
    }
    events.emit(box, "setup_intent.setup_failed", box.store.save(failed))
    return failed


def cancel(box: Sandbox, intent: Obj) -> None:
    """Cancel what nobody finished."""
    canceled = {**intent, "status": "canceled", "next_action": None}
    events.emit(box, "setup_intent.canceled", box.store.save(canceled))


def refusal_body(intent: Obj) -> dict[str, Any]:
    """Return the error that Stripe answers for an intent that just failed."""
    return {"error": {**intent["last_setup_error"], "setup_intent": events.public(intent)}}


def retrieve(call: Call) -> Obj:
    """Answer a setup intent."""
    intent = call.box.store.get("setup_intent", call.ids[0])
    if intent is None:
        raise missing("setupintent", call.ids[0], "intent")
    return intent


def list_all(call: Call) -> Obj:
    """Answer setup intents, newest first."""
    return lists.page(call, "setup_intent", lists.filters(call.params, "customer", "payment_method"))


ROUTES = [
    ("GET", "/v1/setup_intents", list_all),
    ("GET", "/v1/setup_intents/{intent}", retrieve),
]
