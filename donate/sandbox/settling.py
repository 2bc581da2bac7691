"""Paying an invoice on request, outside the clock's own attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from donate.sandbox import billing, collecting, events, invoices, merge, payments, rules, subscriptions
from donate.sandbox.errors import ApiError, unmodelled
from donate.sandbox.store import Obj

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call


def pay(call: Call) -> Obj:
    """Charge an open invoice now; a late subscription is active again when it was its newest.

    An attempt by hand counts only when it is the first: the clock's own retries keep their times.
    """
    box = call.box
    merge.only(call.params, {"payment_method", "off_session"}, "paying an invoice")
    invoice = invoices.get_invoice(box, call.ids[0])
    rules.check_invoice_payable(invoice)
    if invoice["status"] == "draft":
        raise unmodelled("paying a draft")
    if not call.params.get("off_session", True):
        raise unmodelled("paying an invoice with the payer there", "off_session")
    subscription = _subscription(box, invoice)
    method = _method(box, invoice, subscription, call.params.get("payment_method"))
    tried = _try(box, invoice, method, off_session=True, bank=None)
    if tried["status"] == "paid" or tried.get("_processing"):
        return tried
    raise _declined(box, tried)


def confirm(box: Sandbox, invoice: Obj, decision: str) -> Obj:
    """Try an invoice again with what the payer told their bank, approve or refuse."""
    rules.check_invoice_payable(invoice)
    method = _method(box, invoice, _subscription(box, invoice), None)
    return _try(box, invoice, method, off_session=False, bank=decision)


def _subscription(box: Sandbox, invoice: Obj) -> Obj:
    return subscriptions.get_subscription(box, invoice["parent"]["subscription_details"]["subscription"])


def _try(box: Sandbox, invoice: Obj, method: Obj, *, off_session: bool, bank: str | None) -> Obj:
    tried = collecting.collect(box, invoice, method, off_session=off_session, bank=bank)
    if tried["status"] == "paid":
        billing.heal(box, _subscription(box, invoice), tried)
        return tried
    if tried.get("_processing"):
        return tried
    if invoice["attempted"]:
        tried["attempt_count"] = invoice["attempt_count"]
        box.store.save(tried)
    else:
        events.changed(box, "invoice.updated", invoice, tried)
    events.emit(box, "invoice.payment_failed", tried)
    if tried.get("_needs_bank"):
        events.emit(box, "invoice.payment_action_required", tried)
    return tried


def _method(box: Sandbox, invoice: Obj, subscription: Obj, wanted: str | None) -> Obj:
    if wanted is not None:
        method = box.store.get("payment_method", wanted)
        rules.check_method_of_customer(method, wanted, invoice["customer"], "payment_method")
    else:
        method = billing.default_method(box, subscription)
    if method is None:
        raise ApiError(
            "This customer has no attached payment source or default payment method. Please consider adding a default"
            " payment method.",
            code="resource_missing",
        )
    return method


def _declined(box: Sandbox, invoice: Obj) -> ApiError:
    payment = box.store.find("invoice_payment", "$.invoice", invoice["id"])[0]
    intent = box.store.get("payment_intent", payment["payment"]["payment_intent"]) or {}
    if invoice.get("_needs_bank"):
        return ApiError(
            "This payment requires additional user action before it can be completed successfully. Payment can be"
            " completed using the PaymentIntent associated with the invoice.",
            status=402,
            type="card_error",
            code="invoice_payment_intent_requires_action",
            extra={"payment_intent": events.public(intent)},
            keep=True,
            store=True,
        )
    error = payments.refusal_body(intent)["error"]
    rest = {name: value for name, value in error.items() if name not in ("type", "message", "code", "doc_url")}
    return ApiError(
        error["message"], status=402, type=error["type"], code=error["code"], extra=rest, keep=True, store=True
    )


ROUTES = [("POST", "/v1/invoices/{invoice}/pay", pay)]
