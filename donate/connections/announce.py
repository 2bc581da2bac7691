"""Announce what happened: a row a hook that listens, in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from donate import clock, references
from donate.connections.models import HookDelivery, HookEvent
from donate.connections.queries import list_listening
from donate.connections.shown.shapes import Json
from donate.db import db, in_committed, insert_of
from donate.queue.enqueue import enqueue

#: How long somebody who sends by hand may take before the worker does it.
BY_HAND = timedelta(minutes=1)


def announce(kind: str, key: str, about: tuple[str, int], data: Callable[[], Json]) -> None:
    """Write an event for every hook that listens, once for its key; call inside ``committed()``.

    Args:
        kind: Of ``kinds.KINDS``.
        key: What makes it one among its kind: a reference, with a state where that may come again.
        about: ``gift``, ``recurring`` or ``donor``, and the row's key.
        data: Gives what is told, without any name; not asked where nobody listens.
    """
    if not in_committed():
        raise RuntimeError("an event is announced inside committed(), with what it tells of")
    listening = list_listening(kind)
    if listening:
        write_event(kind, f"{kind}:{key}", about, data(), listening)


def write_event(
    kind: str, key: str, about: tuple[str, int], data: Json, hook_ids: Sequence[int], *, by_hand: bool = False
) -> list[int]:
    """Write an event and its deliveries; call inside ``committed()``.

    Args:
        kind: Of ``kinds.KINDS``, or a test.
        key: What makes it one.
        about: As ``announce`` takes it.
        data: Likewise.
        hook_ids: Who is told.
        by_hand: Whether somebody waits for it, who sends it themselves at once: the worker comes only if they fail.

    Returns:
        The deliveries' keys; none where it was written before.
    """
    event_id = db.session.scalar(
        insert_of(HookEvent)
        .values(
            reference=references.new_reference(),
            key=key,
            kind=kind,
            about_kind=about[0],
            about_id=about[1],
            at=clock.now(),
            data=data,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(HookEvent.id)
    )
    if event_id is None:
        return []
    at = clock.real_now()
    deliveries = [
        HookDelivery(reference=references.new_reference(), event_id=event_id, hook_id=each, next_at=at)
        for each in hook_ids
    ]
    db.session.add_all(deliveries)
    db.session.flush()
    for delivery in deliveries:
        plan(delivery, by_hand=by_hand)
    return [delivery.id for delivery in deliveries]


def plan(delivery: HookDelivery, *, by_hand: bool = False) -> None:
    """Ask for the job of a delivery's next try at ``next_at``; call inside ``committed()``."""
    assert delivery.next_at is not None
    run_at = delivery.next_at + BY_HAND if by_hand else delivery.next_at
    key = f"hook:{delivery.reference}:{delivery.tries}:{run_at.timestamp():.6f}"
    enqueue("deliver_hook", key, run_at=run_at, delivery_id=delivery.id, tries=delivery.tries)
