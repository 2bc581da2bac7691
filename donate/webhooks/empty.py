"""Empty the inbox of what it says of people: of whoever was forgotten, and of everybody after ninety days."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from donate import clock
from donate.db import committed, db
from donate.records.erase import finish_erasure
from donate.records.queries import get_erasure
from donate.webhooks.models import StripeEvent
from donate.webhooks.queries import list_event_rows_naming

#: What is left: that the event came, of which type and about which object.
EMPTY = b"{}"
KEEP = timedelta(days=90)
_AT_ONCE = 200


def empty_inbox(erasure_id: int, is_last: bool) -> None:
    """Empty the payloads of events about a person who was erased; call outside ``committed()``.

    Args:
        erasure_id: Of their wish.
        is_last: Whether Stripe has had the time to tell what followed, so that its names for them can go too.
    """
    wish = get_erasure(erasure_id)
    ids = list_event_rows_naming(wish.stripe_ids)
    for at in range(0, len(ids), _AT_ONCE):
        with committed():
            _empty(StripeEvent.id.in_(ids[at : at + _AT_ONCE]))
    if is_last:
        with committed():
            finish_erasure(erasure_id)


def empty_old_payloads() -> None:
    """Empty what came long ago and took effect; call inside ``committed()``."""
    _empty(
        StripeEvent.received_at < clock.now() - KEEP,
        StripeEvent.state.in_(("applied", "ignored")),
        StripeEvent.payload != EMPTY,
    )


def _empty(*which: sa.ColumnElement[bool]) -> None:
    db.session.execute(
        sa.update(StripeEvent).where(*which).values(payload=EMPTY).execution_options(synchronize_session=False)
    )
