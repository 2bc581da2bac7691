"""Forget a person: what is theirs at Stripe ends first, and only when Stripe says so is anything erased here."""

from __future__ import annotations

import structlog

from donate.db import committed, db, lock
from donate.donors.models import Erasure
from donate.donors.queries import list_customers, list_emails
from donate.errors import AttemptHeld
from donate.fulfillment.apply_subscription import apply_subscription
from donate.fulfillment.release import release_attempt
from donate.payments.cancelling import cancel_now, delete_customer
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.records import queries
from donate.records.erase import erase_person
from donate.recurring.follow import abandon
from donate.recurring.models import RecurringDonation
from donate.recurring.status import TERMINAL

_log = structlog.get_logger("forget")
_TRIES = 3


def forget_person(erasure_id: int) -> Erasure:
    """Go as far with a wish to be forgotten as Stripe and the banks let us; call outside ``committed()``.

    Open payment pages are closed, promises end at Stripe, customers are deleted there; then, in one transaction, all
    that says who they were. Where Stripe does not answer, nothing is erased yet and the next call goes on. A payment
    that a bank takes days for is waited for: its money must find its gift.

    Args:
        erasure_id: Of the wish; one that is fulfilled is left alone.

    Returns:
        The wish as it stands: ``erased_at`` where all is done, else ``waits_for``.
    """
    for _ in range(_TRIES):
        wish = queries.get_erasure(erasure_id)
        if wish.erased_at is not None:
            return wish
        try:
            _end_at_stripe(wish.donor_id)
        except (StripeUnanswered, StripeRefused, AttemptHeld) as error:
            _log.warning("not_forgotten_yet", erasure=wish.reference, error=type(error).__name__)
            return _wait(erasure_id)
        with committed():
            if erase_person(erasure_id):
                break
            if lock(Erasure, erasure_id).waits_for == "payment":
                break
    db.session.expire_all()
    return queries.get_erasure(erasure_id)


def forget_waiting() -> None:
    """Go on with every wish that waits; call outside ``committed()``."""
    for erasure_id in [wish.id for wish in queries.list_open_erasures()]:
        forget_person(erasure_id)


def _end_at_stripe(donor_id: int) -> None:
    emails = [each.email for each in list_emails(donor_id)]
    for gift in queries.list_gifts_of_person(donor_id, emails):
        if gift.status == "pending":
            _release(gift.id)
    promises = queries.list_promises_of_person(donor_id, emails)
    for promise_id, status, subscription_id in [(p.id, p.status, p.stripe_subscription_id) for p in promises]:
        if subscription_id is not None:
            # One that has ended here is looked at too: what it still asks for is voided.
            cancel_now(subscription_id)
            apply_subscription(subscription_id)
        elif status not in TERMINAL:
            _abandon(promise_id, emails, donor_id)
    customers = {each.stripe_customer_id for each in list_customers(donor_id)}
    customers |= {p.stripe_customer_id for p in queries.list_promises_of_person(donor_id, emails)} - {None}  # type: ignore[arg-type]
    if not queries.count_gifts_in_state(donor_id, emails, "processing"):
        for customer_id in sorted(customers):
            delete_customer(customer_id)


def _release(donation_id: int) -> None:
    try:
        release_attempt(donation_id)
    except AttemptHeld as held:
        # Paid a moment ago, or with the bank: it is a gift like others now.
        if held.message != "attempt_complete":
            raise


def _abandon(promise_id: int, emails: list[str], donor_id: int) -> None:
    """End a promise that Stripe never had, unless its first gift is still with a bank."""
    if queries.count_gifts_in_state(donor_id, emails, "processing"):
        return
    with committed():
        promise = lock(RecurringDonation, promise_id)
        if promise.stripe_subscription_id is None:
            abandon(promise)


def _wait(erasure_id: int) -> Erasure:
    with committed():
        wish = lock(Erasure, erasure_id)
        if wish.erased_at is None:
            wish.waits_for = "stripe"
    return queries.get_erasure(erasure_id)
