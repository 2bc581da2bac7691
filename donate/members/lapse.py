"""Lapse: memberships that nothing carries any more step down or end by the clock; each is measured anew."""

from __future__ import annotations

from collections.abc import Callable

from donate import clock
from donate.db import committed
from donate.members.queries import list_existing, list_giver_ids, list_run_out_donor_ids
from donate.members.renew import renew_membership
from donate.newsroom.queries import get_newsroom

_AT_ONCE = 200


def lapse_memberships() -> None:
    """Measure every membership whose time has run out; call outside ``committed()``.

    One whose promise rests is carried on, one with a lesser gift that still counts steps down, one that waited for
    its grace in vain lapses.
    """
    today = clock.today(get_newsroom().time_zone)
    _renew_each(lambda after: list_run_out_donor_ids(today, after, _AT_ONCE))


def renew_memberships() -> None:
    """Look at everybody's gifts again, for when the levels have changed; call outside ``committed()``."""
    _renew_each(lambda after: list_giver_ids(after, _AT_ONCE))


def renew_memberships_of(donor_ids: list[int]) -> None:
    """Measure some donors' memberships anew, whose past gifts came in; call outside ``committed()``.

    Args:
        donor_ids: Whose; one whose row went meanwhile is passed over.
    """
    for donor_id in list_existing(donor_ids):
        with committed():
            renew_membership(donor_id)


def _renew_each(list_after: Callable[[int], list[int]]) -> None:
    after = 0
    while donor_ids := list_after(after):
        for donor_id in donor_ids:
            with committed():
                renew_membership(donor_id)
        after = donor_ids[-1]
