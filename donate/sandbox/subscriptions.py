"""Subscriptions as the API asks for them: shown, changed, paused, moved and canceled."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from donate.sandbox import billing, catalogue, events, lists, merge, rules
from donate.sandbox.errors import ApiError, missing, unmodelled
from donate.sandbox.store import Obj, equals

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

ACCEPTED = {"cancel_at", "cancel_at_period_end", "cancellation_details", "default_payment_method", "description",
            "items", "metadata", "off_session", "pause_collection", "proration_behavior", "trial_end"}  # fmt: skip


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
    """Answer subscriptions, newest first, without the canceled and those on a test clock unless asked."""
    where = lists.filters(call.params, "customer", "collection_method", "test_clock")
    if not call.params.keys() & {"customer", "test_clock"}:
        where.append(lists.ON_NO_CLOCK)
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
    after = change(box, before, params)
    if after != before:
        events.changed(box, "customer.subscription.updated", before, after)
    return after


def change(box: Sandbox, before: Obj, params: dict[str, Any]) -> Obj:
    """Return a subscription as it is after a change, not yet saved."""
    if params.keys() - {"metadata", "cancellation_details"}:
        rules.check_subscription_alive(before)
    after = copy.deepcopy(before)
    merge.fields(after, params, "description", "default_payment_method")
    wanted = params.get("default_payment_method")
    if wanted:
        method = box.store.get("payment_method", wanted)
        rules.check_method_of_customer(method, wanted, after["customer"], "default_payment_method")
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
        at = billing.item_of(subscription)["current_period_end"]
    elif at is not None:
        box.store.plan(at, "cancel_at", subscription["id"])
    subscription["cancel_at_period_end"] = bool(params.get("cancel_at_period_end"))
    subscription["cancel_at"] = at
    subscription["canceled_at"] = box.clock.now() if at else None
    subscription["cancellation_details"]["reason"] = "cancellation_requested" if at else None


def _change_item(box: Sandbox, subscription: Obj, params: dict[str, Any]) -> None:
    """Put another price on the item; proration is not acted out, so it must be waived."""
    wanted, item = params["items"], billing.item_of(subscription)
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
    item = billing.item_of(subscription)
    item["current_period_start"], item["current_period_end"] = now, at
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = at
    billing.plan_renewal(box, subscription)
    billing.plan_trial_notice(box, subscription)


def cancel(call: Call) -> Obj:
    """Cancel at once."""
    merge.only(call.params, {"cancellation_details"}, "cancelling a subscription")
    subscription = get_subscription(call.box, call.ids[0])
    if subscription["status"] in billing.ENDED:
        raise missing("subscription", call.ids[0])
    details = {name: value or None for name, value in call.params.get("cancellation_details", {}).items()}
    return billing.end(call.box, subscription, "cancellation_requested", details)


ROUTES = [
    ("GET", "/v1/subscriptions", list_all),
    ("GET", "/v1/subscriptions/{subscription_exposed_id}", retrieve),
    ("POST", "/v1/subscriptions/{subscription_exposed_id}", update),
    ("DELETE", "/v1/subscriptions/{subscription_exposed_id}", cancel),
]
