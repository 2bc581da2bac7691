"""Disputes: a payer's bank asks for a charge back, takes it, and at times returns it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from donate.sandbox import balance, events, lists, merge, refund_rules
from donate.sandbox.cards import BY_TOKEN
from donate.sandbox.clock import DAY
from donate.sandbox.errors import missing
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

OPENS_AFTER = 10  # seconds after the charge has its balance transaction
ANSWER_WITHIN = 9 * DAY
DECIDED_AFTER = 5 * DAY
INQUIRY_ENDS_AFTER = 120 * DAY  # docs.stripe.com/disputes/how-disputes-work: one that never becomes a dispute
# What the evidence says decides (docs.stripe.com/testing#disputes); other words wait for whoever decides by hand.
DECISIONS = {"winning_evidence": "won", "losing_evidence": "lost", "escalate_inquiry_evidence": "escalated"}
NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}
TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip
FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt",
    "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip


def of_charge(box: Sandbox, charge_id: str) -> Obj | None:
    """Return the dispute about a charge, or nothing."""
    found = box.store.find("dispute", "$.charge", charge_id)
    return found[0] if found else None


def open_due(box: Sandbox, charge_id: str, due: int) -> None:
    """Open the dispute that a practice card brings, unless its charge was given back meanwhile."""
    charge = box.store.get("charge", charge_id)
    if charge is None or charge["refunded"] or charge["disputed"]:
        return
    method = box.store.get("payment_method", charge["payment_method"])
    assert method is not None
    card = BY_TOKEN[method["_token"]]
    make_dispute(box, charge_id, card.dispute, inquiry=card.inquiry)


def make_dispute(box: Sandbox, charge_id: str, reason: str, *, inquiry: bool) -> Obj:
    """Open a dispute about what is left of a charge; an inquiry takes no money yet."""
    found = box.store.get("charge", charge_id)
    refund_rules.check_dispute_possible(found, charge_id, of_charge(box, charge_id))
    assert found is not None
    charge, _ = balance.settled(box, found)
    now = box.clock.now()
    dispute: Obj = {
        "id": new_id("du_1"),
        "object": "dispute",
        "amount": charge["amount"] - charge["amount_refunded"],
        "balance_transactions": [],
        "charge": charge_id,
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(TEXTS + FILES), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": _due_by(now), "enhanced_eligibility": {}, "has_evidence": False, "past_due": False,
            "submission_count": 0, "submission_method": "not_submitted",
        },
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"card": _about_card(charge, reason, inquiry=inquiry), "type": "card"},
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }  # fmt: skip
    box.store.add(dispute)
    box.store.save({**charge, "disputed": True})
    events.emit(box, "charge.dispute.created", dispute)
    if inquiry:
        box.store.plan(now + INQUIRY_ENDS_AFTER, "end_inquiry", dispute["id"])
        return dispute
    return _withdraw(box, dispute)


def _due_by(now: int) -> int:
    return (now + ANSWER_WITHIN) // DAY * DAY + DAY - 1  # the last second of its day


def _about_card(charge: Obj, reason: str, *, inquiry: bool) -> Obj:
    card = charge["payment_method_details"]["card"]
    return {
        "brand": card["brand"],
        "case_type": "inquiry" if inquiry else "chargeback",
        "network": card["network"],
        "network_reason_code": NETWORK_CODES.get(reason, "13.7"),
    }


def _withdraw(box: Sandbox, dispute: Obj) -> Obj:
    """Take the disputed money and the fee, and wait for an answer."""
    charge = box.store.get("charge", dispute["charge"])
    assert charge is not None
    charge, brought = balance.settled(box, charge)
    amount = brought["amount"] - balance.share(charge, brought, charge["amount_refunded"])
    taken = _move(box, dispute, -amount, brought, "dispute", int(box.setting("dispute_fee")))
    events.changed(box, "charge.dispute.funds_withdrawn", dispute, taken)
    box.store.plan(taken["evidence_details"]["due_by"], "give_up_dispute", taken["id"])
    return taken


def _move(box: Sandbox, dispute: Obj, amount: int, like: Obj, category: str, fee: int = 0) -> Obj:
    moved = balance.book(
        box, type="adjustment", amount=amount, currency=like["currency"], source=dispute["id"], fee=fee,
        description=f"Chargeback {'withdrawal' if amount < 0 else 'reversal'} for {dispute['charge']}",
        exchange_rate=like["exchange_rate"], category=category, at_once=True,
    )  # fmt: skip
    if fee:
        moved["fee_details"][0]["description"] = "Dispute fee"
        box.store.save(moved)
    return {**dispute, "balance_transactions": [*dispute["balance_transactions"], events.public(moved)]}


# -- decisions -------------------------------------------------------------------------------------------------


def close(box: Sandbox, dispute: Obj, outcome: str) -> Obj:
    """Decide a dispute: `won` returns the money without the fee, `lost` keeps it away, an inquiry just ends."""
    if dispute["status"].startswith("warning_"):
        outcome = "warning_closed"
    if outcome == "won":
        taken = dispute["balance_transactions"][0]
        returned = _move(box, dispute, -taken["amount"], taken, "dispute_reversal")
        events.changed(box, "charge.dispute.funds_reinstated", dispute, returned)
        dispute = returned
    closed = {**dispute, "status": outcome, "is_charge_refundable": outcome in ("won", "warning_closed")}
    events.changed(box, "charge.dispute.closed", dispute, closed)
    return closed


def escalate(box: Sandbox, dispute: Obj) -> Obj:
    """Turn an inquiry into a dispute about what is still left: now the money goes; where nothing is, it just ends."""
    charge = box.store.get("charge", dispute["charge"])
    assert charge is not None
    if charge["refunded"]:
        return close(box, dispute, "warning_closed")
    card = {**dispute["payment_method_details"]["card"], "case_type": "chargeback"}
    details = {**dispute["evidence_details"], "due_by": _due_by(box.clock.now())}
    real = {
        **dispute,
        "amount": charge["amount"] - charge["amount_refunded"],
        "evidence_details": details,
        "is_charge_refundable": False,
        "payment_method_details": {"card": card, "type": "card"},
        "status": "needs_response",
    }
    events.changed(box, "charge.dispute.updated", dispute, real)
    return _withdraw(box, real)


def decide(box: Sandbox, dispute: Obj, outcome: str) -> Obj:
    """Decide by hand: win, lose, let an inquiry escalate, or let what was lost be appealed."""
    refund_rules.check_dispute_undecided(dispute, outcome)
    if outcome == "escalate":
        return escalate(box, dispute)
    if outcome == "appeal":
        again = {**dispute, "status": "appeal_needs_response"}
        events.changed(box, "charge.dispute.updated", dispute, again)
        return again
    return close(box, dispute, "won" if outcome == "win" else "lost")


def give_up_due(box: Sandbox, dispute_id: str, due: int) -> None:
    """Lose a dispute that nobody answered in time."""
    dispute = box.store.get("dispute", dispute_id)
    if dispute is not None and dispute["status"] == "needs_response":
        close(box, dispute, "lost")


def end_inquiry_due(box: Sandbox, dispute_id: str, due: int) -> None:
    """Close an inquiry that never became a dispute."""
    dispute = box.store.get("dispute", dispute_id)
    if dispute is not None and dispute["status"].startswith("warning_") and dispute["status"] != "warning_closed":
        close(box, dispute, "warning_closed")


def decide_due(box: Sandbox, dispute_id: str, due: int) -> None:
    """Decide by the evidence, some days after it was sent."""
    dispute = box.store.get("dispute", dispute_id)
    if dispute is None or not dispute["status"].endswith("under_review"):
        return
    decision = DECISIONS[dispute["evidence"]["uncategorized_text"]]
    if decision != "escalated":
        close(box, dispute, decision)
    elif dispute["status"] == "warning_under_review":
        escalate(box, dispute)


# -- the API ---------------------------------------------------------------------------------------------------


def get_dispute(box: Sandbox, identifier: str) -> Obj:
    """Return a dispute that exists."""
    dispute = box.store.get("dispute", identifier)
    if dispute is None:
        raise missing("dispute", identifier)
    return dispute


def retrieve(call: Call) -> Obj:
    """Answer a dispute."""
    return get_dispute(call.box, call.ids[0])


def update(call: Call) -> Obj:
    """Change the metadata, or put evidence down and, unless told otherwise, send it to the bank."""
    box, params = call.box, call.params
    merge.only(params, {"evidence", "metadata", "submit"}, "disputes")
    before = get_dispute(box, call.ids[0])
    after = dict(before)
    merge.fields(after, params)
    evidence = params.get("evidence") or {}
    if evidence or params.get("submit"):
        refund_rules.check_dispute_awaits_answer(before)
        merge.only(evidence, set(TEXTS), "disputes[evidence]")
        after["evidence"] = dict(before["evidence"])
        merge.fields(after["evidence"], evidence, *TEXTS)
        after["evidence_details"] = {**before["evidence_details"], "has_evidence": True}
    if (evidence and params.get("submit", True)) or params.get("submit"):
        _submit(box, after)
    if after != before:
        events.changed(box, "charge.dispute.updated", before, after)
    return after


def _submit(box: Sandbox, dispute: Obj) -> None:
    inquiry = dispute["status"].startswith("warning_")
    dispute["status"] = "warning_under_review" if inquiry else "under_review"
    dispute["evidence_details"] |= {"submission_count": 1, "submission_method": "manual"}
    if dispute["evidence"]["uncategorized_text"] in DECISIONS:
        box.store.plan(box.clock.now() + DECIDED_AFTER, "decide_dispute", dispute["id"])


def give_up(call: Call) -> Obj:
    """Close a dispute as lost, at once."""
    dispute = get_dispute(call.box, call.ids[0])
    refund_rules.check_dispute_awaits_answer(dispute)
    return close(call.box, dispute, "lost")


def list_all(call: Call) -> Obj:
    """Answer disputes, newest first."""
    return lists.page(call, "dispute", lists.filters(call.params, "charge", "payment_intent"))


ROUTES = [
    ("GET", "/v1/disputes", list_all),
    ("GET", "/v1/disputes/{dispute}", retrieve),
    ("POST", "/v1/disputes/{dispute}", update),
    ("POST", "/v1/disputes/{dispute}/close", give_up),
]
