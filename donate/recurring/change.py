"""Change a promise: the row before Stripe is asked, and how it ended. Also other amounts, intervals and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from donate import clock, references
from donate.db import db
from donate.errors import ChangeRefused
from donate.money import Money
from donate.recurring.acts import acts_open
from donate.recurring.models import RecurringChange, RecurringDonation
from donate.recurring.schedule import Line
from donate.recurring.terms import Terms, terms_of

#: Far enough from midnight that what falls due at noon is charged on that very day.
_NOON = time(12)
#: A yearly gift's next date may be moved within a year, a monthly one's within two months.
_FURTHEST = {"month": timedelta(days=62), "year": timedelta(days=366)}


def change_terms(
    terms: Terms, *, amount: Money, fee_cover: Money, interval: str, next_on: date | None, zone: str
) -> Terms:
    """Write the terms of a promise with another amount, interval or next date.

    Args:
        terms: As they are.
        amount: What shall be charged each time, the covered fee included.
        fee_cover: The part that covers the fee.
        interval: ``month`` or ``year``; the next date stays and periods are counted from it.
        next_on: The newsroom's day of the next charge; none leaves it.
        zone: The newsroom's.
    """
    next_at, anchor_at = terms.next_at, terms.anchor_at
    if next_on is not None:
        next_at = datetime.combine(next_on, _NOON, ZoneInfo(zone)).astimezone(UTC)
    if next_at != terms.next_at or interval != terms.interval:
        anchor_at = next_at
    return replace(terms, amount=amount, fee_cover=fee_cover, interval=interval, next_at=next_at, anchor_at=anchor_at)


def dates_offered(interval: str, *, today: date) -> tuple[date, date]:
    """Give the first and the last day a next charge may be moved to."""
    return today + timedelta(days=1), today + _FURTHEST[interval]


def ask_change(
    promise: RecurringDonation, act: str, wanted: Terms, lines: Sequence[Line], *, asked_by: str
) -> RecurringChange:
    """Write a change before Stripe is asked; call inside ``committed()`` with the promise locked.

    Args:
        promise: The locked row.
        act: What is done, of ``acts_open``.
        wanted: The terms after it.
        lines: The schedule that was shown and agreed to.
        asked_by: Whose act it is.

    Raises:
        ChangeRefused: ``change_not_open`` where the promise does not allow it now, ``change_under_way`` where another
            one has not ended yet.
    """
    if act not in acts_open(promise, now=clock.now()):
        raise ChangeRefused("change_not_open", act=act)
    change = RecurringChange(
        reference=references.new_reference(),
        recurring_id=promise.id,
        act=act,
        status="asked",
        asked_by=asked_by,
        asked_at=clock.now(),
        before=terms_of(promise).plain(),
        after=wanted.plain(),
        lines=[line.plain() for line in lines],
    )
    try:
        with db.session.begin_nested():
            db.session.add(change)
            db.session.flush()
    except IntegrityError as error:
        raise ChangeRefused("change_under_way") from error
    return change


def note_change(
    promise: RecurringDonation, act: str, before: Terms, after: Terms, lines: Sequence[Line]
) -> RecurringChange:
    """Write down a change that somebody made at Stripe itself; call inside ``committed()``."""
    change = RecurringChange(
        reference=references.new_reference(),
        recurring_id=promise.id,
        act=act,
        status="done",
        asked_by="stripe",
        asked_at=clock.now(),
        ended_at=clock.now(),
        before=before.plain(),
        after=after.plain(),
        lines=[line.plain() for line in lines],
    )
    db.session.add(change)
    db.session.flush()
    return change


def finish_change(change: RecurringChange, *, refusal: str = "") -> None:
    """End a change; call inside ``committed()`` with its promise locked.

    Args:
        change: One that was asked for.
        refusal: Stripe's code; empty where it took effect.
    """
    if change.status == "asked":
        change.status = "refused" if refusal else "done"
        change.refusal = refusal
        change.ended_at = clock.now()
