"""Bring a promise to what Stripe holds, end the change that asked for it, and tell its donor, in one transaction."""

from __future__ import annotations

from donate.connections.tell import tell_promise
from donate.fulfillment.staff_mail import tell_staff_of_promise_end
from donate.mail.queue import queue_mail
from donate.newsroom.queries import get_newsroom
from donate.payments.values import SubscriptionState
from donate.records.queries import find_erasure
from donate.recurring.change import finish_change, note_change
from donate.recurring.dun import end_failed_charges
from donate.recurring.follow import follow_subscription
from donate.recurring.letters import changed_letter, ended_letter
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import find_asked_change
from donate.recurring.schedule import schedule
from donate.recurring.terms import Terms, act_seen, is_as_wanted, terms_from, terms_of, terms_seen, with_known_fee

#: Before Stripe has a subscription that charges there is nothing its donor could have been promised.
_NOT_BEGUN = frozenset({"pending", "incomplete"})
_FAILED = "payment_failed"


def follow_promise(promise: RecurringDonation, seen: SubscriptionState) -> None:
    """Apply a subscription to its promise; call inside ``committed()`` with the promise locked.

    What a member or the desk asked for ends here, whoever brings the news: the answer, an event or the sweep. What
    somebody changed in Stripe's dashboard is written down and told in the same words.

    Args:
        promise: The locked row.
        seen: The subscription, just fetched.
    """
    status, was_begun = promise.status, promise.status not in _NOT_BEGUN
    before, after = terms_of(promise), terms_seen(promise, seen)
    asked = find_asked_change(promise.id)
    follow_subscription(promise, seen)
    if after.is_over and not before.is_over:
        end_failed_charges(promise)
        if was_begun:
            tell_staff_of_promise_end(promise)
        if was_begun and seen.ended_because == _FAILED:
            queue_mail(ended_letter(promise))
    if asked is not None and is_as_wanted(after, terms_from(asked.before), terms_from(asked.after)):
        promise.fee_cover_minor = with_known_fee(after, terms_from(asked.after)).fee_cover.minor
        finish_change(asked)
        queue_mail(changed_letter(promise, asked))
    elif asked is None and was_begun and seen.ended_because != _FAILED and not _is_being_forgotten(promise):
        _tell_what_stripe_changed(promise, before, after)
    _tell_others(promise, before, after, status)


def _tell_what_stripe_changed(promise: RecurringDonation, before: Terms, after: Terms) -> None:
    act = act_seen(before, after)
    if act:
        lines = schedule(after, zone=get_newsroom().time_zone)
        queue_mail(changed_letter(promise, note_change(promise, act, before, after, lines)))


def _tell_others(promise: RecurringDonation, before: Terms, after: Terms, status: str) -> None:
    """Tell hooks of what is other than before; a next date that moves with each charge is no change."""
    if promise.status == status and not act_seen(before, after):
        return
    if after.is_over:
        if not before.is_over and status not in _NOT_BEGUN:
            tell_promise("recurring.ended", promise)
    elif status in _NOT_BEGUN:
        if promise.status not in _NOT_BEGUN:
            tell_promise("recurring.started", promise)
    else:
        tell_promise("recurring.changed", promise)


def _is_being_forgotten(promise: RecurringDonation) -> bool:
    """Tell whether its end is a part of forgetting its donor, which has a letter of its own."""
    return promise.donor_id is not None and find_erasure(promise.donor_id) is not None
