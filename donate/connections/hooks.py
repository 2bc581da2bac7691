"""Make a hook, change it, give it a new secret, take it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from donate import clock, references
from donate.connections.kinds import KINDS
from donate.connections.models import Hook, HookDelivery, HookTry
from donate.connections.queries import delivery_ids_of_hook
from donate.connections.secret import secret_of
from donate.db import db
from donate.team.history import Who, record_history

LONGEST_NAME = 80
#: How long the secret before still signs too.
BOTH = timedelta(days=1)


@dataclass(frozen=True)
class HookWish:
    """What a hook shall be.

    Args:
        name: What the desk calls it.
        url: Just looked at, by ``reach.connection.look_at_receiver``.
        kinds: What it is told of.
        personal: Whether it may know who gave.
    """

    name: str
    url: str
    kinds: Sequence[str]
    personal: bool = False


def make_hook(wish: HookWish, who: Who) -> tuple[Hook, str]:
    """Make a hook; call inside ``committed()``.

    Args:
        wish: Complete.
        who: A staff member.

    Returns:
        The hook, and its secret, to be shown once.
    """
    assert who.row_id is not None
    hook = Hook(
        reference=references.new_reference(),
        salt=references.new_secret(),
        created_at=clock.now(),
        created_by=who.row_id,
        **_values(wish),
    )
    db.session.add(hook)
    db.session.flush()
    record_history(who, "make_hook", "hook", hook.reference, after=_told(hook))
    return hook, secret_of(hook)


def change_hook(hook: Hook, wish: HookWish, who: Who) -> None:
    """Change where a hook leads and what it is told; call inside ``committed()``."""
    before, was = _told(hook), (hook.name, hook.url)
    for name, value in _values(wish).items():
        setattr(hook, name, value)
    db.session.flush()
    if (before, was) != (_told(hook), (hook.name, hook.url)):
        after = {**_told(hook), "address_changed": hook.url != was[1]}
        record_history(who, "change_hook", "hook", hook.reference, before=before, after=after)


def renew_hook_secret(hook: Hook, who: Who) -> str:
    """Give a hook a new secret; call inside ``committed()``.

    For a day the one before signs too, so that its receiver can be changed without missing anything. One that was
    still signing from an earlier change stops at once.

    Returns:
        The new secret, to be shown once.
    """
    hook.old_salt, hook.old_until = hook.salt, clock.real_now() + BOTH
    hook.salt = references.new_secret()
    record_history(who, "renew_hook_secret", "hook", hook.reference)
    db.session.flush()
    return secret_of(hook)


def remove_hook(hook: Hook, who: Who) -> None:
    """Take a hook away with all that was sent to it; call inside ``committed()``.

    Args:
        hook: Off: a gift that is just telling it something would fail with it.
        who: For the history.
    """
    if hook.is_on:
        raise ValueError(f"hook {hook.reference} is on: switch it off first")
    deliveries = delivery_ids_of_hook(hook.id)
    for model, which in (
        (HookTry, HookTry.delivery_id.in_(deliveries)),
        (HookDelivery, HookDelivery.hook_id == hook.id),
    ):
        db.session.execute(sa.delete(model).where(which).execution_options(synchronize_session=False))
    record_history(who, "remove_hook", "hook", hook.reference, before=_told(hook))
    db.session.delete(hook)
    db.session.flush()


def _values(wish: HookWish) -> dict[str, object]:
    return {
        "name": wish.name[:LONGEST_NAME],
        "url": wish.url,
        "kinds": [kind for kind in KINDS if kind in wish.kinds],
        "personal": wish.personal,
    }


def _told(hook: Hook) -> dict[str, int | bool | str | None]:
    """Give what the history keeps of a hook; its address may hold a key of somebody's, and stays out."""
    return {"personal": hook.personal, **{kind: kind in hook.kinds for kind in KINDS}}
