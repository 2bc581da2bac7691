"""Whose a payment method is: attached to a customer, taken off again, listed."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from donate.sandbox import customers, events, lists, merge, payments, rules, setup_intents
from donate.sandbox.cards import BY_TOKEN
from donate.sandbox.errors import ApiError, missing, required
from donate.sandbox.store import Obj, equals

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call


def attach(call: Call) -> Obj:
    """Give a payment method to a customer; a practice card's token makes a new one."""
    box, wanted = call.box, call.ids[0]
    merge.only(call.params, {"customer"}, "attaching a payment method")
    if "customer" not in call.params:
        raise required("customer")
    customer = customers.get_customer(box, call.params["customer"])["id"]
    card = BY_TOKEN.get(wanted)
    if card is not None:
        refusal = setup_intents.refusal_of(card)
        if refusal is not None:
            raise ApiError(refusal.message, status=402, type="card_error", code=refusal.code, keep=True, store=True,
                           extra={"decline_code": refusal.decline_code})  # fmt: skip
        method = payments.make_method(box, card, None, None, customer)
    else:
        method = payments.get_method(box, wanted)
        if method["customer"] == customer:
            return method
        rules.check_method_unused(method)
        method = box.store.save({**method, "customer": customer})
    events.emit(box, "payment_method.attached", method)
    return method


def detach(call: Call) -> Obj:
    """Take a payment method off its customer for good; where it was the default, there is none any more."""
    box, before = call.box, payments.get_method(call.box, call.ids[0])
    merge.only(call.params, set(), "detaching a payment method")
    rules.check_method_attached(before)
    after = {**before, "customer": None, "_detached": True}
    events.changed(box, "payment_method.detached", before, after)
    _forget_default(box, before["customer"], before["id"])
    return after


def _forget_default(box: Sandbox, identifier: str, method: str) -> None:
    customer = box.store.get("customer", identifier)
    if customer is not None and customer["invoice_settings"]["default_payment_method"] == method:
        after = copy.deepcopy(customer)
        after["invoice_settings"]["default_payment_method"] = None
        events.changed(box, "customer.updated", customer, after)
    for subscription in box.store.find("subscription", "$.default_payment_method", method):
        without = {**subscription, "default_payment_method": None}
        events.changed(box, "customer.subscription.updated", subscription, without)


def list_of_customer(call: Call) -> Obj:
    """Answer a customer's payment methods, newest first."""
    customer = customers.get_customer(call.box, call.ids[0], "customer", 404)
    return _page(call, customer["id"])


def list_all(call: Call) -> Obj:
    """Answer the payment methods of the customer that is asked for, newest first."""
    if "customer" not in call.params:
        raise required("customer")
    return _page(call, customers.get_customer(call.box, call.params["customer"])["id"])


def _page(call: Call, customer: str) -> Obj:
    where = [equals("$.customer", customer), *lists.filters(call.params, "type", "allow_redisplay")]
    return lists.page(call, "payment_method", where)


def retrieve_of_customer(call: Call) -> Obj:
    """Answer one payment method of a customer."""
    customer, method = customers.get_customer(call.box, call.ids[0], "customer", 404), call.ids[1]
    found = call.box.store.get("payment_method", method)
    if found is None or found["customer"] != customer["id"]:
        raise missing("PaymentMethod", method, "payment_method")
    return found


ROUTES = [
    ("GET", "/v1/customers/{customer}/payment_methods", list_of_customer),
    ("GET", "/v1/customers/{customer}/payment_methods/{payment_method}", retrieve_of_customer),
    ("GET", "/v1/payment_methods", list_all),
    ("POST", "/v1/payment_methods/{payment_method}/attach", attach),
    ("POST", "/v1/payment_methods/{payment_method}/detach", detach),
]
