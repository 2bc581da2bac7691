"""Change a promise: intent row, commit, Stripe, commit; and find out what became of a lost answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog

from donate import clock
from donate.db import committed, lock
from donate.errors import ChangeRefused, DonateError
from donate.fulfillment.apply_subscription import apply_subscription
from donate.newsroom.queries import get_newsroom
from donate.payments.billing import retrieve_subscription
from donate.payments.cancelling import cancel_now
from donate.payments.changing import change_subscription
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.recurring.change import ask_change, finish_change
from donate.recurring.models import RecurringChange, RecurringDonation
from donate.recurring.queries import get_change, get_recurring
from donate.recurring.schedule import Line, schedule
from donate.recurring.terms import Terms, change_between, is_as_wanted, terms_from, terms_of, terms_seen
from donate.team.history import Who, record_history

_log = structlog.get_logger("promise")
#: Stripe forgets a key after a day; from then on one looks, and never sends again.
KEY_HOLDS = timedelta(hours=23)


def change_promise(
    promise_id: int, act: str, wanted: Terms, *, shown: Sequence[Line], based_on: Terms, who: Who
) -> RecurringChange:
    """Change a promise as its preview said; call outside ``committed()``.

    Args:
        promise_id: Whose row is known.
        act: Of ``acts_open``.
        wanted: The terms after it.
        shown: The dated lines that were agreed to; what they say is what happens, or nothing does.
        based_on: The terms that the preview started from.
        who: Whose act it is.

    Returns:
        The change as it stands; ``asked`` where Stripe did not answer: it is not failed, the sweep goes on.

    Raises:
        ChangeRefused: Not open in this state, another one under way, or the promise moved since the preview
            (``change_moved``); nothing was asked of Stripe.
        StripeRefused: Stripe's no; both sides are as before.
    """
    zone = get_newsroom().time_zone
    with committed():
        promise = lock(RecurringDonation, promise_id)
        if terms_of(promise) != based_on or list(shown) != schedule(wanted, zone=zone):
            raise ChangeRefused("change_moved")
        change = ask_change(promise, act, wanted, shown, asked_by=f"{who.kind}:{who.row_id}")
        record_history(
            who, f"{act}_promise", "recurring_donation", promise.reference, after={"change": change.reference}
        )
        change_id = change.id
    return send_change(change_id)


def send_change(change_id: int) -> RecurringChange:
    """Ask Stripe for a change whose row was written, under its one key; call outside ``committed()``.

    Raises:
        StripeRefused: Stripe's no; the row says so.
    """
    change = get_change(change_id)
    if change.status != "asked":
        return change
    try:
        _ask_stripe(change)
    except StripeUnanswered:
        return get_change(change_id)
    except StripeRefused as refusal:
        _end(change_id, refusal.code)
        raise
    _apply(change)
    return get_change(change_id)


def settle_change(change_id: int) -> RecurringChange:
    """Find out what became of a change nobody heard the answer of; call outside ``committed()``.

    Stripe's subscription is looked at first: it tells whether the change took effect. Within a day the same key asks
    again where it did not; later it has failed.

    Raises:
        StripeUnanswered: Nobody knows yet; the row is as it was.
    """
    change = get_change(change_id)
    promise = get_recurring(change.recurring_id)
    if change.status != "asked" or promise.stripe_subscription_id is None:
        return change
    _apply(change)
    if get_change(change_id).status != "asked":
        return get_change(change_id)
    if clock.now() - change.asked_at < KEY_HOLDS:
        try:
            _ask_stripe(change)
            _apply(change)
        except StripeRefused as refusal:
            _end(change_id, refusal.code)
        except StripeUnanswered as unknown:
            if not unknown.is_kept:
                raise
            _end(change_id, "stripe_error_kept")
    else:
        _end(change_id, "never_reached_stripe")
    return get_change(change_id)


def _ask_stripe(change: RecurringChange) -> None:
    subscription_id = get_recurring(change.recurring_id).stripe_subscription_id
    assert subscription_id is not None
    wanted = terms_from(change.after)
    if not wanted.is_over:
        now = retrieve_subscription(subscription_id)
        change_subscription(now, change_between(terms_from(change.before), wanted), change.reference)
        return
    # Open charges are voided with it: a card that is mended later must not be charged for what was stopped.
    cancel_now(subscription_id)


def _apply(change: RecurringChange) -> None:
    subscription_id = get_recurring(change.recurring_id).stripe_subscription_id
    assert subscription_id is not None
    try:
        apply_subscription(subscription_id)
    except DonateError as error:
        # It is made, and its event and the sweep go on from here; whoever asked must not hear that it is not.
        _log.warning("change_not_applied_yet", change=change.reference, error=repr(error))


def _end(change_id: int, code: str) -> None:
    """End a change that Stripe refused, unless it took effect all the same."""
    change = get_change(change_id)
    promise = get_recurring(change.recurring_id)
    assert promise.stripe_subscription_id is not None
    seen = terms_seen(promise, retrieve_subscription(promise.stripe_subscription_id))
    if is_as_wanted(seen, terms_from(change.before), terms_from(change.after)):
        _apply(change)
        return
    with committed():
        lock(RecurringDonation, change.recurring_id)
        finish_change(lock(RecurringChange, change_id), refusal=code)
