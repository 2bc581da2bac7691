"""Subscriptions: begun by a checkout, renewed by the clock, changed, paused, retried and ended."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from donate.sandbox import catalogue, events, invoices, lists, merge, rules
from donate.sandbox.clock import DAY, HOUR, periods_after
from donate.sandbox.errors import ApiError, missing, unmodelled
from donate.sandbox.store import Obj, equals, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

RETRY_AFTER = (3 * DAY, 5 * DAY, 7 * DAY)  # after the first, second and third failure; then it is canceled
ENDED = ("canceled", "incomplete_expired")
ACCEPTED = {"cancel_at", "cancel_at_period_end", "cancellation_details", "default_payment_method", "description",
            "items", "metadata", "off_session", "pause_collection", "proration_behavior", "trial_end"}  # fmt: skip


def begin(box: Sandbox, *, customer: str, price: Obj, quantity: int, method: Obj, name: str,
          data: dict[str, Any]) -> tuple[Obj, Obj]:  # fmt: skip
    """Create a subscription and the draft of its first invoice."""
    now = box.clock.now()
    identifier, invoice_id = new_id("sub_1"), new_id("in_1")
    subscription: Obj = {
        "id": identifier,
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": now,
        "billing_cycle_anchor_config": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "billing_thresholds": None,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "currency": price["currency"],
        "customer": customer,
        "customer_account": None,
        "days_until_due": None,
        "default_payment_method": method["id"],
        "default_source": None,
        "default_tax_rates": [],
        "description": data.get("description"),
        "discounts": [],
        "ended_at": None,
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": lists.listing(f"/v1/subscription_items?subscription={identifier}", []),
        "latest_invoice": invoice_id,
        "livemode": False,
        "metadata": merge.metadata({}, data.get("metadata")),
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None,
        "pending_setup_intent": None,
        "pending_update": None,
        "schedule": None,
        "start_date": now,
        "status": "active",
        "test_clock": None,
        "transfer_data": None,
        "trial_end": None,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": None,
        "_name": name,
        "_cycle": 0,
    }
    subscription["items"]["data"].append(_item(subscription, price, quantity, now))
    end = _set_period(subscription, now)
    box.store.add(subscription)
    box.store.plan(end, "renew", identifier)
    events.emit(box, "customer.subscription.created", subscription)
    invoice = invoices.make_invoice(
        box, subscription, reason="subscription_create", period=(now, now), identifier=invoice_id
    )
    return subscription, invoice


def _item(subscription: Obj, price: Obj, quantity: int, now: int) -> Obj:
    return {
        "id": new_id("si_", 14),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": now,
        "current_period_end": now,
        "current_period_start": now,
        "discounts": [],
        "metadata": {},
        "plan": catalogue.plan_of(price),
        "price": events.public(price),
        "quantity": quantity,
        "subscription": subscription["id"],
        "tax_rates": [],
    }


def item_of(subscription: Obj) -> Obj:
    """Return the one item of a subscription."""
    item: Obj = subscription["items"]["data"][0]
    return item


def _set_period(subscription: Obj, start: int) -> int:
    """Write the period that begins now and return its end, counted from the anchor."""
    item = item_of(subscription)
    recurring = item["price"]["recurring"]
    subscription["_cycle"] += 1
    end = periods_after(
        subscription["billing_cycle_anchor"], recurring["interval"], recurring["interval_count"], subscription["_cycle"]
    )
    item["current_period_start"], item["current_period_end"] = start, end
    return end


# -- what the clock does -------------------------------------------------------------------------------------


def renew(box: Sandbox, identifier: str, due: int) -> None:
    """Begin the next period, or end what was to end with the last."""
    before = box.store.get("subscription", identifier)
    if before is None or before["status"] in ENDED or item_of(before)["current_period_end"] != due:
        return  # changed meanwhile: other work stands for it
    if before["cancel_at_period_end"]:
        end(box, before, "cancellation_requested")
        return
    after = copy.deepcopy(before)
    past = (item_of(before)["current_period_start"], due)
    if after["status"] == "trialing":
        after["status"] = "active"
    next_end = _set_period(after, due)
    box.store.plan(next_end, "renew", identifier)
    invoice = invoices.make_invoice(box, after, reason="subscription_cycle", period=past)
    after["latest_invoice"] = invoice["id"]
    events.changed(box, "customer.subscription.updated", before, after)
    paused = (after["pause_collection"] or {}).get("behavior")
    if paused == "void":
        invoices.void(box, invoice)
    elif paused == "mark_uncollectible":
        invoices.mark_uncollectible(box, invoice)
    elif paused == "keep_as_draft":
        box.store.save({**invoice, "auto_advance": False, "automatically_finalizes_at": None,
                        "next_payment_attempt": None})  # fmt: skip
    else:
        box.store.plan(due + HOUR, "finalize_invoice", invoice["id"])


def finalize_due(box: Sandbox, identifier: str, due: int) -> None:
    """Open a draft an hour after it was made and charge it."""
    invoice = box.store.get("invoice", identifier)
    if invoice is not None and invoice["status"] == "draft" and invoice["auto_advance"]:
        _charge_again(box, invoices.finalize(box, invoice))


def retry_due(box: Sandbox, identifier: str, due: int) -> None:
    """Charge an unpaid invoice again."""
    invoice = box.store.get("invoice", identifier)
    if invoice and invoice["status"] == "open" and invoice["auto_advance"] and invoice["next_payment_attempt"] == due:
        _charge_again(box, invoice)


def _charge_again(box: Sandbox, invoice: Obj) -> None:
    subscription = box.store.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
    if subscription is None:
        return
    method = box.store.get("payment_method", subscription["default_payment_method"] or "")
    tried = invoices.collect(box, invoice, method, off_session=True)
    if tried["status"] == "paid":
        if subscription["status"] in ("past_due", "unpaid"):
            events.changed(box, "customer.subscription.updated", subscription, {**subscription, "status": "active"})
        return
    _failed(box, invoice, tried, subscription)


def _failed(box: Sandbox, before: Obj, tried: Obj, subscription: Obj) -> None:
    """Plan the next attempt after a failed one, or give up and cancel after the last."""
    failures = tried["attempt_count"]
    again = box.clock.now() + RETRY_AFTER[failures - 1] if failures <= len(RETRY_AFTER) else None
    tried["next_payment_attempt"] = again
    if again is None:
        tried["auto_advance"] = False
    events.changed(box, "invoice.updated", before, tried)
    events.emit(box, "invoice.payment_failed", tried)
    if again is None:
        end(box, subscription, "payment_failed")
        return
    box.store.plan(again, "retry_invoice", tried["id"])
    if subscription["status"] == "active":
        events.changed(box, "customer.subscription.updated", subscription, {**subscription, "status": "past_due"})


def resume_collection_due(box: Sandbox, identifier: str, due: int) -> None:
    """Collect again when a pause has run out."""
    before = box.store.get("subscription", identifier)
    if before and before["status"] not in ENDED and (before["pause_collection"] or {}).get("resumes_at") == due:
        events.changed(box, "customer.subscription.updated", before, {**before, "pause_collection": None})


def cancel_due(box: Sandbox, identifier: str, due: int) -> None:
    """Cancel at the date that was set."""
    subscription = box.store.get("subscription", identifier)
    if subscription and subscription["status"] not in ENDED and subscription["cancel_at"] == due:
        end(box, subscription, "cancellation_requested")


def end(box: Sandbox, subscription: Obj, reason: str, details: dict[str, Any] | None = None) -> Obj:
    """Cancel for good; unpaid invoices are not tried again."""
    now = box.clock.now()
    ended = {
        **subscription,
        "status": "canceled",
        "canceled_at": subscription["canceled_at"] or now,
        "ended_at": now,
        "cancellation_details": {**subscription["cancellation_details"], **(details or {}), "reason": reason},
    }
    box.store.save(ended)
    for invoice in box.store.find("invoice", "$.parent.subscription_details.subscription", subscription["id"]):
        if invoice["status"] in ("draft", "open") and invoice["auto_advance"]:
            box.store.save({**invoice, "auto_advance": False, "next_payment_attempt": None})
    events.emit(box, "customer.subscription.deleted", ended)
    return ended


# -- what callers ask -----------------------------------------------------------------------------------------


def get_subscription(box: Sandbox, identifier: str) -> Obj:
    """Return a subscription that exists."""
    subscription = box.store.get("subscription", identifier)
    if subscription is None:
        raise missing("subscription", identifier, "id")
    return subscription


def retrieve(call: Call) -> Obj:
    """Answer a subscription."""
    return get_subscription(call.box, call.ids[0])


def list_all(call: Call) -> Obj:
    """Answer subscriptions, newest first, without the canceled unless asked."""
    where = lists.filters(call.params, "customer", "collection_method")
    status = call.params.get("status")
    if status is None:
        where.append(("json_extract(json, '$.status') <> 'canceled'", []))
    elif status == "ended":
        where.append(("json_extract(json, '$.status') IN ('canceled', 'incomplete_expired')", []))
    elif status != "all":
        where.append(equals("$.status", status))
    if "price" in call.params:
        where.append(equals("$.items.data[0].price.id", call.params["price"]))
    for name in ("current_period_start", "current_period_end"):
        field = f"json_extract(json, '$.items.data[0].{name}')"
        where += lists.time_range(call.params.get(name), field)
    return lists.page(call, "subscription", where)


def update(call: Call) -> Obj:
    """Change a subscription."""
    box, params = call.box, call.params
    merge.only(params, ACCEPTED, "subscriptions")
    before = get_subscription(box, call.ids[0])
    if params.keys() - {"metadata", "cancellation_details"}:
        rules.check_subscription_alive(before)
    after = copy.deepcopy(before)
    merge.fields(after, params, "description", "default_payment_method")
    if after["default_payment_method"] and not box.store.get("payment_method", after["default_payment_method"]):
        raise missing("PaymentMethod", after["default_payment_method"], "default_payment_method", status=400)
    for name in ("comment", "feedback"):
        if name in params.get("cancellation_details", {}):
            after["cancellation_details"][name] = params["cancellation_details"][name] or None
    if "pause_collection" in params:
        _pause(box, after, params["pause_collection"])
    if "items" in params:
        _change_item(box, after, params)
    if "trial_end" in params:
        _move_date(box, after, params)
    _set_cancel(box, after, params)
    if after != before:
        events.changed(box, "customer.subscription.updated", before, after)
    return after


def _pause(box: Sandbox, subscription: Obj, pause: Any) -> None:
    if pause == "":
        subscription["pause_collection"] = None
        return
    resumes_at = pause.get("resumes_at")
    rules.check_resumes_later(resumes_at, box.clock.now())
    subscription["pause_collection"] = {"behavior": pause["behavior"], "resumes_at": resumes_at}
    if resumes_at:
        box.store.plan(resumes_at, "resume_collection", subscription["id"])


def _set_cancel(box: Sandbox, subscription: Obj, params: dict[str, Any]) -> None:
    if "cancel_at_period_end" not in params and "cancel_at" not in params:
        return
    if "cancel_at_period_end" in params and "cancel_at" in params:
        words = "You may only specify one of these parameters: cancel_at, cancel_at_period_end."
        raise ApiError(words, param="cancel_at")
    at = params.get("cancel_at") or None
    if isinstance(at, str):
        raise unmodelled(f"`cancel_at={at}`", "cancel_at")
    if params.get("cancel_at_period_end"):
        at = item_of(subscription)["current_period_end"]
    elif at is not None:
        box.store.plan(at, "cancel_at", subscription["id"])
    subscription["cancel_at_period_end"] = bool(params.get("cancel_at_period_end"))
    subscription["cancel_at"] = at
    subscription["canceled_at"] = box.clock.now() if at else None
    subscription["cancellation_details"]["reason"] = "cancellation_requested" if at else None


def _change_item(box: Sandbox, subscription: Obj, params: dict[str, Any]) -> None:
    """Put another price on the item; proration is not acted out, so it must be waived."""
    wanted, item = params["items"], item_of(subscription)
    if len(wanted) != 1 or wanted[0].get("id") != item["id"] or params.get("proration_behavior") != "none":
        raise unmodelled("anything but changing the one item with `proration_behavior=none`", "items")
    change = wanted[0]
    merge.only(change, {"id", "price", "price_data", "quantity", "metadata"}, "subscription items")
    if "price" in change and "price_data" in change:
        rules.check_price_or_data(change, "items[0]")
    price = item["price"]
    if "price" in change:
        price = box.store.get("price", change["price"])
        if price is None:
            raise missing("price", change["price"], "items[0][price]", status=400)
    elif "price_data" in change:
        data = change["price_data"]
        product = box.store.get("product", data["product"])
        rules.check_product_exists(product, data["product"], "items[0][price_data][product]")
        rules.check_minor_units(catalogue.unit_amount(data, "items[0][price_data]"), data["currency"], "items[0]")
        price = catalogue.make_price(box, data, data["product"], active=False, param="items[0][price_data]")
    if price["currency"] != subscription["currency"]:
        raise ApiError("The currency of a subscription can't be changed.", param="items[0]")
    if not price["recurring"]:
        raise ApiError("The price specified is set to `type=one_time` but this field only accepts prices with"
                       " `type=recurring`.", param="items[0]")  # fmt: skip
    same = price["recurring"]["interval"] == item["price"]["recurring"]["interval"]
    if not (same or "trial_end" in params):
        raise unmodelled("a change of interval without `trial_end`", "items[0]")
    item["price"], item["plan"] = events.public(price), catalogue.plan_of(price)
    item["quantity"] = change.get("quantity", item["quantity"])
    item["metadata"] = merge.metadata(item["metadata"], change.get("metadata"))


def _move_date(box: Sandbox, subscription: Obj, params: dict[str, Any]) -> None:
    """Let the next charge come at trial_end; periods are counted from there."""
    at, now = params["trial_end"], box.clock.now()
    if params.get("proration_behavior") != "none" or at == "now":
        raise unmodelled("`trial_end` without `proration_behavior=none`", "trial_end")
    if at <= now:
        raise ApiError("Invalid timestamp: must be an integer Unix timestamp in the future.", param="trial_end")
    subscription.update(status="trialing", trial_start=now, trial_end=at, billing_cycle_anchor=at, _cycle=0)
    item = item_of(subscription)
    item["current_period_start"], item["current_period_end"] = now, at
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = at
    box.store.plan(at, "renew", subscription["id"])


def cancel(call: Call) -> Obj:
    """Cancel at once."""
    merge.only(call.params, {"cancellation_details"}, "cancelling a subscription")
    subscription = get_subscription(call.box, call.ids[0])
    if subscription["status"] in ENDED:
        raise missing("subscription", call.ids[0])
    details = {name: value or None for name, value in call.params.get("cancellation_details", {}).items()}
    return end(call.box, subscription, "cancellation_requested", details)


ROUTES = [
    ("GET", "/v1/subscriptions", list_all),
    ("GET", "/v1/subscriptions/{subscription_exposed_id}", retrieve),
    ("POST", "/v1/subscriptions/{subscription_exposed_id}", update),
    ("DELETE", "/v1/subscriptions/{subscription_exposed_id}", cancel),
]
