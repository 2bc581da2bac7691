"""Invoices that don't exist yet: asked for as a preview, announced before a renewal."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from donate.sandbox import billing, events, invoices, merge, subscriptions
from donate.sandbox.clock import DAY, HOUR
from donate.sandbox.errors import ApiError, required
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

CHANGES = {"cancel_at_period_end", "items", "proration_behavior", "trial_end"}


def create_preview(call: Call) -> Obj:
    """Answer the next invoice that charges, as the subscription is or as it would be after a change.

    The change is made and taken back, so that a preview refuses exactly what the change itself would.
    """
    box, params = call.box, call.params
    merge.only(params, {"subscription", "customer", "subscription_details"}, "previews of invoices")
    if "subscription" not in params:
        raise required("subscription")
    changes: dict[str, Any] = params.get("subscription_details", {})
    merge.only(changes, CHANGES, "subscription_details")
    subscription = subscriptions.get_subscription(box, params["subscription"])
    if params.get("customer", subscription["customer"]) != subscription["customer"]:
        raise ApiError("The subscription doesn't belong to this customer.", param="customer")
    with box.store.rehearsal():
        changed = subscriptions.change(box, subscription, changes)
        if changed["status"] in billing.ENDED or changed["cancel_at_period_end"]:
            raise ApiError(
                f"No upcoming invoices for customer: {subscription['customer']}",
                status=404,
                code="invoice_upcoming_none",
            )
        return upcoming(box, changed)


def upcoming(box: Sandbox, subscription: Obj) -> Obj:
    """Return the invoice that will be made when the current period ends."""
    item = billing.item_of(subscription)
    start, end = item["current_period_start"], item["current_period_end"]
    then = copy.deepcopy(subscription)
    billing.set_period(then, end)
    invoice = invoices.build_invoice(
        box, then, end, reason="upcoming", period=(start, end), identifier=new_id("upcoming_in_1")
    )
    return {**invoice, "automatically_finalizes_at": None, "next_payment_attempt": end + HOUR}


def announce_due(box: Sandbox, identifier: str, due: int) -> None:
    """Announce the next invoice, unless the date has moved, the subscription ends or its collection is paused."""
    subscription = box.store.get("subscription", identifier)
    if subscription is None or subscription["status"] in billing.ENDED or subscription["pause_collection"]:
        return
    ahead = int(box.setting("upcoming_days")) * DAY
    stays = billing.item_of(subscription)["current_period_end"] == due + ahead
    if stays and not subscription["cancel_at_period_end"]:
        events.emit(box, "invoice.upcoming", upcoming(box, subscription))


def trial_will_end_due(box: Sandbox, identifier: str, due: int) -> None:
    """Announce the end of a trial three days before, or at once where it is shorter."""
    subscription = box.store.get("subscription", identifier)
    if subscription is None or subscription["status"] != "trialing":
        return
    if due == max(subscription["trial_end"] - billing.TRIAL_NOTICE, subscription["trial_start"]):
        events.emit(box, "customer.subscription.trial_will_end", subscription)


ROUTES = [("POST", "/v1/invoices/create_preview", create_preview)]
