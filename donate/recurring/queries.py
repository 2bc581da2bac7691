"""Look-ups of recurring donations, their changes, movements, cards and failed charges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from donate.db import db
from donate.recurring.acts import LIVE
from donate.recurring.models import (
    CardChange,
    FailedCharge,
    RecurringChange,
    RecurringDonation,
    RecurringMovement,
    RecurringMovementDay,
)
from donate.recurring.status import OWING, TERMINAL


def find_recurring_of_subscription(stripe_subscription_id: str) -> RecurringDonation | None:
    """Find the promise a subscription stands for."""
    return db.session.scalars(
        select(RecurringDonation).where(RecurringDonation.stripe_subscription_id == stripe_subscription_id)
    ).first()


def get_recurring(recurring_id: int) -> RecurringDonation:
    """Give a promise by its key."""
    return db.session.get_one(RecurringDonation, recurring_id)


def list_recurring_of(donor_id: int) -> list[RecurringDonation]:
    """List a donor's promises, the newest first."""
    return list(
        db.session.scalars(
            select(RecurringDonation)
            .where(RecurringDonation.donor_id == donor_id)
            .order_by(RecurringDonation.id.desc())
        )
    )


def find_recurring(reference: str) -> RecurringDonation | None:
    """Find a promise by its public reference."""
    return db.session.scalars(select(RecurringDonation).where(RecurringDonation.reference == reference)).first()


def find_asked_change(recurring_id: int) -> RecurringChange | None:
    """Find the change of a promise that has not ended yet, as it is in the database now."""
    return db.session.scalars(
        select(RecurringChange)
        .where(RecurringChange.recurring_id == recurring_id, RecurringChange.status == "asked")
        .execution_options(populate_existing=True)
    ).first()


def get_change(change_id: int) -> RecurringChange:
    """Give a change as it is in the database now."""
    return db.session.get_one(RecurringChange, change_id, populate_existing=True)


def list_changes(recurring_id: int, at_most: int = 20) -> list[RecurringChange]:
    """List the changes of a promise, the newest first."""
    return list(
        db.session.scalars(
            select(RecurringChange)
            .where(RecurringChange.recurring_id == recurring_id)
            .order_by(RecurringChange.id.desc())
            .limit(at_most)
        )
    )


def list_changes_of(recurring_ids: list[int]) -> list[RecurringChange]:
    """List every change of some promises, oldest first."""
    return list(
        db.session.scalars(
            select(RecurringChange).where(RecurringChange.recurring_id.in_(recurring_ids)).order_by(RecurringChange.id)
        )
    )


def list_failed_charges_of(recurring_ids: list[int]) -> list[FailedCharge]:
    """List every refused charge of some promises, oldest first."""
    return list(
        db.session.scalars(
            select(FailedCharge).where(FailedCharge.recurring_id.in_(recurring_ids)).order_by(FailedCharge.id)
        )
    )


def list_unsettled_change_ids(asked_before: datetime, at_most: int) -> list[int]:
    """List changes whose answer nobody heard, the oldest first."""
    return list(
        db.session.scalars(
            select(RecurringChange.id)
            .where(RecurringChange.status == "asked", RecurringChange.asked_at < asked_before)
            .order_by(RecurringChange.id)
            .limit(at_most)
        )
    )


def find_failed_charge(stripe_invoice_id: str, *, livemode: bool) -> FailedCharge | None:
    """Find the failed charge of an invoice."""
    return db.session.scalars(
        select(FailedCharge).where(
            FailedCharge.stripe_invoice_id == stripe_invoice_id, FailedCharge.livemode == livemode
        )
    ).first()


def find_failed_charge_by_reference(reference: str) -> FailedCharge | None:
    """Find the failed charge that a letter names."""
    return db.session.scalars(select(FailedCharge).where(FailedCharge.reference == reference)).first()


def list_open_failed_charges(recurring_id: int) -> list[FailedCharge]:
    """List the charges of a promise that the bank refused and that may still be collected, the newest first."""
    return list(
        db.session.scalars(
            select(FailedCharge)
            .where(FailedCharge.recurring_id == recurring_id, FailedCharge.state == "open")
            .order_by(FailedCharge.id.desc())
        )
    )


def find_open_card_change(recurring_id: int) -> CardChange | None:
    """Find the visit to Stripe's card page that has not ended yet."""
    return db.session.scalars(
        select(CardChange)
        .where(CardChange.recurring_id == recurring_id, CardChange.state == "open")
        .execution_options(populate_existing=True)
    ).first()


