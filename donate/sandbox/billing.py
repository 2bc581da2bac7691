"""Billing: a subscription begun by a checkout, renewed by the clock, retried, resumed and ended."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from donate.sandbox import catalogue, collecting, events, invoices, lists, merge
from donate.sandbox.clock import DAY, HOUR, periods_after
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox

RETRY_AFTER = (3 * DAY, 5 * DAY, 7 * DAY)  # after the first, second and third failure; then the setting after_retries
TRIAL_NOTICE = 3 * DAY
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
    owner = box.store.get("customer", customer) or {}
    subscription |= {"_name": name, "_cycle": 0, "test_clock": owner.get("test_clock")}
    subscription["items"]["data"].append(_item(subscription, price, quantity, now))
    set_period(subscription, now)
    box.store.add(subscription)
    plan_renewal(box, subscription)
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


def set_period(subscription: Obj, start: int) -> None:
    """Write the period that begins at a moment; its end is counted from the anchor."""
    item = item_of(subscription)
    recurring = item["price"]["recurring"]
    subscription["_cycle"] += 1
    end = periods_after(
        subscription["billing_cycle_anchor"], recurring["interval"], recurring["interval_count"], subscription["_cycle"]
    )
    item["current_period_start"], item["current_period_end"] = start, end


def plan_renewal(box: Sandbox, subscription: Obj) -> None:
    """Note the end of the period, and the days before it on which the next invoice is announced."""
    end = item_of(subscription)["current_period_end"]
    box.store.plan(end, "renew", subscription["id"])
    announced = end - int(box.setting("upcoming_days")) * DAY
    if announced > box.clock.now():
        box.store.plan(announced, "upcoming_invoice", subscription["id"])


def plan_trial_notice(box: Sandbox, subscription: Obj) -> None:
    """Note three days before a trial's end; a shorter trial is announced at once."""
    due = max(subscription["trial_end"] - TRIAL_NOTICE, box.clock.now())
    box.store.plan(due, "trial_will_end", subscription["id"])


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
    set_period(after, due)
    plan_renewal(box, after)
    invoice = invoices.make_invoice(box, after, reason="subscription_cycle", period=past)
    after["latest_invoice"] = invoice["id"]
    events.changed(box, "customer.subscription.updated", before, after)
    paused = (after["pause_collection"] or {}).get("behavior")
    if paused == "void":
        invoices.void(box, invoice)
    elif paused == "mark_uncollectible":
        invoices.mark_uncollectible(box, invoice)
    elif paused == "keep_as_draft" or after["status"] == "unpaid":
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
    tried = collecting.collect(box, invoice, default_method(box, subscription), off_session=True)
    if tried["status"] == "paid":
        heal(box, subscription, invoice)
        return
    if not tried.get("_processing"):
        failed(box, invoice, tried, subscription)


def default_method(box: Sandbox, subscription: Obj) -> Obj | None:
    """Return what a subscription is paid with: its own default, else its customer's."""
    customer = box.store.get("customer", subscription["customer"]) or {"invoice_settings": {}}
    chosen = subscription["default_payment_method"] or customer["invoice_settings"].get("default_payment_method")
    return box.store.get("payment_method", chosen or "")


def heal(box: Sandbox, subscription: Obj, paid: Obj) -> None:
    """Make a late subscription active when its newest opened invoice has been paid."""
    if subscription["status"] not in ("past_due", "unpaid"):
        return
    opened = (
        one for one in invoices.of_subscription(box, subscription["id"]) if one["status"] not in ("draft", "void")
    )
    if next(opened)["id"] == paid["id"]:
        events.changed(box, "customer.subscription.updated", subscription, {**subscription, "status": "active"})


def failed(box: Sandbox, before: Obj, tried: Obj, subscription: Obj) -> None:
    """Plan the next attempt after a failed one, or give up after the last and do what is set."""
    failures, ended = tried["attempt_count"], subscription["status"] in ENDED
    again = box.clock.now() + RETRY_AFTER[failures - 1] if failures <= len(RETRY_AFTER) and not ended else None
    tried["next_payment_attempt"] = again
    if again is None:
        tried["auto_advance"] = False
    events.changed(box, "invoice.updated", before, tried)
    events.emit(box, "invoice.payment_failed", tried)
    if tried.get("_needs_bank"):
        events.emit(box, "invoice.payment_action_required", tried)
    if ended:
        return
    if again is not None:
        box.store.plan(again, "retry_invoice", tried["id"])
        _set_late(box, subscription, "past_due")
    elif box.setting("after_retries") == "cancel":
        end(box, subscription, "payment_failed")
    else:
        _set_late(box, subscription, box.setting("after_retries"))


def _set_late(box: Sandbox, subscription: Obj, status: str) -> None:
    """Say that a subscription is late; one that is unpaid or on trial stays so."""
    if subscription["status"] in ("active", "past_due") and subscription["status"] != status:
        events.changed(box, "customer.subscription.updated", subscription, {**subscription, "status": status})


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
    for invoice in invoices.of_subscription(box, subscription["id"]):
        if invoice["status"] in ("draft", "open") and invoice["auto_advance"]:
            box.store.save({**invoice, "auto_advance": False, "next_payment_attempt": None})
    events.emit(box, "customer.subscription.deleted", ended)
    return ended
