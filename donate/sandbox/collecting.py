"""Collecting an invoice: one attempt with a card, and the invoice payment that ties the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from donate.sandbox import events, lists, payments
from donate.sandbox.cards import NEEDS_BANK
from donate.sandbox.errors import missing
from donate.sandbox.store import Obj, equals, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call


def collect(box: Sandbox, invoice: Obj, method: Obj | None, *, off_session: bool, intent: Obj | None = None,
            bank: str | None = None) -> Obj:  # fmt: skip
    """Try once to have an open invoice paid; the answer is the invoice, paid or not."""
    if invoice["amount_due"] == 0:
        return _paid(box, invoice)
    if method is None:
        return _unpaid(box, invoice)
    payment = _payment_of(box, invoice, intent)
    intent = box.store.get("payment_intent", payment["payment"]["payment_intent"]) or {}
    if not off_session:
        intent = {**intent, "customer": invoice["customer"]}
    intent = payments.attempt(box, intent, method, off_session=off_session, bank=bank)
    if intent["status"] == "processing":
        return _waiting(box, invoice)
    if intent["status"] != "succeeded":
        needs_bank = (intent["last_payment_error"] or {}).get("code") == NEEDS_BANK.code
        if needs_bank:
            payments.ask_bank(box, intent, method, invoice["hosted_invoice_url"])
        return {**_unpaid(box, invoice), "_needs_bank": needs_bank}
    return settle(box, invoice, payment)


def settle(box: Sandbox, invoice: Obj, payment: Obj) -> Obj:
    """Mark an invoice paid by its payment."""
    now = box.clock.now()
    payment = {
        **payment,
        "status": "paid",
        "amount_paid": invoice["amount_due"],
        "status_transitions": {"canceled_at": None, "paid_at": now},
    }
    box.store.save(payment)
    events.emit(box, "invoice_payment.paid", payment)
    return _paid(box, invoice)


def _payment_of(box: Sandbox, invoice: Obj, intent: Obj | None) -> Obj:
    """Return the invoice's payment, made at its first attempt."""
    for payment in box.store.find("invoice_payment", "$.invoice", invoice["id"]):
        return payment
    words = "Subscription creation" if invoice["billing_reason"] == "subscription_create" else "Subscription update"
    intent = intent or payments.make_intent(
        box,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        data={"description": words},
        setup_future_usage="off_session" if invoice["billing_reason"] == "subscription_create" else None,
    )
    made: Obj = {
        "id": new_id("inpay_1"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": invoice["amount_due"],
        "created": box.clock.now(),
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    return box.store.add(made)


def _paid(box: Sandbox, invoice: Obj) -> Obj:
    counts = invoice["amount_due"] > 0 and not invoice.get("_processing")  # a bank's attempt was counted when it began
    paid = {
        **invoice,
        "status": "paid",
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempt_count": invoice["attempt_count"] + (1 if counts else 0),
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "_processing": False,
        "_needs_bank": False,
        "status_transitions": {**invoice["status_transitions"], "paid_at": box.clock.now()},
    }
    box.store.save(paid)
    events.emit(box, "invoice.paid", paid)
    events.emit(box, "invoice.payment_succeeded", paid)
    return paid


def _waiting(box: Sandbox, invoice: Obj) -> Obj:
    """Leave an invoice open while a bank takes its days; nothing is tried meanwhile."""
    waiting = {**_unpaid(box, invoice), "next_payment_attempt": None, "auto_advance": True, "_processing": True}
    events.changed(box, "invoice.updated", invoice, waiting)
    return waiting


def _unpaid(box: Sandbox, invoice: Obj) -> Obj:
    return {**invoice, "attempt_count": invoice["attempt_count"] + 1, "attempted": True}


def list_payments(call: Call) -> Obj:
    """Answer invoice payments, by invoice or by payment intent."""
    where = lists.filters(call.params, "invoice", "status")
    intent = call.params.get("payment", {}).get("payment_intent")
    if intent is not None:
        where.append(equals("$.payment.payment_intent", intent))
    return lists.page(call, "invoice_payment", where)


def retrieve_payment(call: Call) -> Obj:
    """Answer an invoice payment."""
    payment = call.box.store.get("invoice_payment", call.ids[0])
    if payment is None:
        raise missing("invoice payment", call.ids[0], "invoice_payment")
    return payment


ROUTES = [
    ("GET", "/v1/invoice_payments", list_payments),
    ("GET", "/v1/invoice_payments/{invoice_payment}", retrieve_payment),
]
