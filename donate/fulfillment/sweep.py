"""Sweep: ask Stripe about gifts, refunds, changes, cards, payouts and promises whose end nobody told us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import structlog

from donate import clock
from donate.db import committed, lock
from donate.errors import DonateError
from donate.fulfillment.apply_checkout import apply_checkout
from donate.fulfillment.apply_payout import apply_payout
from donate.fulfillment.apply_subscription import apply_subscription
from donate.fulfillment.change_card import apply_card_change
from donate.fulfillment.change_promise import settle_change
from donate.fulfillment.refund_gift import settle_refund
from donate.giving.complete import move_donation
from donate.giving.models import Donation
from donate.giving.queries import get_donation, list_unsettled_donation_ids, list_unsettled_refund_ids
from donate.ledger.queries import list_unproved_payouts
from donate.newsroom.queries import get_newsroom
from donate.payments.checkout import expire_session, find_session
from donate.recurring.follow import abandon
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import (
    list_open_card_change_ids,
    list_silent_subscription_ids,
    list_unsettled_change_ids,
)

_log = structlog.get_logger("sweep")
Key = TypeVar("Key")
Result = TypeVar("Result")
#: Stripe needs a moment to say that a session has expired.
GRACE = timedelta(minutes=5)
#: A bank debit takes days; it is asked about no more often than this.
SLOW = timedelta(hours=1)
#: A refund that was asked for has its answer by then, or lost it.
REFUND_GRACE = timedelta(minutes=2)
CHANGE_GRACE = timedelta(minutes=2)
#: Stripe charges a renewal within hours of its day, and tells at once: https://docs.stripe.com/billing/invoices/subscription
RENEWAL_GRACE = timedelta(hours=6)
#: Of a promise that owes something the end may be weeks away; it is asked about once a day.
OWED = timedelta(days=1)
_BATCH = 200


def sweep() -> int:
    """Settle gifts, refunds, payouts and promises of which nobody told us; call outside ``committed()``.

    One that can't be settled does not keep the others waiting.

    Returns:
        How many gifts have come to an end.
    """
    settled = _sweep_gifts()
    for refund_id in list_unsettled_refund_ids(clock.now() - REFUND_GRACE, _BATCH):
        _try("refund", refund_id, settle_refund)
    for change_id in list_unsettled_change_ids(clock.now() - CHANGE_GRACE, _BATCH):
        _try("change", change_id, settle_change)
    for visit_id in list_open_card_change_ids(clock.now() - CHANGE_GRACE, _BATCH):
        _try("card", visit_id, apply_card_change)
    for payout in list_unproved_payouts(_BATCH):
        _try("payout", payout.stripe_payout_id, apply_payout)
    _sweep_promises()
    return settled


def _sweep_gifts() -> int:
    settled = 0
    for donation_id in list_unsettled_donation_ids(clock.now() - GRACE, clock.now() - SLOW, _BATCH):
        donation = _try("gift", donation_id, _settle)
        settled += donation is not None and donation.status not in ("pending", "processing")
        with committed():
            lock(Donation, donation_id).swept_at = clock.now()
    return settled


def _sweep_promises() -> None:
    now = clock.now()
    for promise_id, subscription_id in list_silent_subscription_ids(now - RENEWAL_GRACE, now - OWED, _BATCH):
        _try("promise", subscription_id, apply_subscription)
        with committed():
            lock(RecurringDonation, promise_id).swept_at = clock.now()


def _try(what: str, which: Key, act: Callable[[Key], Result]) -> Result | None:
    try:
        return act(which)
    except (DonateError, RuntimeError, ValueError) as error:
        # What contradicts our rows is for a person; `flask check` names it until it is mended.
        _log.warning(f"{what}_not_settled", which=which, error=repr(error))
        return None


def _settle(donation_id: int) -> Donation:
    donation = get_donation(donation_id)
    if donation.stripe_checkout_session_id is None:
        donation = settle_lost_answer(donation_id)
    return apply_checkout(donation.id)


def settle_lost_answer(donation_id: int) -> Donation:
    """Find out what became of a session whose opening was never answered; call outside ``committed()``.

    The session is looked up by our reference and closed; where there is none, the attempt has expired.

    Raises:
        StripeUnanswered: Nobody knows yet; the row is as it was.
    """
    donation = get_donation(donation_id)
    found = find_session(
        donation.reference, donation.created_at - timedelta(minutes=5), donation.created_at + timedelta(hours=25)
    )
    if found is not None and found.status == "open":
        found = expire_session(found.session_id)
    zone = get_newsroom().time_zone
    with committed():
        donation = lock(Donation, donation_id)
        if donation.stripe_checkout_session_id is None and donation.status == "pending":
            if found is not None:
                donation.stripe_checkout_session_id = found.session_id
            else:
                move_donation(donation, "expired", None, zone=zone)
                if donation.recurring_id is not None:
                    abandon(lock(RecurringDonation, donation.recurring_id))
    return apply_checkout(donation_id)
