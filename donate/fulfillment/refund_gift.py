"""Refund a gift, in full or in part: intent row, commit, Stripe, commit; and find out what became of a lost answer."""

from __future__ import annotations

from datetime import timedelta

import structlog

from donate import clock
from donate.db import committed, lock
from donate.errors import DonateError
from donate.fulfillment.apply_refund import apply_refund
from donate.giving.models import Donation, Refund
from donate.giving.queries import get_donation, get_refund
from donate.giving.refund import ask_refund, refuse_refund
from donate.money import Money
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.payments.refunds import find_refund, make_refund
from donate.payments.values import RefundState
from donate.team.history import SYSTEM, Who, record_history

_log = structlog.get_logger("refund")
#: Stripe forgets a key after a day; from then on one looks, and never sends again.
#: https://docs.stripe.com/api/idempotent_requests
KEY_HOLDS = timedelta(hours=23)


def refund_gift(
    donation_id: int, amount: Money, *, left_seen: Money, reason: str, asked_by: str, who: Who = SYSTEM
) -> Refund:
    """Give back a gift or a part of it; call outside ``committed()``.

    Args:
        donation_id: Of a gift that arrived.
        amount: In the gift's currency.
        left_seen: What could go back when the person decided.
        reason: Stripe's ``duplicate``, ``fraudulent``, ``requested_by_customer``, or empty.
        asked_by: Whose act it is, as the refund's row keeps it.
        who: The same for the history.

    Returns:
        The refund as it stands; ``requested`` where Stripe did not answer: it is not failed, the sweep goes on.

    Raises:
        RefundRefused: More than what is left, or somebody refunded meanwhile; nothing was asked of Stripe.
        StripeRefused: Stripe's no; nothing went back.
    """
    with committed():
        donation = lock(Donation, donation_id)
        refund = ask_refund(donation, amount, left_seen=left_seen, reason=reason, asked_by=asked_by)
        refund_id = refund.id
        record_history(
            who, "refund_donation", "donation", donation.reference,
            before={"left_minor": left_seen.minor},
            after={"refund": refund.reference, "amount_minor": amount.minor, "currency": amount.currency,
                   "reason": reason},
        )  # fmt: skip
    return send_refund(refund_id)


def send_refund(refund_id: int) -> Refund:
    """Ask Stripe for a refund whose row was just written, under its one key; call outside ``committed()``.

    Args:
        refund_id: Of a ``requested`` row that was never sent before.

    Raises:
        StripeRefused: Stripe's no; the row says so.
    """
    refund = get_refund(refund_id)
    if refund.status != "requested":
        return refund
    try:
        made = _make(refund)
    except StripeUnanswered:
        return get_refund(refund_id)
    except StripeRefused as refusal:
        _refuse(refund_id, refusal.code)
        raise
    return _apply(refund_id, made)


def settle_refund(refund_id: int) -> Refund:
    """Find out what became of a refund nobody heard the answer of; call outside ``committed()``.

    Within a day the same key asks again and can't give back twice. Later it is looked up, and where Stripe has none
    it has failed. A no to the second asking tells nothing of the first: that is looked up too.

    Raises:
        StripeRefused: Stripe doesn't let us look; the row is as it was.
        StripeUnanswered: Nobody knows yet; the row is as it was.
    """
    refund = get_refund(refund_id)
    if refund.status != "requested":
        return refund
    why = "never_reached_stripe"
    if clock.now() - refund.requested_at < KEY_HOLDS:
        try:
            return _apply(refund_id, _make(refund))
        except StripeRefused as refusal:
            why = refusal.code
        except StripeUnanswered as unknown:
            # An answer that Stripe keeps is the key's for a day; what it made all the same can be looked up.
            if unknown.is_kept and (found := find_refund(refund.reference, _payment_of(refund))) is not None:
                return _apply(refund_id, found)
            raise
    found = find_refund(refund.reference, _payment_of(refund))
    if found is not None:
        return _apply(refund_id, found)
    _refuse(refund_id, why)
    return get_refund(refund_id)


def _make(refund: Refund) -> RefundState:
    return make_refund(refund.reference, _payment_of(refund), refund.amount, refund.reason)


def _payment_of(refund: Refund) -> str:
    payment_intent_id = get_donation(refund.donation_id).stripe_payment_intent_id
    assert payment_intent_id is not None
    return payment_intent_id


def _apply(refund_id: int, made: RefundState) -> Refund:
    try:
        apply_refund(made.refund_id)
    except DonateError as error:
        # It is made, and its event and the sweep go on from here; whoever asked must not hear that it is not.
        _log.warning("refund_not_applied_yet", refund_id=refund_id, error=repr(error))
    return get_refund(refund_id)


def _refuse(refund_id: int, why: str) -> None:
    with committed():
        refuse_refund(lock(Refund, refund_id), why)
