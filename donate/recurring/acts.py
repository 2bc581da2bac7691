"""What may be done with a promise as it stands. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from donate.recurring.models import RecurringDonation
from donate.recurring.status import TERMINAL

LIVE = frozenset({"active", "trialing"})
LATE = frozenset({"past_due", "unpaid"})
#: Around the moment a charge falls due nobody can say any more which one a change would be for.
HANDS_OFF = timedelta(minutes=15)


def acts_open(promise: RecurringDonation, *, now: datetime) -> frozenset[str]:
    """Tell what its donor may do now.

    A rest must end before anything else changes, so that every preview is about one thing. Stopping is possible in
    every state; a gift whose bank said no is stopped at once, since nothing is paid for that could run out.

    Args:
        promise: As our row has it.
        now: The moment.

    Returns:
        Of ``change skip pause resume cancel cancel_now reactivate card restart``.
    """
    status = promise.status
    if status in TERMINAL:
        return frozenset({"restart"} if status == "canceled" else ())
    if status == "pending":
        return frozenset()
    if status not in LIVE:
        return frozenset({"cancel_now"} | ({"card"} if status in LATE else set()))
    if promise.cancel_at_period_end:
        return frozenset({"reactivate"})
    calm = frozenset({"resume"} if promise.is_paused else {"change", "skip", "pause"})
    due = promise.next_charge_at
    if due is None or due - HANDS_OFF <= now:
        calm = frozenset()
    return calm | {"cancel", "card"}
