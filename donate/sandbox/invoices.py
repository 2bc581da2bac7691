"""Invoices of subscriptions and the payments that settle them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from donate.sandbox import events, lists, payments
from donate.sandbox.clock import HOUR
from donate.sandbox.errors import ApiError, missing
from donate.sandbox.store import Obj, equals, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

MOMENTS = ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
NO_TAX = {"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None}


def make_invoice(box: Sandbox, subscription: Obj, *, reason: str, period: tuple[int, int],
                 identifier: str | None = None) -> Obj:  # fmt: skip
    """Draft the invoice for a subscription's current period; `period` is the one just past."""
    identifier = identifier or new_id("in_1")
    now = box.clock.now()
    line = _line(subscription, identifier)
    total = line["amount"]
    customer = box.store.get("customer", subscription["customer"]) or {}
    waits = reason != "subscription_create"
    invoice: Obj = {
        "id": identifier,
        "object": "invoice",
        "account_country": "US",
        "account_name": box.setting("business_name"),
        "account_tax_ids": None,
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": total,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": waits,
        "automatic_tax": dict(NO_TAX),
        "automatically_finalizes_at": now + HOUR if waits else None,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": now,
        "currency": subscription["currency"],
        "custom_fields": None,
        "customer": subscription["customer"],
        "customer_account": None,
        "customer_address": customer.get("address"),
        "customer_email": customer.get("email"),
        "customer_name": customer.get("name"),
        "customer_phone": customer.get("phone"),
        "customer_shipping": None,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": subscription["description"],
        "discounts": [],
        "due_date": None,
        "effective_at": None,
        "ending_balance": None,
        "footer": None,
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "lines": lists.listing(f"/v1/invoices/{identifier}/lines", [line]),
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": now + HOUR if waits else None,
        "number": None,
        "on_behalf_of": None,
        "parent": {
            "quote_details": None,
            "subscription_details": {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]},
            "type": "subscription_details",
        },
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": period[1],
        "period_start": period[0],
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": 0,
        "statement_descriptor": None,
        "status": "draft",
        "status_transitions": dict.fromkeys(MOMENTS),
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "test_clock": None,
        "total": total,
        "total_discount_amounts": [],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": None,
    }  # fmt: skip
    box.store.add(invoice)
    events.emit(box, "invoice.created", invoice)
    return invoice


def _line(subscription: Obj, invoice: str) -> Obj:
    item = subscription["items"]["data"][0]
    price, quantity = item["price"], item["quantity"]
    amount = price["unit_amount"] * quantity
    return {
        "id": new_id("il_1"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": f"{quantity} × {subscription['_name']} (every {_every(price)})",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice,
        "livemode": False,
        "metadata": dict(subscription["metadata"]),
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"end": item["current_period_end"], "start": item["current_period_start"]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": quantity,
        "subtotal": amount,
        "taxes": [],
    }


def _every(price: Obj) -> str:
    count, interval = price["recurring"]["interval_count"], price["recurring"]["interval"]
    return interval if count == 1 else f"{count} {interval}s"


def finalize(box: Sandbox, invoice: Obj) -> Obj:
    """Number a draft and open it."""
    now = box.clock.now()
    customer = box.store.get("customer", invoice["customer"])
    number = 1
    if customer is not None:
        number = customer["next_invoice_sequence"]
        box.store.save({**customer, "next_invoice_sequence": number + 1})
    opened = {
        **invoice,
        "status": "open",
        "number": f"{customer['invoice_prefix'] if customer else 'PRACTICE'}-{number:04}",
        "effective_at": now,
        "ending_balance": 0,
        "automatically_finalizes_at": None,
        "hosted_invoice_url": f"{box.base_url}/_sandbox/invoices/{invoice['id']}",
        "status_transitions": {**invoice["status_transitions"], "finalized_at": now},
    }
    box.store.save(opened)
    events.emit(box, "invoice.finalized", opened)
    return opened


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
    if intent["status"] != "succeeded":
        return _unpaid(box, invoice)
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
    charged = invoice["amount_due"] > 0
    paid = {
        **invoice,
        "status": "paid",
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempt_count": invoice["attempt_count"] + (1 if charged else 0),
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status_transitions": {**invoice["status_transitions"], "paid_at": box.clock.now()},
    }
    box.store.save(paid)
    events.emit(box, "invoice.paid", paid)
    events.emit(box, "invoice.payment_succeeded", paid)
    return paid


def _unpaid(box: Sandbox, invoice: Obj) -> Obj:
    return {**invoice, "attempt_count": invoice["attempt_count"] + 1, "attempted": True}


def void(box: Sandbox, invoice: Obj) -> Obj:
    """Void an invoice."""
    return _close(box, invoice, "void", "voided_at", "invoice.voided")


def mark_uncollectible(box: Sandbox, invoice: Obj) -> Obj:
    """Give up on an invoice."""
    return _close(box, invoice, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible")


def _close(box: Sandbox, invoice: Obj, status: str, moment: str, event: str) -> Obj:
    closed = {
        **invoice,
        "status": status,
        "auto_advance": False,
        "automatically_finalizes_at": None,
        "next_payment_attempt": None,
        "status_transitions": {**invoice["status_transitions"], moment: box.clock.now()},
    }
    box.store.save(closed)
    events.emit(box, event, closed)
    return closed


def get_invoice(box: Sandbox, identifier: str) -> Obj:
    """Return an invoice that exists."""
    invoice = box.store.get("invoice", identifier)
    if invoice is None:
        raise missing("invoice", identifier, "invoice")
    return invoice


def retrieve(call: Call) -> Obj:
    """Answer an invoice."""
    return get_invoice(call.box, call.ids[0])


def list_all(call: Call) -> Obj:
    """Answer invoices, newest first."""
    where = lists.filters(call.params, "customer", "status", "collection_method")
    if "subscription" in call.params:
        where.append(equals("$.parent.subscription_details.subscription", call.params["subscription"]))
    return lists.page(call, "invoice", where)


def void_one(call: Call) -> Obj:
    """Void an open invoice."""
    invoice = get_invoice(call.box, call.ids[0])
    if invoice["status"] not in ("open", "uncollectible"):
        raise ApiError(f"You can only pass in open invoices. This invoice isn't open: it is {invoice['status']}.")
    return void(call.box, invoice)


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
    ("GET", "/v1/invoices", list_all),
    ("GET", "/v1/invoices/{invoice}", retrieve),
    ("POST", "/v1/invoices/{invoice}/void", void_one),
    ("GET", "/v1/invoice_payments", list_payments),
    ("GET", "/v1/invoice_payments/{invoice_payment}", retrieve_payment),
]
