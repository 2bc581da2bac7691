"""Follow sections and topics, so that a donor's choices are there wherever they sign in."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from donate import clock
from donate.db import db, insert_of
from donate.donors.models import Follow

#: (``section`` or ``topic``, its address)
Followed = tuple[str, str]


def follow(donor_id: int, chosen: Iterable[Followed]) -> None:
    """Follow these too; what is followed already stays as it is; call inside ``committed()``.

    Args:
        donor_id: Whose choice it is.
        chosen: Sections and topics.
    """
    for kind, slug in chosen:
        values = {"donor_id": donor_id, "kind": kind, "slug": slug, "followed_at": clock.now()}
        db.session.execute(insert_of(Follow).values(values).on_conflict_do_nothing())


def unfollow(donor_id: int, dropped: Followed | None = None) -> None:
    """Follow one no longer, or none at all; call inside ``committed()``.

    Args:
        donor_id: Whose choice it was.
        dropped: None is all of them.
    """
    which = [Follow.donor_id == donor_id]
    if dropped is not None:
        which += [Follow.kind == dropped[0], Follow.slug == dropped[1]]
    db.session.execute(sa.delete(Follow).where(*which).execution_options(synchronize_session=False))
