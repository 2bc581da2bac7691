"""Catch up: read Stripe's own lists for what nobody told us: events, and movements of the balance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

import structlog

from donate import clock
from donate.db import committed, db, insert_of
from donate.errors import DonateError
from donate.fulfillment.apply_movement import apply_movements
from donate.giving.queries import find_first_started_at
from donate.payments.balance import iterate_transactions
from donate.payments.events import list_events
from donate.payments.values import BalanceTransaction
from donate.webhooks.models import CatchUpMark
from donate.webhooks.queries import find_mark
from donate.webhooks.receive import store_event

#: Stripe keeps events so long: https://docs.stripe.com/api/events
KEPT = timedelta(days=30)
# Each reading begins a while before the last one ended: lists may show a little late what happened a little early.
_OVERLAP = timedelta(hours=1)
_WINDOW = timedelta(days=1)
_AT_ONCE = 100
_log = structlog.get_logger("catch_up")

Item = TypeVar("Item")


def catch_up_events(since: datetime | None = None) -> int:
    """Store events of Stripe's list that the inbox does not hold; call outside ``committed()``.

    Args:
        since: Not older than this; None goes on where the last reading ended.

    Returns:
        How many were new; the worker applies them.
    """
    began = clock.now()
    new, at = 0, since or _go_on("events")
    # Oldest first, a day at a time: Stripe lists the newest first, and a busy month is more than one can hold.
    while at <= began:
        until = at + _WINDOW
        for seen in list_events(at, until):
            with committed():
                new += store_event(seen.payload)
        at = until
    _remember("events", began)
    return new


def catch_up_transactions(since: datetime | None = None) -> int:
    """Book movements of the balance that no event told of; call outside ``committed()``.

    Stripe sends no events for most of them: the list is the only way to hear. One that can't be booked yet does not
    keep the others waiting, and is met again at the next reading.

    Args:
        since: Not older than this; None goes on where the last reading ended, and begins with the first gift.

    Returns:
        How many are new in the books.
    """
    began = clock.now()
    new, whole = 0, True
    for some in _in_parts(iterate_transactions(since or _go_on("transactions"))):
        try:
            new += apply_movements(some)
        except (DonateError, RuntimeError, ValueError):
            booked, left = _one_by_one(some)
            new += booked
            whole = whole and not left
    if whole:
        _remember("transactions", began)
    return new


def _one_by_one(some: list[BalanceTransaction]) -> tuple[int, int]:
    booked = left = 0
    for transaction in some:
        try:
            booked += apply_movements([transaction])
        except (DonateError, RuntimeError, ValueError) as error:
            left += 1
            _log.warning("transaction_not_booked", transaction=transaction.transaction_id, error=repr(error))
    return booked, left


def _in_parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while part := list(islice(rest, _AT_ONCE)):
        yield part


def _go_on(name: str) -> datetime:
    mark = find_mark(name)
    if mark is not None:
        return mark.read_until - _OVERLAP
    first = find_first_started_at() if name == "transactions" else None
    return min(clock.now() - KEPT, first or clock.now())


def _remember(name: str, until: datetime) -> None:
    mark = insert_of(CatchUpMark).values(name=name, read_until=until)
    with committed():
        # Two readings may end at once, the older one last: the mark only ever moves on.
        db.session.execute(
            mark.on_conflict_do_update(
                index_elements=["name"],
                set_={"read_until": mark.excluded.read_until},
                where=CatchUpMark.read_until < mark.excluded.read_until,
            )
        )
