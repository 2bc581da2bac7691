"""Bank debits: the payer's bank answers after days, and the session, the invoice and the promise follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from donate.sandbox import billing, charges, collecting, events, payments
from donate.sandbox.cards import BY_TOKEN
from donate.sandbox.store import Obj

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox


def answer_due(box: Sandbox, identifier: str, due: int) -> None:
    """Let the bank answer a debit that was sent days ago, unless it was canceled meanwhile."""
    intent = box.store.get("payment_intent", identifier)
    if intent is None or intent["status"] != "processing":
        return
    method = box.store.get("payment_method", intent["payment_method"]) or {}
    pending = box.store.get("charge", intent["latest_charge"]) or {}
    refusal = BY_TOKEN[method["_token"]].later
    charge = charges.bank_answered(box, pending, refusal)
    if refusal is None:
        payments.succeed(box, intent, method, charge)
    else:
        payments.fail(box, intent, method, refusal, charge)
    for payment in box.store.find("invoice_payment", "$.payment.payment_intent", identifier):
        _follow_invoice(box, payment, paid=refusal is None)
    for session in box.store.find("checkout.session", "$._intent", identifier):
        _follow_session(box, session, paid=refusal is None)


def _follow_invoice(box: Sandbox, payment: Obj, *, paid: bool) -> None:
    invoice = box.store.get("invoice", payment["invoice"]) or {}
    subscription = box.store.get("subscription", invoice["parent"]["subscription_details"]["subscription"]) or {}
    if paid:
        billing.heal(box, subscription, collecting.settle(box, invoice, payment))
    else:
        billing.failed(box, invoice, {**invoice, "_processing": False}, subscription)


def _follow_session(box: Sandbox, session: Obj, *, paid: bool) -> None:
    """Tell the session once, by its first debit: a retried invoice is no longer its own."""
    if session["payment_status"] != "unpaid" or session.get("_answered"):
        return
    session |= {"_answered": True, "payment_status": "paid" if paid else "unpaid"}
    box.store.save(session)
    outcome = "succeeded" if paid else "failed"
    events.emit(box, f"checkout.session.async_payment_{outcome}", session)
