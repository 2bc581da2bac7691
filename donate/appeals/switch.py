"""Switch a placement off and on again: no ask stands where one is off, on any page, whatever the appeal."""

from __future__ import annotations

from donate import clock
from donate.appeals.models import AskSwitch
from donate.appeals.rules import PLACEMENTS
from donate.db import db
from donate.errors import NotFound
from donate.team.history import Who, record_history


def switch_off_placement(placement: str, who: Who) -> bool:
    """Let no ask stand in a placement, at once; call inside ``committed()``.

    Args:
        placement: One of ``PLACEMENTS``.
        who: Who does it.

    Returns:
        Whether it was on.

    Raises:
        NotFound: ``placement_missing`` (placement).
    """
    if _find(placement) is not None:
        return False
    db.session.add(AskSwitch(placement=placement, switched_off_at=clock.now()))
    record_history(who, "switch_off_placement", "placement", placement, before={"on": True}, after={"on": False})
    return True


def switch_on_placement(placement: str, who: Who) -> bool:
    """Let asks stand in a placement again; call inside ``committed()``.

    Args:
        placement: One of ``PLACEMENTS``.
        who: Who does it.

    Returns:
        Whether it was off.

    Raises:
        NotFound: ``placement_missing`` (placement).
    """
    switch = _find(placement)
    if switch is None:
        return False
    db.session.delete(switch)
    record_history(who, "switch_on_placement", "placement", placement, before={"on": False}, after={"on": True})
    return True


def _find(placement: str) -> AskSwitch | None:
    if placement not in PLACEMENTS:
        raise NotFound("placement_missing", placement=placement)
    return db.session.get(AskSwitch, placement)
