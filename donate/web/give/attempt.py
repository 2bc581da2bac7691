"""The attempt: one press of the button, carried to one open payment page, however often it is pressed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from donate import clock, references
from donate.db import committed, db
from donate.errors import AttemptHeld
from donate.fulfillment.apply_checkout import apply_checkout
from donate.fulfillment.release import release_attempt
from donate.giving.models import Donation
from donate.giving.open_checkout import Ways, open_checkout
from donate.giving.queries import find_donation
from donate.giving.start import GiftRequest, start_donation
from donate.payments.errors import StripeUnanswered
from donate.recurring.begin import Authorisation, begin_recurring

# Stripe opens no session that ends in under half an hour: https://docs.stripe.com/api/checkout/sessions/create
_OPENS_WITHIN = timedelta(minutes=31)
# A form whose content was changed more often than this starts over by itself.
_LONGEST_CHAIN = 30


def try_gift(asked: GiftRequest, allowed: Authorisation | None, ways_of: Callable[[Donation], Ways]) -> Donation:
    """Carry one press to its payment page; call outside ``committed()``.

    The same reference and content lead to the one page that is open. Other content closes that page first and
    goes on under the reference that follows, so that of one form never more than one page can be paid.

    Args:
        asked: The form's content.
        allowed: The words agreed to, for gifts that repeat.
        ways_of: Where a donation's payment page leads.

    Returns:
        The donation; its ``checkout_url`` is open.

    Raises:
        AttemptHeld: When an earlier attempt is paid, processing or unanswerable.
        StripeRefused: Stripe's no; nothing was charged.
        StripeUnanswered: The page could not be opened; the same press asks again.
    """
    for _ in range(_LONGEST_CHAIN):
        donation = find_donation(asked.reference) or _write(asked, allowed)
        if donation.content_hash == asked.content_hash():
            opened = _opened(donation, ways_of(donation))
            if opened is not None:
                return opened
        release_attempt(donation.id)
        asked = replace(asked, reference=following(asked.reference))
    raise AttemptHeld("attempt_changed_too_often", reference=donation.reference)


def following(reference: str) -> str:
    """Give the reference that follows one: the same for every press, and nobody else can tell it."""
    digest = hashlib.sha256(references.sign("next-attempt", reference).encode()).digest()
    return base64.b32encode(digest[:10]).decode()


def _write(asked: GiftRequest, allowed: Authorisation | None) -> Donation:
    with committed():
        donation = start_donation(asked)
        if allowed is not None and donation.content_hash == asked.content_hash():
            begin_recurring(donation, allowed)
    return donation


def _opened(donation: Donation, ways: Ways) -> Donation | None:
    """Give the donation with its page open; None where it has ended or can't be opened any more."""
    if donation.stripe_checkout_session_id is not None:
        donation = _asked_again(donation)
    ends_at = donation.checkout_expires_at
    if donation.status != "pending" or ends_at is None or clock.now() >= ends_at:
        return None
    if donation.stripe_checkout_session_id is not None:
        return donation
    if clock.now() >= ends_at - _OPENS_WITHIN:
        return None
    try:
        donation = open_checkout(donation.id, ways)
    except StripeUnanswered as unknown:
        # Another press of the same button may have had the answer.
        db.session.refresh(donation)
        if donation.stripe_checkout_session_id is None:
            if unknown.is_kept:
                # Every press would get this answer for a day: the attempt is closed, and the next one opens.
                return None
            raise
    return donation if donation.status == "pending" else None


def _asked_again(donation: Donation) -> Donation:
    try:
        return apply_checkout(donation.id)
    except StripeUnanswered as error:
        # It may have been paid a moment ago: nobody may be told that it was not.
        raise AttemptHeld("attempt_unanswered", reference=donation.reference) from error
