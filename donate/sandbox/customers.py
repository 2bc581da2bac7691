"""Customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from donate.sandbox import events, lists, merge, rules
from donate.sandbox.errors import ApiError, missing
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

PLAIN = ("address", "description", "email", "name", "phone", "preferred_locales", "tax_exempt", "shipping",
         "business_name", "individual_name")  # fmt: skip
ACCEPTED = {*PLAIN, "metadata", "invoice_settings", "test_clock"}
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def make_customer(box: Sandbox, params: dict[str, Any]) -> Obj:
    """Create a customer and record the event."""
    customer: Obj = {
        "id": new_id("cus_", 14),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": box.clock.now(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": new_id("", 8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": _clock(box, params.get("test_clock")),
    }
    _apply(customer, params)
    box.store.add(customer)
    events.emit(box, "customer.created", customer)
    return customer


def _clock(box: Sandbox, identifier: str | None) -> str | None:
    if identifier is not None and box.store.get("test_helpers.test_clock", identifier) is None:
        raise missing("test_clock", identifier, "test_clock", status=400)
    return identifier


def _apply(customer: Obj, params: dict[str, Any]) -> None:
    merge.only(params, ACCEPTED, "customers")
    email = params.get("email")
    if email and not plausible_email(email):
        raise ApiError(f"Invalid email address: {email}", code="email_invalid", param="email")
    merge.fields(customer, params, *PLAIN)
    if isinstance(customer["address"], dict):
        customer["address"] = {name: customer["address"].get(name) or None for name in ADDRESS}
    settings = params.get("invoice_settings", {})
    merge.only(settings, {"default_payment_method", "footer"}, "customers[invoice_settings]")
    merge.fields(customer["invoice_settings"], settings, "default_payment_method", "footer")


def plausible_email(text: str) -> bool:
    """Return whether Stripe would take this for an e-mail address."""
    name, at, domain = text.rpartition("@")
    return bool(at and name and "." in domain.strip(".") and " " not in text and ".." not in domain)


def get_customer(box: Sandbox, identifier: str, param: str = "customer", status: int = 400) -> Obj:
    """Return a customer that exists and isn't deleted."""
    customer = box.store.get("customer", identifier)
    if customer is None:
        raise missing("customer", identifier, param, status=status)
    return customer


def create(call: Call) -> Obj:
    """Create a customer."""
    return make_customer(call.box, call.params)


def retrieve(call: Call) -> Obj:
    """Answer a customer, or its gravestone."""
    gravestone = call.box.store.get("deleted_customer", call.ids[0])
    return gravestone or get_customer(call.box, call.ids[0], "id", 404)


def update(call: Call) -> Obj:
    """Change a customer."""
    before = get_customer(call.box, call.ids[0], "id", 404)
    after = {**before, "invoice_settings": dict(before["invoice_settings"])}
    _apply(after, call.params)
    _check_default(call.box, before["id"], call.params.get("invoice_settings", {}))
    if after != before:
        events.changed(call.box, "customer.updated", before, after)
    return after


def _check_default(box: Sandbox, customer: str, settings: dict[str, Any]) -> None:
    wanted = settings.get("default_payment_method")
    if wanted:
        method = box.store.get("payment_method", wanted)
        rules.check_method_of_customer(method, wanted, customer, "invoice_settings[default_payment_method]")


def delete(call: Call) -> Obj:
    """Delete a customer and cancel what they subscribed to."""
    return remove(call.box, get_customer(call.box, call.ids[0], "id", 404))


def remove(box: Sandbox, customer: Obj) -> Obj:
    """Leave a customer's gravestone, with nothing subscribed to any more."""
    for subscription in box.store.find("subscription", "$.customer", customer["id"]):
        if subscription["status"] not in ("canceled", "incomplete_expired"):
            box.end_subscription(subscription, "cancellation_requested")
    events.emit(box, "customer.deleted", customer)
    return box.store.remove(customer)


def list_all(call: Call) -> Obj:
    """Answer customers, newest first; those on a test clock only when it is named."""
    where = lists.filters(call.params, "email", "test_clock")
    if "test_clock" not in call.params:
        where.append(lists.ON_NO_CLOCK)
    return lists.page(call, "customer", where)


ROUTES = [
    ("POST", "/v1/customers", create),
    ("GET", "/v1/customers", list_all),
    ("GET", "/v1/customers/{customer}", retrieve),
    ("POST", "/v1/customers/{customer}", update),
    ("DELETE", "/v1/customers/{customer}", delete),
]
