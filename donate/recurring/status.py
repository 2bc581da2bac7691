"""The life of a promise: Stripe's own states, and two of ours before it has any. Pure."""

from __future__ import annotations

#: Stripe will not charge again by itself from these: https://docs.stripe.com/billing/subscriptions/overview
TERMINAL = frozenset({"canceled", "incomplete_expired", "abandoned"})
#: Something is owed: Stripe tries again, or has stopped trying, and ends them by its own settings.
OWING = frozenset({"incomplete", "past_due", "unpaid"})
_STRIPES = frozenset(
    {"incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused"}
)

#: (from, to): why. Between Stripe's live states every edge is Stripe's to take.
EDGES: dict[tuple[str, str], str] = {
    ("pending", "abandoned"): "the payment page closed unpaid",
    **{("pending", state): "Stripe has a subscription" for state in _STRIPES},
    **{(old, new): "Stripe moved it" for old in _STRIPES - TERMINAL for new in _STRIPES - {"incomplete"} if old != new},
}


def next_status(current: str, wanted: str) -> str:
    """Tell the status after Stripe's was seen: along an edge, else the current one."""
    return wanted if (current, wanted) in EDGES else current
