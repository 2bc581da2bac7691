"""Start an ended promise again: a new one with the same amount, appeal and fund, begun on Stripe's page."""

from __future__ import annotations

from collections.abc import Callable

from donate import references
from donate.db import committed, lock
from donate.fulfillment.apply_checkout import apply_checkout
from donate.giving.models import Donation
from donate.giving.open_checkout import Ways, open_checkout
from donate.giving.queries import find_donation
from donate.giving.start import GiftRequest, start_donation
from donate.giving.status import TERMINAL
from donate.money import Money
from donate.payments.checkout import HOSTED_PAGE
from donate.recurring.begin import Authorisation, begin_recurring
from donate.recurring.letters import address_of
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import get_recurring

# Somebody who turned back from the payment page this often writes to us.
_ATTEMPTS = 50


def restart_promise(
    promise_id: int, allowed: Authorisation, ways_of: Callable[[Donation], Ways], *, ui_mode: str = HOSTED_PAGE
) -> Donation:
    """Carry one press to an open payment page; call outside ``committed()``.

    A second press leads to the page that is open; once one was paid, to that gift.

    Args:
        promise_id: Of a promise that has ended; its donor is signed in, so that Checkout may offer their card.
        allowed: The words agreed to for the new one.
        ways_of: Where a donation's payment page leads.
        ui_mode: Where it is to be paid, unless a page for it is open already.

    Returns:
        The first gift of the new promise: pending with its page open, or as it ended where it was paid before.

    Raises:
        StripeRefused: Stripe's no; nothing was charged.
        StripeUnanswered: The page could not be opened; the same press asks again.
    """
    promise = get_recurring(promise_id)
    for number in range(_ATTEMPTS):
        reference = references.reference_from("restart", promise.reference, str(number))
        donation = find_donation(reference) or _write(promise_id, reference, allowed, ui_mode)
        if donation.stripe_checkout_session_id is not None:
            donation = apply_checkout(donation.id)
        if donation.status == "pending":
            return open_checkout(donation.id, ways_of(donation), promise.stripe_customer_id)
        if donation.status not in TERMINAL - {"succeeded"}:
            return donation
    raise RuntimeError(f"promise {promise.reference} was started again {_ATTEMPTS} times without a payment")


def _write(promise_id: int, reference: str, allowed: Authorisation, ui_mode: str) -> Donation:
    with committed():
        ended = lock(RecurringDonation, promise_id)
        donation = start_donation(_same_gift(ended, reference, ui_mode))
        begin_recurring(donation, allowed, restarts=ended.reference)
    return donation


def _same_gift(ended: RecurringDonation, reference: str, ui_mode: str) -> GiftRequest:
    return GiftRequest(
        reference=reference,
        frequency=ended.interval,
        gift=Money(ended.amount_minor - ended.fee_cover_minor, ended.currency),
        fee_cover=Money(ended.fee_cover_minor, ended.currency),
        livemode=ended.livemode,
        email=address_of(ended),
        fund_id=ended.fund_id,
        first_name=ended.first_name,
        last_name=ended.last_name,
        country=ended.country,
        anonymous=ended.anonymous,
        listing_words=ended.listing_words,
        listing_minor=ended.listing_minor,
        language=ended.language,
        appeal_id=ended.appeal_id,
        article_id=ended.article_id,
        article_slug=ended.article_slug,
        placement=ended.placement,
        variant=ended.variant,
        source=ended.source,
        ui_mode=ui_mode,
    )
