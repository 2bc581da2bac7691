"""Look-ups of hooks, of what was sent to them, and of tokens."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from donate.connections.models import ApiToken, Hook, HookDelivery, HookEvent, HookTry
from donate.db import db
from donate.giving.models import Donation
from donate.recurring.models import RecurringDonation


def list_hooks() -> list[Hook]:
    """List every hook, by name."""
    return list(db.session.scalars(select(Hook).order_by(Hook.name, Hook.id)))


def list_listening(kind: str) -> list[int]:
    """List the keys of the hooks that are on and told of a kind of event."""
    rows = db.session.execute(select(Hook.id, Hook.kinds).where(Hook.off_since.is_(None)).order_by(Hook.id))
    return [hook_id for hook_id, kinds in rows if kind in kinds]


def find_hook(reference: str) -> Hook | None:
    """Find a hook."""
    return db.session.scalars(select(Hook).where(Hook.reference == reference)).first()


def find_delivery(reference: str) -> HookDelivery | None:
    """Find a delivery."""
    return db.session.scalars(select(HookDelivery).where(HookDelivery.reference == reference)).first()


def count_deliveries(hook_id: int, state: str = "") -> int:
    """Count the deliveries of a hook, all or those in a state."""
    return db.session.scalar(select(func.count(HookDelivery.id)).where(*_of(hook_id, state))) or 0


def list_deliveries(hook_id: int, state: str = "", *, skip: int = 0, at_most: int = 25) -> Sequence[Any]:
    """List the deliveries of a hook with their events, newest first."""
    rows = select(HookDelivery, HookEvent).join(HookEvent, HookEvent.id == HookDelivery.event_id)
    page = rows.where(*_of(hook_id, state)).order_by(HookDelivery.id.desc()).offset(skip).limit(at_most)
    return db.session.execute(page).all()


def count_by_state() -> dict[int, dict[str, int]]:
    """Count deliveries by hook and state."""
    rows = select(HookDelivery.hook_id, HookDelivery.state, func.count(HookDelivery.id).label("many"))
    found: dict[int, dict[str, int]] = {}
    for hook_id, state, many in db.session.execute(rows.group_by(HookDelivery.hook_id, HookDelivery.state)):
        found.setdefault(hook_id, {})[state] = many
    return found


def list_held_ids(hook_id: int) -> list[int]:
    """List the deliveries that wait for their hook to be switched on, oldest first."""
    rows = select(HookDelivery.id).where(HookDelivery.hook_id == hook_id, HookDelivery.state == "held")
    return list(db.session.scalars(rows.order_by(HookDelivery.id)))


def list_tries(delivery_id: int) -> list[HookTry]:
    """List the tries of a delivery, newest first."""
    rows = select(HookTry).where(HookTry.delivery_id == delivery_id)
    return list(db.session.scalars(rows.order_by(HookTry.number.desc())))


def find_given(about_kind: str, about_id: int) -> Donation | RecurringDonation | None:
    """Find the gift or promise that an event is about; nothing for an event about neither."""
    if about_kind == "gift":
        return db.session.get(Donation, about_id)
    return db.session.get(RecurringDonation, about_id) if about_kind == "recurring" else None


def event_ids_before(moment: datetime) -> Any:
    """Give the keys of events from before a moment, as a part of a statement."""
    return select(HookEvent.id).where(HookEvent.at < moment)


def delivery_ids_of(event_ids: Any) -> Any:
    """Give the keys of the deliveries of some events, as a part of a statement."""
    return select(HookDelivery.id).where(HookDelivery.event_id.in_(event_ids))


def delivery_ids_of_hook(hook_id: int) -> Any:
    """Give the keys of the deliveries of a hook, as a part of a statement."""
    return select(HookDelivery.id).where(HookDelivery.hook_id == hook_id)


def delivery_ids_about(gift_ids: Collection[int], promise_ids: Collection[int], donor_id: int) -> Any:
    """Give the keys of all deliveries about one person's gifts and promises, as a part of a statement."""
    about = or_(
        and_(HookEvent.about_kind == "gift", HookEvent.about_id.in_(gift_ids)),
        and_(HookEvent.about_kind == "recurring", HookEvent.about_id.in_(promise_ids)),
        and_(HookEvent.about_kind == "donor", HookEvent.about_id == donor_id),
    )
    return delivery_ids_of(select(HookEvent.id).where(about))


def list_tokens() -> list[ApiToken]:
    """List every token, the newest first, with those that work before those that don't."""
    rows = select(ApiToken).order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
    return list(db.session.scalars(rows))


def find_token(reference: str) -> ApiToken | None:
    """Find a token's row."""
    return db.session.scalars(select(ApiToken).where(ApiToken.reference == reference)).first()


def find_token_by_hash(token_hash: str) -> ApiToken | None:
    """Find the token that has a hash."""
    return db.session.scalars(select(ApiToken).where(ApiToken.token_hash == token_hash)).first()


def _of(hook_id: int, state: str) -> list[ColumnElement[bool]]:
    in_state = [HookDelivery.state == state] if state else []
    return [HookDelivery.hook_id == hook_id, *in_state]