def get_card_change(visit_id: int) -> CardChange:
    """Give a visit as it is in the database now."""
    return db.session.get_one(CardChange, visit_id, populate_existing=True)


def find_card_change(reference: str) -> CardChange | None:
    """Find a visit to Stripe's card page by our reference."""
    return db.session.scalars(select(CardChange).where(CardChange.reference == reference)).first()


def find_card_change_of_session(stripe_checkout_session_id: str) -> CardChange | None:
    """Find a visit by Stripe's session."""
    return db.session.scalars(
        select(CardChange).where(CardChange.stripe_checkout_session_id == stripe_checkout_session_id)
    ).first()


def list_open_card_change_ids(opened_before: datetime, at_most: int) -> list[int]:
    """List visits that nobody told the end of, the oldest first."""
    return list(
        db.session.scalars(
            select(CardChange.id)
            .where(CardChange.state.in_(["open", "kept"]), CardChange.opened_at < opened_before)
            .order_by(CardChange.id)
            .limit(at_most)
        )
    )


_GOES_ON = (RecurringDonation.status.in_(LIVE), RecurringDonation.cancel_at_period_end.is_(False))


def find_promised(donor_id: int) -> str:
    """Tell how often a donor promised to give, while that goes on: ``month``, else ``year``; empty where none does."""
    asked = select(func.min(RecurringDonation.interval)).where(RecurringDonation.donor_id == donor_id, *_GOES_ON)
    return db.session.scalar(asked) or ""


