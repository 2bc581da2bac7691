"""Empty what is kept of deliveries: all of it after ninety days, and at once what tells of who was forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from donate import clock
from donate.connections.models import HookDelivery, HookEvent, HookTry
from donate.connections.queries import delivery_ids_about, delivery_ids_of, event_ids_before
from donate.db import db

KEEP = timedelta(days=90)


def drop_old_events() -> None:
    """Delete events from before ninety days, with their deliveries and tries; call inside ``committed()``."""
    old = event_ids_before(clock.now() - KEEP)
    for model, which in (
        (HookTry, HookTry.delivery_id.in_(delivery_ids_of(old))),
        (HookDelivery, HookDelivery.event_id.in_(old)),
        (HookEvent, HookEvent.id.in_(old)),
    ):
        db.session.execute(sa.delete(model).where(which).execution_options(synchronize_session=False))


def empty_answers(gift_ids: Collection[int], promise_ids: Collection[int], donor_id: int) -> None:
    """Empty what receivers answered about somebody, who may have said their name back; call inside ``committed()``.

    What was sent needs no emptying: names are never kept with an event.

    Args:
        gift_ids: Theirs.
        promise_ids: Theirs.
        donor_id: Who is forgotten.
    """
    which = HookTry.delivery_id.in_(delivery_ids_about(gift_ids, promise_ids, donor_id))
    db.session.execute(
        sa.update(HookTry)
        .where(which, HookTry.answer != "")
        .values(answer="")
        .execution_options(synchronize_session=False)
    )
