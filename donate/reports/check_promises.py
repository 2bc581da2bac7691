"""Invariants of promises: what each counts is what its last movement says, and the sums kept are the movements'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from donate.db import db
from donate.recurring.models import RecurringDonation, RecurringMovement
from donate.recurring.movements import COUNTED, TIMES_A_YEAR, annual_counted
from donate.recurring.rebuild_sums import compare_movement_days
from donate.reports.invariants import names, rows, rule

_AT_ONCE = 1000


@rule
def promises_count_what_their_movements_say() -> Iterator[str]:
    """What each promise counts in a year is what its last movement says; without one, nothing."""
    said = _last_movements()
    annual = RecurringDonation.amount_minor * case(TIMES_A_YEAR, value=RecurringDonation.interval)
    counted = case((RecurringDonation.status.in_(COUNTED), annual), else_=0)
    told = func.coalesce(said.c.annual_after_minor, 0)
    # Whether a rest is a skip or a pause is read from what was asked for: below, by the verb's own rule.
    rests = and_(RecurringDonation.status.in_(COUNTED), RecurringDonation.is_paused)
    wrong = (
        select(RecurringDonation.reference, counted, told)
        .outerjoin(said, said.c.recurring_id == RecurringDonation.id)
        .where(~rests, counted != told)
    )
    yield from (f"{reference}: counts {now}, its last movement says {then}" for reference, now, then in rows(wrong))
    yield from _resting()


def _resting() -> Iterator[str]:
    said, last = _last_movements(), 0
    while True:
        asked = (
            select(RecurringDonation, func.coalesce(said.c.annual_after_minor, 0))
            .outerjoin(said, said.c.recurring_id == RecurringDonation.id)
            .where(RecurringDonation.status.in_(COUNTED), RecurringDonation.is_paused, RecurringDonation.id > last)
            .order_by(RecurringDonation.id)
            .limit(_AT_ONCE)
        )
        part = db.session.execute(asked).all()
        for promise, then in part:
            now = annual_counted(promise)
            if now != then:
                yield f"{promise.reference}: counts {now}, its last movement says {then}"
        if len(part) < _AT_ONCE:
            return
        last = part[-1][0].id


def _last_movements() -> Any:
    newest = (
        select(RecurringMovement.recurring_id, func.max(RecurringMovement.number).label("number"))
        .group_by(RecurringMovement.recurring_id)
        .subquery()
    )
    return (
        select(RecurringMovement.recurring_id, RecurringMovement.annual_after_minor)
        .join(
            newest,
            and_(newest.c.recurring_id == RecurringMovement.recurring_id, newest.c.number == RecurringMovement.number),
        )
        .subquery()
    )


@rule
def movements_follow_one_another() -> Iterator[str]:
    """Each movement begins where the promise's one before it ended, the first from nothing, in its currency."""
    before = aliased(RecurringMovement)
    each = RecurringMovement
    yield from (
        f"{reference}: movement {number}"
        for reference, number in rows(
            select(RecurringDonation.reference, each.number)
            .join(RecurringDonation, RecurringDonation.id == each.recurring_id)
            .outerjoin(before, and_(before.recurring_id == each.recurring_id, before.number == each.number - 1))
            .where(
                or_(
                    (each.number > 1) & before.id.is_(None),
                    each.annual_before_minor != func.coalesce(before.annual_after_minor, 0),
                    each.currency != RecurringDonation.currency,
                    each.livemode != RecurringDonation.livemode,
                )
            )
        )
    )


@rule
def movements_are_named_as_they_moved() -> Iterator[str]:
    """A movement from nothing is new or returned, one to nothing paused, failed or cancelled, others rise or fall."""
    each = RecurringMovement
    should = case(
        (each.annual_before_minor == 0, each.kind.in_(("new", "returned"))),
        (each.annual_after_minor == 0, each.kind.in_(("paused", "failed", "cancelled"))),
        (each.annual_after_minor > each.annual_before_minor, each.kind == "raised"),
        else_=each.kind == "lowered",
    )
    yield from names(
        select(RecurringDonation.reference).join(each, each.recurring_id == RecurringDonation.id).where(~should)
    )


@rule
def sums_of_movements_agree() -> Iterator[str]:
    """The sums of movements kept by day are the sums of the movements."""
    yield from (str(differed) for differed in compare_movement_days())
