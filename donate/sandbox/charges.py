"""Charges: what one attempt on a card left behind, succeeded or failed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from donate.sandbox import events, lists
from donate.sandbox.cards import NEEDS_BANK, Card, Refusal
from donate.sandbox.clock import DAY
from donate.sandbox.errors import missing
from donate.sandbox.rules import PREFIX
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call


SHOWN = {
    "sepa_debit": ("bank_code", "branch_code", "country", "fingerprint", "last4"),
    "us_bank_account": ("account_holder_type", "account_type", "bank_name", "fingerprint", "last4", "routing_number"),
}
# Fields the sandbox never fills, or fills later.
UNUSED = (
    "application", "application_fee", "application_fee_amount", "balance_transaction",
    "failure_balance_transaction", "on_behalf_of", "receipt_number", "review",
    "shipping", "source", "source_transfer", "statement_descriptor", "transfer_data", "transfer_group",
)  # fmt: skip


def make_charge(box: Sandbox, intent: Obj, method: Obj, card: Card, refusal: Refusal | None, *, asked: bool) -> Obj:
    """Write down a try to charge a card, taken or refused; a bank account's is pending until its bank answers."""
    pending = card.kind != "card"
    identifier = new_id("py_3" if pending else "ch_3")
    suffix = intent["statement_descriptor_suffix"]
    charge: Obj = {
        **dict.fromkeys(UNUSED),
        "id": identifier,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0 if refusal else intent["amount"],
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": f"{PREFIX}* {suffix}".upper() if suffix else PREFIX,
        "captured": refusal is None,
        "created": box.clock.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": refusal.code if refusal else None,
        "failure_message": refusal.message if refusal else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": _outcome(refusal),
        "paid": refusal is None and not pending,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(box, intent, method, asked=asked),
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_url": None if refusal or pending else _receipt(box, identifier),
        "refunded": False,
        "statement_descriptor_suffix": suffix,
        "status": "failed" if refusal else "pending" if pending else "succeeded",
    }
    events.emit(box, f"charge.{charge['status']}", box.store.add(charge))
    return charge


def bank_answered(box: Sandbox, charge: Obj, refusal: Refusal | None) -> Obj:
    """Settle a pending charge as the bank answered."""
    after = {**charge, "status": "failed" if refusal else "succeeded", "paid": refusal is None}
    if refusal is None:
        after["receipt_url"] = _receipt(box, charge["id"])
    else:
        after |= {"amount_captured": 0, "captured": False, "outcome": _outcome(refusal),
                  "failure_code": refusal.code, "failure_message": refusal.message}  # fmt: skip
    events.emit(box, f"charge.{after['status']}", box.store.save(after))
    return after


def _receipt(box: Sandbox, identifier: str) -> str:
    return f"{box.base_url}/_sandbox/receipts/{identifier}"


def _details(box: Sandbox, intent: Obj, method: Obj, *, asked: bool) -> Obj:
    """Return what was charged; a bank account's details are its method's, with the day of the debit."""
    kind: str = method["type"]
    if kind == "card":
        return {"card": _card_details(intent, method, asked=asked), "type": "card"}
    debited = datetime.fromtimestamp(box.clock.now() + int(box.setting("debit_days")) * DAY, UTC).date()
    known = {name: method[kind][name] for name in SHOWN[kind]}
    return {kind: {**known, "expected_debit_date": debited.isoformat()}, "type": kind}


def _outcome(refusal: Refusal | None) -> Obj:
    if refusal is None:
        return {
            "advice_code": None, "network_advice_code": None, "network_decline_code": None,
            "network_status": "approved_by_network", "reason": None, "risk_level": "normal", "risk_score": 20,
            "seller_message": "Payment complete.", "type": "authorized",
        }  # fmt: skip
    return {
        "advice_code": None if refusal is NEEDS_BANK else "try_again_later", "network_advice_code": "02",
        "network_decline_code": "01", "network_status": "declined_by_network", "reason": refusal.decline_code,
        "risk_level": "normal", "risk_score": 20,
        "seller_message": f"The bank returned the decline code `{refusal.decline_code}`.", "type": "issuer_declined",
    }  # fmt: skip


def _card_details(intent: Obj, method: Obj, *, asked: bool) -> Obj:
    card = method["card"]
    secure = None
    if asked:
        secure = {
            "authentication_flow": "challenge", "electronic_commerce_indicator": "05", "exemption_indicator": None,
            "result": "authenticated", "result_reason": None, "transaction_id": None, "version": "2.2.0",
        }  # fmt: skip
    return {
        "amount_authorized": intent["amount"],
        "authorization_code": "123456",
        "brand": card["brand"],
        "checks": card["checks"],
        "country": card["country"],
        "exp_month": card["exp_month"],
        "exp_year": card["exp_year"],
        "extended_authorization": {"status": "disabled"},
        "fingerprint": card["fingerprint"],
        "funding": card["funding"],
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": secure,
        "wallet": None,
    }


def retrieve(call: Call) -> Obj:
    """Answer a charge."""
    charge = call.box.store.get("charge", call.ids[0])
    if charge is None:
        raise missing("charge", call.ids[0])
    return charge


def list_all(call: Call) -> Obj:
    """Answer charges, newest first."""
    return lists.page(call, "charge", lists.filters(call.params, "customer", "payment_intent", "transfer_group"))


ROUTES = [
    ("GET", "/v1/charges", list_all),
    ("GET", "/v1/charges/{charge}", retrieve),
]
