"""Checkout in setup mode: a card is kept for later charges, and nothing is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from donate.sandbox import payments, setup_intents
from donate.sandbox.cards import Card
from donate.sandbox.store import Obj

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox


def prepare(box: Sandbox, session: Obj, data: dict[str, Any]) -> None:
    """Make a new session one that asks for a card and no money."""
    intent = setup_intents.make_intent(box, customer=session["customer"], data=data)
    session |= {
        "amount_subtotal": None,
        "amount_total": None,
        "payment_method_collection": "always",
        "payment_status": "no_payment_required",
        "setup_intent": intent["id"],
        "total_details": None,
        "_lines": [],
    }


def intent_of(box: Sandbox, session: Obj) -> Obj:
    """Return the setup intent of a session."""
    return box.store.get("setup_intent", session["setup_intent"]) or {}


def keep(box: Sandbox, session: Obj, card: Card, *, email: str, name: str | None,
         bank: str | None) -> dict[str, Any] | None:  # fmt: skip
    """Try to keep a card; the answer is Stripe's error where it was refused."""
    method = payments.make_method(box, card, email, name, None)
    intent = setup_intents.attempt(box, intent_of(box, session), method, bank=bank)
    return None if intent["status"] == "succeeded" else setup_intents.refusal_body(intent)


def ask_bank(box: Sandbox, session: Obj, method: Obj, url: str) -> None:
    """Leave the session's intent waiting for the payer's bank."""
    setup_intents.ask_bank(box, intent_of(box, session), method, url)


def abandon(box: Sandbox, session: Obj) -> None:
    """Cancel the intent of a session that expired."""
    setup_intents.cancel(box, intent_of(box, session))
