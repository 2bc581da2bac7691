"""What of a promise its own pages need: found only where it is the member's, and as fresh as Stripe lets us know."""

from __future__ import annotations

import structlog

from donate.errors import DonateError, NotFound
from donate.fulfillment.apply_subscription import apply_subscription
from donate.newsroom.queries import get_newsroom
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import find_recurring, get_recurring
from donate.reports.gifts_of import is_promise_of
from donate.web.language import current_language, prefixed
from donate.web.who import member

_log = structlog.get_logger("account")


def my_promise(reference: str) -> RecurringDonation:
    """Find one of the member's own promises.

    Raises:
        NotFound: ``promise_missing``, also where it is somebody else's: nobody learns that it exists.
    """
    promise = find_recurring(reference)
    if promise is None or not is_promise_of(promise, member().donor.id):
        raise NotFound("promise_missing")
    return promise


def fresh_promise(reference: str) -> RecurringDonation:
    """Find one of the member's own promises as Stripe has it now, or as we know it where Stripe doesn't answer."""
    promise = my_promise(reference)
    if promise.stripe_subscription_id is None or promise.ended_at is not None:
        return promise
    promise_id = promise.id
    try:
        apply_subscription(promise.stripe_subscription_id)
    except DonateError as error:
        _log.warning("promise_not_known", promise=reference, error=repr(error))
    return get_recurring(promise_id)


def zone() -> str:
    """Give the newsroom's zone."""
    return get_newsroom().time_zone


def promise_path(reference: str, act: str = "") -> str:
    """Write the address of a promise's page, or of one of its acts."""
    return prefixed(f"/account/recurring/{reference}" + (f"/{act}" if act else ""), current_language())
