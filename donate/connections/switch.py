"""Switch a hook off and on again: by a person, or off by itself when nothing arrives any more."""

from __future__ import annotations

from donate import clock
from donate.connections.announce import plan
from donate.connections.letters import hook_off_letter
from donate.connections.models import Hook, HookDelivery
from donate.connections.queries import list_held_ids
from donate.db import db, lock
from donate.mail.queue import queue_mail
from donate.team.history import Who, record_history
from donate.team.queries import list_working_with


def switch_off(hook: Hook, because: str, who: Who) -> None:
    """Tell a hook nothing any more; call inside ``committed()``. Where no person did it, its keepers get a letter.

    Args:
        hook: On.
        because: ``person``, ``failing`` or ``gone``.
        who: For the history.
    """
    if not hook.is_on:
        return
    hook.off_because, hook.off_since = because, clock.real_now()
    record_history(who, "switch_off_hook", "hook", hook.reference, after={"because": because})
    db.session.flush()
    if because != "person":
        for keeper in list_working_with("manage_hooks"):
            queue_mail(hook_off_letter(hook, keeper))


def switch_on(hook: Hook, who: Who) -> int:
    """Tell a hook again, first what was held for it meanwhile; call inside ``committed()``.

    Args:
        hook: Off.
        who: For the history.

    Returns:
        How many deliveries were held.
    """
    if hook.is_on:
        return 0
    # Before the hook itself is changed: in the order in which the worker takes them.
    held = list_held_ids(hook.id)
    at = clock.real_now()
    for delivery_id in held:
        delivery = lock(HookDelivery, delivery_id)
        if delivery.state == "held":
            delivery.state, delivery.round_tries, delivery.next_at = "waiting", 0, at
            plan(delivery)
    hook.off_because, hook.off_since = "", None
    hook.failing_since = hook.rests_until = None
    record_history(who, "switch_on_hook", "hook", hook.reference, after={"held": len(held)})
    db.session.flush()
    return len(held)
