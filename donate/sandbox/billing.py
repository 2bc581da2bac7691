"""Billing: a subscription begun by a checkout, renewed by the clock, retried, resumed and ended."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from donate.sandbox import catalogue, collecting, events, invoices, lists, merge
from donate.sandbox.clock import DAY, HOUR, periods_after
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox

RETRY_AFTER = (3 * DAY, 5 * DAY, 7 * DAY)  # after the first, second and third failure; then it is canceled
ENDED = ("canceled", "incomplete_expired")


# Fields the sandbox never fills, or fills later.
UNUSED = (
    "application", "application_fee_percent", "billing_cycle_anchor_config", "billing_thresholds", "cancel_at",
    "canceled_at", "customer_account", "days_until_due", "default_source", "ended_at",
    "next_pending_invoice_item_invoice", "on_behalf_of", "pause_collection", "pending_invoice_item_interval",
    "pending_setup_intent", "pending_update", "schedule", "test_clock", "transfer_data", "trial_end",
    "trial_start",
)  # fmt: skip


def begin(box: Sandbox, *, customer: str, price: Obj, quantity: int, method: Obj, name: str,
          data: dict[str, Any]) -> tuple[Obj, Obj]:  # fmt: skip
    """Create a subscription and the draft of its first invoice."""
    now = box.clock.now()
    subscription = _new(now, customer, price, method, data)
    subscription |= {"_name": name, "_cycle": 0}
    subscription["items"]["data"].append(_item(subscription, price, quantity, now))
    end = _set_period(subscription, now)
    box.store.add(subscription)
    box.store.plan(end, "renew", subscription["id"])
    events.emit(box, "customer.subscription.created", subscription)
    invoice = invoices.make_invoice(
        box, subscription, reason="subscription_create", period=(now, now), identifier=subscription["latest_invoice"]
    )
    return subscription, invoice


def _new(now: int, customer: str, price: Obj, method: Obj, data: dict[str, Any]) -> Obj:
    identifier = new_id("sub_1")
    return {
        **dict.fromkeys(UNUSED),
        "id": identifier,
        "object": "subscription",
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": now,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "currency": price["currency"],
        "customer": customer,
        "default_payment_method": method["id"],
        "default_tax_rates": [],
        "description": data.get("description"),
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": lists.listing(f"/v1/subscription_items?subscription={identifier}", []),
        "latest_invoice": new_id("in_1"),
        "livemode": False,
        "metadata": merge.metadata({}, data.get("metadata")),
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "start_date": now,
        "status": "active",
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
    }


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
    tried = collecting.collect(box, invoice, method, off_session=True)
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
