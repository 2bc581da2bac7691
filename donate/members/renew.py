"""Renew a membership: written anew from the gifts that earn it, whatever happened to them."""

from __future__ import annotations

from datetime import date

from sqlalchemy.exc import IntegrityError

from donate import clock
from donate.db import db, insert_of
from donate.donors.models import Donor
from donate.members.choose_level import Rung, choose_level, counts_until
from donate.members.measure import Earned, Period, measure
from donate.members.models import Membership, MembershipPeriod
from donate.members.queries import (
    find_membership_to_write,
    list_gifts_without_period,
    list_kept_periods,
    list_levels,
)
from donate.newsroom.queries import get_newsroom
from donate.recurring.acts import LIVE
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import list_recurring_of
from donate.recurring.schedule import schedule
from donate.recurring.terms import terms_of


def renew_membership(donor_id: int) -> Membership | None:
    """Bring a donor's membership to what their gifts have earned by now; call inside ``committed()``.

    Called after a gift, after money went back, after gifts changed their donor, and by the clock. The same every time:
    a membership is nothing but what the gifts say, so a wholly refunded gift takes back the time it earned, and a
    promise that is started again with the same amount has the same level.

    Args:
        donor_id: Whose.

    Returns:
        The row; none where no gift has earned a level.
    """
    db.session.flush()
    row = find_membership_to_write(donor_id)
    _note_periods(donor_id)
    earned = _earned(donor_id)
    if row is None and earned is not None:
        row = _begin(donor_id, earned)
        # Another gift may have arrived while this one waited for its turn.
        earned = _earned(donor_id)
    if row is None:
        return None
    if earned is None:
        db.session.delete(row)
        db.session.flush()
        return None
    _write(row, earned)
    db.session.flush()
    return row


def _note_periods(donor_id: int) -> None:
    """Write down what each gift has earned that has not earned anything so far, by the levels of now."""
    gifts = list_gifts_without_period(donor_id)
    rungs = [Rung(level.id, level.rank, level.yearly) for level in list_levels()] if gifts else []
    for gift in gifts:
        rung = choose_level(rungs, gift.gift, gift.frequency)
        if rung is None:
            continue
        assert gift.received_on is not None
        values = {
            "donation_id": gift.id,
            "level_id": rung.level_id,
            "begins_on": gift.received_on,
            "until_on": counts_until(gift.received_on, gift.frequency),
        }
        # Two of a donor's gifts may arrive at once and find an older one together.
        db.session.execute(insert_of(MembershipPeriod).values(values).on_conflict_do_nothing())


def _earned(donor_id: int) -> Earned | None:
    if db.session.get_one(Donor, donor_id).erased_at is not None:
        # Their gifts stay in the books, and nobody is a member by them.
        return None
    zone = get_newsroom().time_zone
    promises = list_recurring_of(donor_id)
    names = _names(promises)
    periods = [
        Period(level_id, rank, currency, begins_on, until_on, names.get(promise or 0, ""))
        for level_id, rank, currency, begins_on, until_on, promise in list_kept_periods(donor_id)
    ]
    next_charges = {names[each.id]: day for each in promises if (day := _next_charge(each, zone)) is not None}
    return measure(periods, next_charges, clock.today(zone))


def _names(promises: list[RecurringDonation]) -> dict[int, str]:
    """Name each promise by the first one that it takes up again."""
    restarts = {each.reference: each.restarts for each in promises}

    def first(reference: str) -> str:
        while restarts.get(reference):
            reference = restarts[reference]
        return reference

    return {each.id: first(each.reference) for each in promises}


def _next_charge(promise: RecurringDonation, zone: str) -> date | None:
    if promise.status not in LIVE:
        return None
    lines = schedule(terms_of(promise), zone=zone, charges=1)
    return next((line.on for line in lines if line.what == "charge"), None)


def _begin(donor_id: int, earned: Earned) -> Membership | None:
    row = Membership(donor_id=donor_id)
    _write(row, earned)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return find_membership_to_write(donor_id)
    return row


def _write(row: Membership, earned: Earned) -> None:
    row.level_id = earned.level_id
    row.currency = earned.currency
    row.since_on = earned.since_on
    row.until_on = earned.until_on
    row.lapsed_on = earned.lapsed_on
