"""Events of another API version than ours: they take effect all the same, and the operator hears of them."""

from __future__ import annotations

from donate.payments import API_VERSION
from donate.webhooks.queries import count_other_versions

# An endpoint that was replaced is forgotten after so many events.
_AMONG = 1000


def count_of_another_version() -> int:
    """Count the events of another API version among the newest thousand."""
    return sum(count_other_versions(API_VERSION, _AMONG).values())


def versions_note() -> str:
    """Name the versions that came instead of ours and what to do, in a sentence; nothing where all is well.

    Such events are no broken rule: what happened is asked of Stripe in our version. But an endpoint made with another
    version sends types that we may not know: https://docs.stripe.com/webhooks/versioning
    """
    found = count_other_versions(API_VERSION, _AMONG)
    if not found:
        return ""
    came = ", ".join(f"{many} in {version}" for version, many in found.items())
    return (
        f"Of the newest {_AMONG} events some came in another version of Stripe's API than {API_VERSION}: {came}. They"
        " took effect. If an endpoint sends them, `flask stripe setup` makes one in our version; then disable the old."
    )
