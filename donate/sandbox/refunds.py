"""Refunds: money given back, whole or in parts, and what becomes of it on the way to the card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from donate.sandbox import balance, disputes, events, lists, merge, refund_rules
from donate.sandbox.cards import BY_TOKEN
from donate.sandbox.clock import HOUR
from donate.sandbox.errors import missing
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

ENDS_AFTER = HOUR  # a practice card that makes a refund wait, or fail, does so this much later
ACCEPTED = {"amount", "charge", "metadata", "payment_intent", "reason"}


def create(call: Call) -> Obj:
    """Refund a charge, or a part of it."""
    box, params = call.box, call.params
    merge.only(params, ACCEPTED, "refunds")
    refund_rules.check_refund_names_a_payment(params)
    refund_rules.check_refund_reason(params.get("reason"))
    charge = _charge_of(box, params)
    refund_rules.check_refund_not_disputed(charge, disputes.of_charge(box, charge["id"]))
    refund_rules.check_refund_left(charge, params.get("amount"))
    amount = params.get("amount") or charge["amount"] - charge["amount_refunded"]
    return _make(box, charge, amount, params)


def _charge_of(box: Sandbox, params: dict[str, Any]) -> Obj:
    intent, charge = None, None
    if params.get("payment_intent"):
        intent = box.store.get("payment_intent", params["payment_intent"])
        if intent is None:
            raise missing("payment_intent", params["payment_intent"], "payment_intent", status=400)
        charge = box.store.get("charge", intent["latest_charge"] or "")
    if params.get("charge"):
        named = box.store.get("charge", params["charge"])
        if named is None or (intent is not None and named["payment_intent"] != intent["id"]):
            raise missing("charge", params["charge"], "charge", status=400)
        charge = named
    refund_rules.check_refund_of_a_paid_charge(charge, intent)
    assert charge is not None
    return charge


def _make(box: Sandbox, charge: Obj, amount: int, params: dict[str, Any]) -> Obj:
    charge, transaction = balance.settled(box, charge)
    fate = _fate(box, charge)
    refund: Obj = {
        "id": new_id("re_3"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": box.clock.now(),
        "currency": charge["currency"],
        "destination_details": {
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
            "type": "card",
        },
        "metadata": merge.metadata({}, params.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if fate == "pending" else "succeeded",
        "transfer_reversal": None,
    }
    if fate == "pending":
        refund["pending_reason"] = "processing"
    before = charge["amount_refunded"]
    taken = balance.share(charge, transaction, before + amount) - balance.share(charge, transaction, before)
    refund["balance_transaction"] = _book(box, "refund", refund, -taken, transaction)
    box.store.add(refund)
    events.emit(box, "refund.created", refund)
    _move(box, "charge.refunded", charge, amount)
    if fate:
        box.store.plan(box.clock.now() + ENDS_AFTER, "end_refund", refund["id"])
    return refund


def _fate(box: Sandbox, charge: Obj) -> str:
    method = box.store.get("payment_method", charge["payment_method"])
    assert method is not None
    return BY_TOKEN[method["_token"]].refund


def _book(box: Sandbox, type: str, refund: Obj, amount: int, like: Obj) -> str:
    """Move the balance for a refund, in the currency and at the rate of the charge, without a fee."""
    words = "REFUND FOR CHARGE" if type == "refund" else "REFUND FAILURE"
    moved = balance.book(
        box, type=type, amount=amount, currency=like["currency"], source=refund["id"],
        description=f"{words} ({like['description']})" if like["description"] else words,
        exchange_rate=like["exchange_rate"], at_once=True,
    )  # fmt: skip
    return str(moved["id"])


def _move(box: Sandbox, event: str, charge: Obj, amount: int) -> None:
    sum_now = charge["amount_refunded"] + amount
    events.changed(
        box, event, charge, {**charge, "amount_refunded": sum_now, "refunded": sum_now == charge["amount"]}
    )  # fmt: skip


def end_due(box: Sandbox, refund_id: str, due: int) -> None:
    """Let a refund that waited succeed, and one on a closed card fail after all."""
    refund = box.store.get("refund", refund_id)
    if refund is None or refund["status"] not in ("pending", "succeeded"):
        return
    if refund["status"] == "pending":
        done = {name: value for name, value in refund.items() if name != "pending_reason"} | {"status": "succeeded"}
        box.store.save(done)
        events.emit(box, "refund.updated", done, {"status": "pending"})
        return
    failed = {**refund, "status": "failed", "failure_reason": "expired_or_canceled_card"}
    events.emit(box, "refund.failed", _take_back(box, refund, failed))


def _take_back(box: Sandbox, refund: Obj, ended: Obj) -> Obj:
    """End a refund that did not reach the payer: the money is in the balance again, and the charge as it was."""
    charge = box.store.get("charge", refund["charge"])
    taken = box.store.get("balance_transaction", refund["balance_transaction"])
    assert charge is not None
    assert taken is not None
    ended["failure_balance_transaction"] = _book(box, "refund_failure", refund, -taken["amount"], taken)
    events.changed(box, "refund.updated", refund, ended)
    _move(box, "charge.updated", charge, -refund["amount"])
    return ended


def get_refund(box: Sandbox, identifier: str) -> Obj:
    """Return a refund that exists."""
    refund = box.store.get("refund", identifier)
    if refund is None:
        raise missing("refund", identifier)
    return refund


def retrieve(call: Call) -> Obj:
    """Answer a refund."""
    return get_refund(call.box, call.ids[0])


def update(call: Call) -> Obj:
    """Change a refund's metadata, which is all that can be changed."""
    before = get_refund(call.box, call.ids[0])
    merge.only(call.params, {"metadata"}, "refunds")
    after = dict(before)
    merge.fields(after, call.params)
    if after != before:
        events.changed(call.box, "refund.updated", before, after)
    return after


def cancel(call: Call) -> Obj:
    """Cancel a refund that needs the payer's action; cards never ask for one."""
    refund = get_refund(call.box, call.ids[0])
    refund_rules.check_refund_cancelable(refund)
    return _take_back(call.box, refund, {**refund, "status": "canceled"})


def list_all(call: Call) -> Obj:
    """Answer refunds, newest first."""
    return lists.page(call, "refund", lists.filters(call.params, "charge", "payment_intent"))


ROUTES = [
    ("POST", "/v1/refunds", create),
    ("GET", "/v1/refunds", list_all),
    ("GET", "/v1/refunds/{refund}", retrieve),
    ("POST", "/v1/refunds/{refund}", update),
    ("POST", "/v1/refunds/{refund}/cancel", cancel),
]
