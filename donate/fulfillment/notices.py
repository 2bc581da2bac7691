"""Notices by the calendar: before a yearly or changed charge, before a card runs out, once a year, and when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import structlog

from donate import clock
from donate.db import committed, lock
from donate.donors.preferences import wants
from donate.errors import DonateError
from donate.fulfillment.apply_subscription import apply_subscription
from donate.giving.queries import summarise_recurring
from donate.mail.queue import queue_mail
from donate.newsroom.queries import get_newsroom
from donate.recurring.acts import LIVE
from donate.recurring.letters import ask_again_letter, card_expires_letter, charge_ahead_letter, yearly_letter
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import (
    find_last_change,
    get_recurring,
    list_due_ids,
    list_expiring_ids,
    list_started_before,
    list_to_ask_again_ids,
)
from donate.recurring.schedule import add_months, charged_on, is_left_out
from donate.recurring.terms import terms_from, terms_of

_log = structlog.get_logger("notices")
#: Before a yearly charge; before one that is not like the last; before a card's last day.
YEARLY_AHEAD = timedelta(days=14)
CHANGED_AHEAD = timedelta(days=7)
CARD_AHEAD = timedelta(days=30)
#: Whoever changed something so lately has the letter about it before their eyes.
_KNOWS = timedelta(days=3)
#: A reminder that could not go out on its day still goes out in these.
_LATE = 7
_BATCH = 500
_MONTHS = {"month": 1, "year": 12}


def send_notices() -> None:
    """Queue every letter that is due by the calendar, once each; call outside ``committed()``.

    A letter hangs on its key, so that running again sends none twice; one promise that can't be read does not keep
    the others waiting.
    """
    now, zone = clock.now(), get_newsroom().time_zone
    today = clock.on(now, zone)
    for promise_id in _each(lambda after: list_due_ids(now, now + YEARLY_AHEAD, after, _BATCH)):
        _write(promise_id, lambda promise: _announce_charge(promise, now, zone))
    for promise_id in _each(lambda after: list_expiring_ids(today, today + CARD_AHEAD, after, _BATCH)):
        if _is_still_expiring(promise_id, today):
            _write(promise_id, _announce_expiry)
    for promise_id, started_at in _remembered(now):
        anniversary = _anniversary(started_at, today, zone)
        if anniversary is not None:
            _write(promise_id, lambda promise, on=anniversary: _remind(promise, on))  # type: ignore[misc]
    for promise_id in _each(lambda after: list_to_ask_again_ids(today, after, _BATCH)):
        _write(promise_id, _ask_again)


def _each(page: Callable[[int], list[int]]) -> Iterator[int]:
    after = 0
    while found := page(after):
        yield from found
        after = found[-1]


def _remembered(now: datetime) -> Iterator[tuple[int, datetime]]:
    after = 0
    while found := list_started_before(now - timedelta(days=364), after, _BATCH):
        yield from found
        after = found[-1][0]


def _write(promise_id: int, act: Callable[[RecurringDonation], None]) -> None:
    try:
        with committed():
            act(lock(RecurringDonation, promise_id))
    except (DonateError, ValueError) as error:
        _log.error("notice_not_written", promise_id=promise_id, error=repr(error))


def _announce_charge(promise: RecurringDonation, now: datetime, zone: str) -> None:
    terms, due = terms_of(promise), promise.next_charge_at
    if due is None or is_left_out(terms, due):
        return
    why = "yearly" if promise.interval == "year" else _unlike_the_last(promise, due, now)
    if why:
        queue_mail(charge_ahead_letter(promise, charged_on(due, zone), why))


def _unlike_the_last(promise: RecurringDonation, due: datetime, now: datetime) -> str:
    """Tell why the next charge is not like the last one was; empty where it is, or where its donor just saw it."""
    change = find_last_change(promise.id, ("change", "pause"))
    if change is None or due - now > CHANGED_AHEAD or now - change.asked_at < _KNOWS:
        return ""
    last_due = add_months(due, -_MONTHS[promise.interval])
    if change.act == "pause":
        resumed = terms_from(change.after).resumes_at
        return "rested" if resumed is not None and last_due < resumed <= due else ""
    return "changed" if change.asked_at > last_due else ""


def _is_still_expiring(promise_id: int, today: date) -> bool:
    """Ask Stripe first: banks bring new dates by themselves, and nobody should be told of a card that is replaced."""
    promise = get_recurring(promise_id)
    try:
        if promise.stripe_subscription_id is not None:
            apply_subscription(promise.stripe_subscription_id)
    except DonateError as error:
        _log.warning("card_not_known", promise_id=promise_id, error=repr(error))
        return False
    promise = get_recurring(promise_id)
    until = promise.card_good_until
    return promise.status in LIVE and until is not None and until <= today + CARD_AHEAD


def _announce_expiry(promise: RecurringDonation) -> None:
    if promise.donor_id is not None and wants(promise.donor_id, "card_expiring"):
        queue_mail(card_expires_letter(promise))


def _anniversary(started_at: datetime, today: date, zone: str) -> date | None:
    """Give the anniversary of these days, if there is one."""
    began = clock.on(started_at, zone)
    for year in (today.year, today.year - 1):
        # Who began on 29 February has it on the last day of that month.
        day = clock.on(add_months(started_at, 12 * (year - began.year)), zone)
        if day > began and 0 <= (today - day).days <= _LATE:
            return day
    return None


def _remind(promise: RecurringDonation, anniversary: date) -> None:
    year_before = anniversary.replace(year=anniversary.year - 1, day=min(anniversary.day, 28))
    _number, sums = summarise_recurring(promise.id, first=year_before, until=anniversary)
    queue_mail(yearly_letter(promise, anniversary, sums.get(promise.currency, 0)))


def _ask_again(promise: RecurringDonation) -> None:
    promise.ask_again_on = None
    if promise.donor_id is not None and wants(promise.donor_id, "ask_again"):
        queue_mail(ask_again_letter(promise))
