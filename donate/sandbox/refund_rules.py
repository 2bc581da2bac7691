"""What Stripe refuses about refunds and disputes, and in which words."""

from __future__ import annotations

from typing import Any

from donate.sandbox.errors import ApiError, missing
from donate.sandbox.rules import ZERO_DECIMAL, rule
from donate.sandbox.store import Obj

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
OPEN = ("needs_response", "warning_needs_response")


def in_words(amount: int, currency: str) -> str:
    """Return an amount as Stripe writes it in an error."""
    sign = "$" if currency == "usd" else ""
    name = "" if sign else f" {currency.upper()}"
    return f"{sign}{amount}{name}" if currency in ZERO_DECIMAL else f"{sign}{amount // 100}.{amount % 100:02}{name}"


@rule()
def check_refund_names_a_payment(params: dict[str, Any]) -> None:
    """Require the payment intent or the charge that is refunded."""
    if not params.get("payment_intent") and not params.get("charge"):
        raise ApiError("One of the following params should be provided for this request: payment_intent or charge.")


@rule()
def check_refund_reason(reason: str | None) -> None:
    """Take one of Stripe's three reasons, or none."""
    if reason is not None and reason not in REASONS:
        words = f"Invalid reason: must be one of {', '.join(REASONS[:-1])}, or {REASONS[-1]}"
        raise ApiError(words, param="reason")


@rule()
def check_refund_of_a_paid_charge(charge: Obj | None, intent: Obj | None) -> None:
    """Refuse to refund what was never paid."""
    if charge is None or charge["status"] != "succeeded":
        if intent is not None:
            raise ApiError(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state", param="payment_intent",
            )  # fmt: skip
        assert charge is not None
        raise ApiError(f"Charge {charge['id']} failed and cannot be refunded.", param="charge")


@rule()
def check_refund_not_disputed(charge: Obj, dispute: Obj | None) -> None:
    """Refuse to refund what the payer's bank has taken back."""
    if dispute is not None and not dispute["is_charge_refundable"]:
        raise ApiError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )  # fmt: skip


@rule()
def check_refund_left(charge: Obj, amount: int | None) -> None:
    """Refund more than nothing and not more than is left of the charge."""
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount is None:
        return
    if amount < 1:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        whole = f"charge amount ({in_words(left, charge['currency'])})"
        if charge["amount_refunded"]:
            whole = f"unrefunded amount on charge ({in_words(left, charge['currency'])})"
        asked = in_words(amount, charge["currency"])
        raise ApiError(f"Refund amount ({asked}) is greater than {whole}", param="amount")


@rule()
def check_refund_cancelable(refund: Obj) -> None:
    """Cancel only a refund that still needs the payer's action."""
    if refund["status"] != "requires_action":
        raise ApiError(
            f"Refund {refund['id']} has a status of {refund['status']}; only a refund with a status of requires_action"
            " can be canceled.",
        )


@rule()
def check_dispute_possible(charge: Obj | None, identifier: str, earlier: Obj | None) -> None:
    """Dispute only a charge that was paid, isn't refunded and has no dispute."""
    if charge is None:
        raise missing("charge", identifier)
    if charge["status"] != "succeeded" or charge["refunded"] or earlier is not None:
        raise ApiError(f"Charge {charge['id']} can't be disputed: it failed, was refunded or is disputed already.")


@rule()
def check_dispute_awaits_answer(dispute: Obj) -> None:
    """Take evidence, or the giving up, only while the dispute waits for an answer."""
    if dispute["status"] not in OPEN:
        raise ApiError(f"This dispute is not waiting for a response: its status is {dispute['status']}.")


@rule()
def check_dispute_undecided(dispute: Obj, outcome: str) -> None:
    """Decide only what is open: an inquiry takes no money before it escalates, and only what is lost is appealed."""
    if outcome == "appeal":
        if dispute["status"] != "lost":
            raise ApiError(f"Dispute {dispute['id']} is not lost: there is nothing to appeal.")
        return
    if dispute["status"] not in (*OPEN, "under_review", "warning_under_review", "appeal_needs_response"):
        raise ApiError(f"Dispute {dispute['id']} is over: its status is {dispute['status']}.")
    inquiry = dispute["status"].startswith("warning_")
    if outcome == "lose" and inquiry:
        raise ApiError(f"Dispute {dispute['id']} is an inquiry and has taken no money: escalate it first.")
    if outcome == "escalate" and not inquiry:
        raise ApiError(f"Dispute {dispute['id']} is no inquiry: it can be won or lost.")
