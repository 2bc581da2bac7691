"""Skip one: the next charge is left out, and all after it are made."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from donate.recurring.schedule import due_after
from donate.recurring.terms import Terms

#: Collection starts again so long after what is left out, and before anything else falls due.
JUST_AFTER = timedelta(hours=12)


def skip_next(terms: Terms) -> Terms:
    """Write the terms of a promise whose next charge is left out."""
    return rest_for(terms, 1)


def rest_for(terms: Terms, charges: int) -> Terms:
    """Write the terms of a promise that leaves out its next charges.

    https://docs.stripe.com/billing/subscriptions/pause-payment

    Args:
        terms: As they are.
        charges: How many are left out, at least one.
    """
    return replace(terms, is_paused=True, resumes_at=due_after(terms, charges - 1) + JUST_AFTER)
