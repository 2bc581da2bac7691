"""Send by hand: a test event, and once more what was given up or has arrived already."""

from __future__ import annotations

from donate import clock, references
from donate.connections.announce import plan, write_event
from donate.connections.deliver import deliver_hook
from donate.connections.kinds import TEST
from donate.connections.models import Hook, HookDelivery
from donate.db import committed, db, lock
from donate.team.history import Who, record_history


def send_test(hook: Hook, who: Who) -> HookDelivery:
    """Send a test event to one hook and wait for its answer; call outside ``committed()``.

    Args:
        hook: On or off.
        who: For the history.
    """
    hook_id, reference = hook.id, hook.reference
    with committed():
        data = {"message": "This is a test. Nothing was given."}
        key = f"{TEST}:{references.new_reference()}"
        (delivery_id,) = write_event(TEST, key, (TEST, 0), data, [hook_id], by_hand=True)
        record_history(who, "test_hook", "hook", reference)
    return _send(delivery_id)


def send_again(delivery: HookDelivery, who: Who) -> HookDelivery:
    """Send an event once more, under its own id, and wait for the answer; call outside ``committed()``.

    Its receiver tells by the id that it had it before. Where it fails it is tried again as if it were new.

    Args:
        delivery: In any state; its hook is on.
        who: For the history.
    """
    delivery_id = delivery.id
    with committed():
        found = lock(HookDelivery, delivery_id)
        found.state, found.round_tries, found.next_at = "waiting", 0, clock.real_now()
        plan(found, by_hand=True)
        record_history(who, "send_hook_again", "hook_delivery", found.reference)
    return _send(delivery_id)


def _send(delivery_id: int) -> HookDelivery:
    delivery = db.session.get_one(HookDelivery, delivery_id)
    deliver_hook(delivery_id, delivery.tries, by_hand=True)
    return db.session.get_one(HookDelivery, delivery_id, populate_existing=True)
