"""Payouts: what is available leaves for the bank by the clock or by hand, arrives, or comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from donate.sandbox import balance, events, lists, merge, rules
from donate.sandbox.clock import DAY, HOUR
from donate.sandbox.errors import missing
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

LEAVES_AFTER = 6 * HOUR
ARRIVES_AFTER = 2 * DAY
WORDS = {
    "account_closed": "The bank account has been closed.",
    "could_not_process": "The bank could not process this payout.",
}


def _not_paid_out(box: Sandbox, currency: str) -> list[Obj]:
    return box.store.select(
        "balance_transaction",
        [
            ("json_extract(json, '$._payout') IS NULL", []),
            ("json_extract(json, '$.currency') = ?", [currency]),
            ("json_extract(json, '$.status') = 'available'", []),
        ],
        order="ASC",
    )


def pay_out(box: Sandbox, currency: str, due: int) -> None:
    """Send all that is available of a currency to the bank; nothing leaves where less than nothing is there."""
    parts = _not_paid_out(box, currency)
    total = sum(part["net"] for part in parts)
    if total <= 0:
        return
    payout = _make(box, total, currency, automatic=True, description="STRIPE PAYOUT", parts=parts)
    events.emit(box, "balance.available", balance.current(box))
    box.store.plan(due + LEAVES_AFTER, "payout_leaves", payout["id"])
    box.store.plan(payout["arrival_date"], "payout_arrives", payout["id"])


def _make(
    box: Sandbox, amount: int, currency: str, *, automatic: bool, description: str | None, parts: list[Obj]
) -> Obj:
    now, identifier = box.clock.now(), new_id("po_1")
    own = balance.book(
        box, type="payout", amount=-amount, currency=currency, source=identifier, description=description
    )
    payout: Obj = {
        "id": identifier,
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": (now + ARRIVES_AFTER) // DAY * DAY,
        "automatic": automatic,
        "balance_transaction": own["id"],
        "created": now,
        "currency": currency,
        "description": description,
        "destination": "ba_1PracticeBankAccount0001",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": None,
        "type": "bank_account",
    }
    # A payout by hand takes a sum and no certain transactions: only its own movement is tied to it.
    for part in [*parts, own]:
        box.store.save({**part, "_payout": identifier})
    box.store.add(payout)
    events.emit(box, "payout.created", payout)
    return payout


def leave(box: Sandbox, identifier: str, due: int) -> None:
    """Put a payout on its way, and say what it is made of."""
    payout = box.store.get("payout", identifier)
    if payout is None or payout["status"] != "pending":
        return
    left = {**payout, "status": "in_transit"}
    events.changed(box, "payout.updated", payout, left)
    if payout["automatic"]:
        told = {**left, "reconciliation_status": "completed"}
        box.store.save(told)
        events.emit(box, "payout.reconciliation_completed", told)


def arrive(box: Sandbox, identifier: str, due: int) -> None:
    """Let a payout arrive at the bank."""
    payout = box.store.get("payout", identifier)
    if payout is not None and payout["status"] in ("pending", "in_transit"):
        paid = {**payout, "status": "paid"}
        box.store.save(paid)
        events.emit(box, "payout.paid", paid)


def fail(box: Sandbox, payout: Obj, code: str = "account_closed") -> Obj:
    """Let the bank send a payout back: the money is in the balance again and leaves with a later payout."""
    back = balance.book(
        box, type="payout_failure", amount=payout["amount"], currency=payout["currency"], source=payout["id"],
        at_once=True,
    )  # fmt: skip
    failed = {
        **payout,
        "status": "failed",
        "failure_code": code,
        "failure_message": WORDS.get(code, WORDS["could_not_process"]),
        "failure_balance_transaction": back["id"],
    }
    box.store.save(failed)
    events.emit(box, "payout.failed", failed)
    return failed


def get_payout(box: Sandbox, identifier: str) -> Obj:
    """Return a payout that exists."""
    payout = box.store.get("payout", identifier)
    if payout is None:
        raise missing("payout", identifier, "payout")
    return payout


def create(call: Call) -> Obj:
    """Make a payout by hand."""
    box, params = call.box, call.params
    merge.only(params, {"amount", "currency", "description", "metadata"}, "payouts")
    rules.check_currency(params["currency"], "currency")
    held = {each["currency"]: each["amount"] for each in balance.current(box)["available"]}
    rules.check_payout_covered(params["amount"], held.get(params["currency"], 0), params["currency"])
    payout = _make(box, params["amount"], params["currency"], automatic=False,
                   description=params.get("description"), parts=[])  # fmt: skip
    payout["metadata"] = merge.metadata({}, params.get("metadata"))
    box.store.plan(box.clock.now() + LEAVES_AFTER, "payout_leaves", payout["id"])
    box.store.plan(payout["arrival_date"], "payout_arrives", payout["id"])
    return box.store.save(payout)


def cancel(call: Call) -> Obj:
    """Take a payout by hand back before it leaves."""
    box, payout = call.box, get_payout(call.box, call.ids[0])
    rules.check_payout_pending(payout)
    back = balance.book(
        box, type="payout_cancel", amount=payout["amount"], currency=payout["currency"], source=payout["id"],
        at_once=True,
    )  # fmt: skip
    canceled = {**payout, "status": "canceled", "failure_balance_transaction": back["id"]}
    box.store.save(canceled)
    events.emit(box, "payout.canceled", canceled)
    return canceled


def retrieve(call: Call) -> Obj:
    """Answer a payout."""
    return get_payout(call.box, call.ids[0])


def list_all(call: Call) -> Obj:
    """Answer payouts, newest first."""
    where = lists.filters(call.params, "status")
    where += lists.time_range(call.params.get("arrival_date"), "json_extract(json, '$.arrival_date')")
    return lists.page(call, "payout", where)


ROUTES = [
    ("GET", "/v1/payouts", list_all),
    ("POST", "/v1/payouts", create),
    ("GET", "/v1/payouts/{payout}", retrieve),
    ("POST", "/v1/payouts/{payout}/cancel", cancel),
]
