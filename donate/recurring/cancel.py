"""Stop a promise: at the end of what is paid for, or at once where nothing is; and take a stop back before the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from donate.recurring.models import RecurringDonation
from donate.recurring.terms import Terms

#: Why somebody stops, if they care to say.
REASONS = ("money", "card", "too_many", "other_cause", "content", "mistake", "other")
#: In how many months they may want to be asked again.
ASK_AGAIN_MONTHS = (3, 6, 9)


def cancel(terms: Terms) -> Terms:
    """Write the terms of a promise that ends instead of charging again."""
    return replace(terms, ends=True)


def cancel_now(terms: Terms) -> Terms:
    """Write the terms of a promise that is over."""
    return replace(terms, is_over=True)


def reactivate(terms: Terms) -> Terms:
    """Write the terms of a promise that goes on after all."""
    return replace(terms, ends=False)


def note_reason(promise: RecurringDonation, reason: str, words: str) -> None:
    """Keep why a promise was stopped; call inside ``committed()``.

    Raises:
        ValueError: When the reason is none of ours.
    """
    if reason not in ("", *REASONS):
        raise ValueError(f"no such reason: {reason}")
    promise.stop_reason, promise.stop_words = reason, words


def ask_again(promise: RecurringDonation, on: date | None) -> None:
    """Keep when its donor wants to be asked again; call inside ``committed()``."""
    promise.ask_again_on = on
