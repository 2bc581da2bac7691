"""Invoices of subscriptions: drafted, opened, voided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from donate.sandbox import events, lists
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


ROUTES = [
    ("GET", "/v1/invoices", list_all),
    ("GET", "/v1/invoices/{invoice}", retrieve),
    ("POST", "/v1/invoices/{invoice}/void", void_one),
]
