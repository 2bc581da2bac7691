"""Movements of MRR: what a promise counts in a year, and a row whenever that becomes another sum.

**Annual** is what a promise brings in a year as it stands: its amount times 12 where it is monthly, once where it is
yearly. **MRR** is a twelfth of it. Nothing is divided, and so nothing rounded, before it is shown.

What counts is what Stripe will charge: a promise that is ``active``, ``trialing`` (its next date was moved) or
``past_due`` (a bank refused, and Stripe goes on: where the account's settings leave it so after the last try, the next
period is charged all the same).

- It counts whole, with the part that covers the card fee: MRR is what is charged, as the gifts it brings are.
- One that will end with its period (``cancel_at_period_end``) counts until it ends: its donor can still take that back.
- A pause counts nothing from its begin to its end; one that is stopped meanwhile moved when it was paused.
- A single skipped charge is no movement: the promise goes on as it was.
- ``pending``, ``incomplete``, ``unpaid``, ``paused`` (Stripe's own) and whatever has ended count nothing.
"""

from __future__ import annotations

from donate import clock
from donate.db import db, insert_of
from donate.newsroom.queries import get_newsroom
from donate.recurring.models import RecurringDonation, RecurringMovement, RecurringMovementDay
from donate.recurring.queries import find_last_movement, find_rest
from donate.recurring.terms import terms_from

#: Stripe charges promises in these states by itself: https://docs.stripe.com/billing/subscriptions/overview
COUNTED = frozenset({"active", "trialing", "past_due"})
#: How often in a year.
TIMES_A_YEAR = {"month": 12, "year": 1}
#: Stripe's ``cancellation_details.reason`` where the bank's refusals ended it.
_FAILED = "payment_failed"


def note_movement(promise: RecurringDonation) -> RecurringMovement | None:
    """Write down that a promise counts another sum than before, if it does; call inside ``committed()``.

    The sums by day move with it, in the same transaction. Told of twice, it is written once.

    Args:
        promise: The locked row, after the change.

    Returns:
        The new movement; None where it counts what it counted.

    Raises:
        IntegrityError: Another one was written meanwhile, which the promise's lock does not let happen.
    """
    last = find_last_movement(promise.id)
    before, after = last.annual_after_minor if last is not None else 0, annual_counted(promise)
    if before == after:
        return None
    moved_at = clock.now()
    movement = RecurringMovement(
        recurring_id=promise.id,
        number=last.number + 1 if last is not None else 1,
        livemode=promise.livemode,
        moved_at=moved_at,
        moved_on=clock.on(moved_at, get_newsroom().time_zone),
        kind=kind_of(promise, before, after, is_first=last is None),
        fund_id=promise.fund_id,
        currency=promise.currency,
        annual_before_minor=before,
        annual_after_minor=after,
    )
    db.session.add(movement)
    db.session.flush()
    _add_to_day(movement)
    return movement


def annual_counted(promise: RecurringDonation) -> int:
    """Tell what a promise counts in a year as it stands, in minor units of its currency."""
    if promise.status not in COUNTED or (promise.is_paused and not _is_skipped(promise)):
        return 0
    return promise.amount_minor * TIMES_A_YEAR[promise.interval]


def kind_of(promise: RecurringDonation, before: int, after: int, *, is_first: bool) -> str:
    """Name a movement.

    Args:
        promise: After it.
        before: What it counted in a year.
        after: What it counts now, another sum.
        is_first: Whether the promise has not moved before.
    """
    if not before:
        return "new" if is_first and not promise.restarts else "returned"
    if after:
        return "raised" if after > before else "lowered"
    if promise.status in COUNTED or promise.status == "paused":
        return "paused"
    return "failed" if promise.status == "unpaid" or promise.ended_because == _FAILED else "cancelled"


def _is_skipped(promise: RecurringDonation) -> bool:
    """Tell whether the rest of a promise leaves out the one charge that its donor skipped.

    At Stripe a skip is a pause like others; our own row says what was asked for, and until when it rests.
    """
    rest = find_rest(promise.id)
    return rest is not None and rest.act == "skip" and terms_from(rest.after).resumes_at == promise.resumes_at


def _add_to_day(movement: RecurringMovement) -> None:
    key = {name: getattr(movement, name) for name in ("moved_on", "kind", "currency", "fund_id")}
    moved = movement.annual_after_minor - movement.annual_before_minor
    day = RecurringMovementDay
    db.session.execute(
        insert_of(day)
        .values(**key, changes=1, annual_minor=moved)
        .on_conflict_do_update(
            index_elements=list(key),
            set_={"changes": day.changes + 1, "annual_minor": day.annual_minor + moved},
        )
    )