def find_refused(donor_id: int) -> tuple[str, str]:
    """Find the promise whose newest refused charge may still be collected: (reference, interval), else both empty."""
    row = db.session.execute(
        select(RecurringDonation.reference, RecurringDonation.interval)
        .join(FailedCharge, FailedCharge.recurring_id == RecurringDonation.id)
        .where(
            RecurringDonation.donor_id == donor_id,
            RecurringDonation.status.not_in(TERMINAL),
            FailedCharge.state == "open",
        )
        .order_by(FailedCharge.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row is not None else ("", "")


def list_due_ids(since: datetime, until: datetime, after: int, at_most: int) -> list[int]:
    """List promises that go on and whose next charge falls due in a time, by their keys from one on."""
    return list(
        db.session.scalars(
            select(RecurringDonation.id)
            .where(
                *_GOES_ON,
                RecurringDonation.id > after,
                RecurringDonation.next_charge_at > since,
                RecurringDonation.next_charge_at <= until,
            )
            .order_by(RecurringDonation.id)
            .limit(at_most)
        )
    )


def list_expiring_ids(first: date, last: date, after: int, at_most: int) -> list[int]:
    """List promises that go on and whose card has its last day between two, by their keys from one on."""
    return list(
        db.session.scalars(
            select(RecurringDonation.id)
            .where(*_GOES_ON, RecurringDonation.id > after, RecurringDonation.card_good_until.between(first, last))
            .order_by(RecurringDonation.id)
            .limit(at_most)
        )
    )


def list_started_before(moment: datetime, after: int, at_most: int) -> list[tuple[int, datetime]]:
    """List monthly promises that go on and began before a moment: (key, when), by their keys from one on."""
    rows = db.session.execute(
        select(RecurringDonation.id, RecurringDonation.started_at)
        .where(
            *_GOES_ON,
            RecurringDonation.id > after,
            RecurringDonation.interval == "month",
            RecurringDonation.started_at <= moment,
        )
        .order_by(RecurringDonation.id)
        .limit(at_most)
    )
    return [(key, started_at) for key, started_at in rows if started_at is not None]


def list_to_ask_again_ids(today: date, after: int, at_most: int) -> list[int]:
    """List ended promises whose donors wanted to be asked again by now, by their keys from one on."""
    return list(
        db.session.scalars(
            select(RecurringDonation.id)
            .where(RecurringDonation.id > after, RecurringDonation.ask_again_on <= today)
            .order_by(RecurringDonation.id)
            .limit(at_most)
        )
    )


def find_last_change(recurring_id: int, acts: Sequence[str]) -> RecurringChange | None:
    """Find the newest change of a promise of some kinds that took effect."""
    return db.session.scalars(
        select(RecurringChange)
        .where(
            RecurringChange.recurring_id == recurring_id,
            RecurringChange.status == "done",
            RecurringChange.act.in_(acts),
        )
        .order_by(RecurringChange.id.desc())
        .limit(1)
    ).first()


def find_rest(recurring_id: int) -> RecurringChange | None:
    """Find the newest change of a promise's rest that Stripe did not refuse, answered or not."""
    return db.session.scalars(
        select(RecurringChange)
        .where(
            RecurringChange.recurring_id == recurring_id,
            RecurringChange.status != "refused",
            RecurringChange.act.in_(("skip", "pause", "resume")),
        )
        .order_by(RecurringChange.id.desc())
        .limit(1)
    ).first()


def find_last_movement(recurring_id: int) -> RecurringMovement | None:
    """Find the newest movement of a promise."""
    return db.session.scalars(
        select(RecurringMovement)
        .where(RecurringMovement.recurring_id == recurring_id)
        .order_by(RecurringMovement.number.desc())
        .limit(1)
    ).first()


def list_movements_of(recurring_id: int) -> list[RecurringMovement]:
    """List the movements of a promise, the oldest first."""
    return list(
        db.session.scalars(
            select(RecurringMovement)
            .where(RecurringMovement.recurring_id == recurring_id)
            .order_by(RecurringMovement.number)
        )
    )


def kept_movement_days() -> dict[DayKey, tuple[int, int]]:
    """Read the sums kept of movements: (changes, minor units a year) by day, kind, currency and fund."""
    day = RecurringMovementDay
    return _by_day(select(day.moved_on, day.kind, day.currency, day.fund_id, day.changes, day.annual_minor))


def sum_movement_days() -> dict[DayKey, tuple[int, int]]:
    """Sum up all movements anew: (changes, minor units a year) by day, kind, currency and fund."""
    each = RecurringMovement
    key = (each.moved_on, each.kind, each.currency, each.fund_id)
    moved = func.sum(each.annual_after_minor - each.annual_before_minor)
    return _by_day(select(*key, func.count(each.id), moved).group_by(*key))


#: The day, kind, currency and fund of a sum.
DayKey = tuple[date, str, str, int]


def _by_day(asked: Select[*tuple[Any, ...]]) -> dict[DayKey, tuple[int, int]]:
    # PostgreSQL sums whole numbers into wide ones.
    return {
        (day, kind, currency, fund_id): (int(changes), int(annual))
        for day, kind, currency, fund_id, changes, annual in db.session.execute(asked)
    }


def find_earlier_live(promise: RecurringDonation) -> RecurringDonation | None:
    """Find another promise of the same donor that began before this one and goes on."""
    return db.session.scalars(
        select(RecurringDonation)
        .where(
            *_GOES_ON,
            RecurringDonation.donor_id == promise.donor_id,
            RecurringDonation.livemode == promise.livemode,
            RecurringDonation.id < promise.id,
        )
        .order_by(RecurringDonation.id.desc())
        .limit(1)
    ).first()


def list_live_of(donor_id: int) -> list[RecurringDonation]:
    """List a donor's promises that go on, the newest first."""
    return list(
        db.session.scalars(
            select(RecurringDonation)
            .where(*_GOES_ON, RecurringDonation.donor_id == donor_id)
            .order_by(RecurringDonation.id.desc())
        )
    )


def list_silent_subscription_ids(until: datetime, not_since: datetime, at_most: int) -> list[tuple[int, str]]:
    """List promises of which something should have been heard, as (key, subscription); first who waited longest.

    Args:
        until: A charge that was due before this should have been told of.
        not_since: One that was asked about is asked about again only when that was before this.
        at_most: So many.
    """
    late = (RecurringDonation.status.in_(("active", "trialing", "paused"))) & (RecurringDonation.next_charge_at < until)
    asked = (
        select(RecurringDonation.id, RecurringDonation.stripe_subscription_id)
        .where(
            or_(late, RecurringDonation.status.in_(sorted(OWING))),
            RecurringDonation.stripe_subscription_id.is_not(None),
            or_(RecurringDonation.swept_at.is_(None), RecurringDonation.swept_at < not_since),
        )
        .order_by(func.coalesce(RecurringDonation.swept_at, RecurringDonation.next_charge_at))
        .limit(at_most)
    )
    return [(key, subscription) for key, subscription in db.session.execute(asked) if subscription is not None]
