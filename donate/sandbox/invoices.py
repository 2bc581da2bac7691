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


# Fields the sandbox never fills, or fills later.
UNUSED = (
    "account_tax_ids", "application", "custom_fields", "customer_account", "customer_shipping",
    "default_payment_method", "default_source", "due_date", "effective_at", "ending_balance", "footer",
    "from_invoice", "hosted_invoice_url", "invoice_pdf", "last_finalization_error", "latest_revision", "number",
    "on_behalf_of", "receipt_number", "rendering", "shipping_cost", "shipping_details", "statement_descriptor",
    "test_clock", "webhooks_delivered_at",
)  # fmt: skip


def make_invoice(box: Sandbox, subscription: Obj, *, reason: str, period: tuple[int, int],
                 identifier: str | None = None) -> Obj:  # fmt: skip
    """Draft the invoice for a subscription's current period; `period` is the one just past."""
    invoice = build_invoice(box, subscription, box.clock.now(), reason=reason, period=period, identifier=identifier)
    events.emit(box, "invoice.created", box.store.add(invoice))
    return invoice


def build_invoice(box: Sandbox, subscription: Obj, now: int, *, reason: str, period: tuple[int, int],
                  identifier: str | None = None) -> Obj:  # fmt: skip
    """Return a draft as it would be made at a moment, without keeping it."""
    identifier = identifier or new_id("in_1")
    line = _line(subscription, identifier)
    customer = box.store.get("customer", subscription["customer"]) or {}
    waits = reason != "subscription_create"
    return {
        **dict.fromkeys(UNUSED),
        "id": identifier,
        "object": "invoice",
        "account_country": "US",
        "account_name": box.setting("business_name"),
        **_sums(line["amount"]),
        **_addressee(customer),
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": waits,
        "automatic_tax": dict(NO_TAX),
        "automatically_finalizes_at": now + HOUR if waits else None,
        "billing_reason": reason,
        "created": now,
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "description": subscription["description"],
        "issuer": {"type": "self"},
        "lines": lists.listing(f"/v1/invoices/{identifier}/lines", [line]),
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": now + HOUR if waits else None,
        "parent": _parent(subscription),
        "payment_settings": dict.fromkeys(("default_mandate", "payment_method_options", "payment_method_types")),
        "period_end": period[1],
        "period_start": period[0],
        "status": "draft",
        "status_transitions": dict.fromkeys(MOMENTS),
        "test_clock": subscription["test_clock"],
    }  # fmt: skip


def _parent(subscription: Obj) -> Obj:
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    return {"quote_details": None, "subscription_details": details, "type": "subscription_details"}


def _sums(total: int) -> Obj:
    whole = ("amount_due", "amount_remaining", "subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax")
    nothing = ("amount_overpaid", "amount_paid", "amount_paid_off_stripe", "amount_shipping",
               "post_payment_credit_notes_amount", "pre_payment_credit_notes_amount", "starting_balance")  # fmt: skip
    none = ("default_tax_rates", "discounts", "total_discount_amounts", "total_pretax_credit_amounts", "total_taxes")
    return {**dict.fromkeys(whole, total), **dict.fromkeys(nothing, 0), **{name: [] for name in none}}


def _addressee(customer: Obj) -> Obj:
    copied = {f"customer_{name}": customer.get(name) for name in ("address", "email", "name", "phone")}
    return {
        **copied,
        "collection_method": "charge_automatically",
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
    }


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


def of_subscription(box: Sandbox, subscription: str) -> list[Obj]:
    """Return the invoices of a subscription, newest first."""
    return box.store.find("invoice", "$.parent.subscription_details.subscription", subscription)


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
    """Void an open invoice; what was to pay it is canceled."""
    invoice = get_invoice(call.box, call.ids[0])
    if invoice["status"] not in ("open", "uncollectible"):
        raise ApiError(f"You can only pass in open invoices. This invoice isn't open: it is {invoice['status']}.")
    _cancel_payment(call.box, invoice)
    return void(call.box, invoice)


def _cancel_payment(box: Sandbox, invoice: Obj) -> None:
    now = box.clock.now()
    for payment in box.store.find("invoice_payment", "$.invoice", invoice["id"]):
        if payment["status"] != "open":
            continue
        box.store.save({**payment, "status": "canceled", "status_transitions": {"canceled_at": now, "paid_at": None}})
        intent = box.store.get("payment_intent", payment["payment"]["payment_intent"])
        if intent is not None:
            canceled = {**intent, "status": "canceled", "canceled_at": now, "cancellation_reason": "void_invoice"}
            events.emit(box, "payment_intent.canceled", box.store.save(canceled))


def list_lines(call: Call) -> Obj:
    """Answer an invoice's lines."""
    invoice = get_invoice(call.box, call.ids[0])
    lists.check_limit(call.params)
    return lists.listing(call.path, list(invoice["lines"]["data"]))


ROUTES = [
    ("GET", "/v1/invoices", list_all),
    ("GET", "/v1/invoices/{invoice}", retrieve),
    ("GET", "/v1/invoices/{invoice}/lines", list_lines),
    ("POST", "/v1/invoices/{invoice}/void", void_one),
]
