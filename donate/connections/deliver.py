"""Deliver an event to a hook: signed, tried again over three days, and every try written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from donate import clock
from donate.connections.announce import plan
from donate.connections.kinds import TEST
from donate.connections.message import body_of, message_of
from donate.connections.models import Hook, HookDelivery, HookEvent, HookTry
from donate.connections.secret import signed_headers
from donate.connections.switch import switch_off
from donate.db import committed, db, lock
from donate.errors import Unreadable
from donate.reach.post import post
from donate.team.history import SYSTEM

#: How long after each try that failed the next one comes; three days in all.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=18),
    timedelta(hours=24),
)
#: After a try that failed nothing else is tried at that hook for so long.
REST = timedelta(minutes=1)
#: A hook at which nothing arrived for so long is switched off.
FAILING = timedelta(days=5)
_GONE = 410


@dataclass(frozen=True)
class _Outcome:
    """What a try came to."""

    at: datetime
    took: int
    status: int | None
    problem: str = ""
    answer: str = ""

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def deliver_hook(delivery_id: int, tries: int, *, by_hand: bool = False) -> None:
    """Try a delivery once more; call outside ``committed()``.

    Whoever is killed between the receiver's answer and our row sends it again: at least once, under the same id.

    Args:
        delivery_id: Its key.
        tries: How many there were when this one was planned; where there are others by now, it is somebody else's.
        by_hand: Whether a person waits for it, for whom a hook does not rest.
    """
    delivery = db.session.get(HookDelivery, delivery_id, populate_existing=True)
    if delivery is None or delivery.state != "waiting" or delivery.tries != tries:
        return
    hook = db.session.get_one(Hook, delivery.hook_id, populate_existing=True)
    event = db.session.get_one(HookEvent, delivery.event_id)
    is_test = event.kind == TEST
    if not (hook.is_on or is_test):
        _hold(delivery_id, tries)
    elif not by_hand and hook.rests_until is not None and hook.rests_until > clock.real_now():
        _put_off(delivery_id, tries, hook.rests_until)
    else:
        outcome = _try(hook, event)
        with committed():
            _note(delivery_id, tries, outcome, counts=not is_test)


def _try(hook: Hook, event: HookEvent) -> _Outcome:
    body = body_of(message_of(event, personal=hook.personal))
    began = clock.real_now()
    headers = signed_headers(hook, event.reference, body, began)
    url = hook.url
    # The rows were read by themselves: nothing of the database is held while somebody else's machine takes its time.
    db.session.rollback()
    try:
        answer = post(url, body, headers)
    except Unreadable as why:
        return _Outcome(began, _milliseconds(began), None, problem=why.message)
    return _Outcome(began, _milliseconds(began), answer.status, answer=answer.text)


def _milliseconds(began: datetime) -> int:
    return int((clock.real_now() - began).total_seconds() * 1000)


def _note(delivery_id: int, tries: int, outcome: _Outcome, *, counts: bool) -> None:
    try:
        delivery = lock(HookDelivery, delivery_id)
    except NoResultFound:
        # Its hook was taken away while somebody answered.
        return
    if delivery.tries != tries:
        # Two sent it at once, as after a lease that ran out: one of them writes it down.
        return
    delivery.tries += 1
    delivery.round_tries += 1
    delivery.last_status = outcome.status
    db.session.add(
        HookTry(
            delivery_id=delivery.id,
            number=delivery.tries,
            at=outcome.at,
            took=outcome.took,
            status=outcome.status,
            problem=outcome.problem,
            answer=outcome.answer,
        )
    )
    at = clock.real_now()
    if outcome.is_good:
        delivery.state, delivery.next_at, delivery.delivered_at = "delivered", None, at
        _change(delivery.hook_id, failing_since=None, rests_until=None, last_good_at=at)
    elif not counts:
        # Whoever tries a hook out sees what came of it, and presses again.
        delivery.state, delivery.next_at = "given_up", None
    else:
        _plan_next(delivery, at)
        _note_failing(delivery.hook_id, outcome, at)


def _plan_next(delivery: HookDelivery, at: datetime) -> None:
    if delivery.round_tries > len(WAITS):
        delivery.state, delivery.next_at = "given_up", None
        return
    delivery.next_at = at + WAITS[delivery.round_tries - 1]
    plan(delivery)


def _note_failing(hook_id: int, outcome: _Outcome, at: datetime) -> None:
    _change(hook_id, rests_until=at + REST, failing_since=sa.func.coalesce(Hook.failing_since, at))
    hook = db.session.get_one(Hook, hook_id, populate_existing=True)
    if outcome.status == _GONE:
        switch_off(hook, "gone", SYSTEM)
    elif hook.failing_since is not None and hook.failing_since <= at - FAILING:
        switch_off(hook, "failing", SYSTEM)


def _hold(delivery_id: int, tries: int) -> None:
    with committed():
        delivery = lock(HookDelivery, delivery_id)
        if (delivery.state, delivery.tries) == ("waiting", tries):
            delivery.state, delivery.next_at = "held", None


def _put_off(delivery_id: int, tries: int, until: datetime) -> None:
    with committed():
        delivery = lock(HookDelivery, delivery_id)
        if (delivery.state, delivery.tries) == ("waiting", tries):
            delivery.next_at = until
            plan(delivery)


def _change(hook_id: int, **values: object) -> None:
    """Change what is known of a hook without the lock that every gift which tells it something would wait for."""
    db.session.execute(
        sa.update(Hook).where(Hook.id == hook_id).values(**values).execution_options(synchronize_session=False)
    )
