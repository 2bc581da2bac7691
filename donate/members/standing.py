"""What a donor is to the newsroom, on their own pages and to whatever asks; the one place that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from donate.appeals.situation import REST_AFTER_GIFT_DAYS
from donate.members.models import Level, Membership
from donate.members.queries import find_last_single_gift, find_membership, find_newest_gift, get_level
from donate.recurring.queries import find_promised, find_refused

Kind = Literal["member", "past_member", "donor", "none"]


@dataclass(frozen=True)
class Giving:
    """What the rows say of how somebody gives.

    Args:
        is_member: Whether their membership runs.
        was_member: Whether they had one that lapsed.
        refused: The reference of the promise whose last charge the bank refused, while it may still be collected.
        refused_interval: Its interval.
        promised: How often they promised to give, while that goes on: ``month`` or ``year``.
        single_on: Day of their last single gift that was kept.
        given: How their newest kept gift was given: ``once``, ``month``, ``year``; empty where there is none.
        country: What that gift says; may be empty.
    """

    is_member: bool = False
    was_member: bool = False
    refused: str = ""
    refused_interval: str = ""
    promised: str = ""
    single_on: date | None = None
    given: str = ""
    country: str = ""


#: How somebody gives of whom nothing is known.
UNKNOWN = Giving()


@dataclass(frozen=True)
class Standing:
    """What somebody is to the newsroom.

    Args:
        kind: ``member``; ``past_member`` once it lapsed; ``donor`` who gave without reaching a level; else ``none``.
        membership: The row, of members and past members.
        level: Its level.
        giving: What it was told from.
    """

    kind: Kind
    membership: Membership | None = None
    level: Level | None = None
    giving: Giving = UNKNOWN

    @property
    def is_member(self) -> bool:
        """Whether they are a member now."""
        return self.kind == "member"


def standing_of(donor_id: int | None) -> Standing:
    """Tell what a donor is to the newsroom.

    Args:
        donor_id: None is a reader nobody knows.
    """
    if donor_id is None:
        return Standing("none")
    row = find_membership(donor_id)
    giving = _giving_of(donor_id, row)
    level = get_level(row.level_id) if row is not None else None
    return Standing(kind_of(giving), row, level, giving)


def kind_of(giving: Giving) -> Kind:
    """Tell what somebody's own pages call them.

    Args:
        giving: How they give.
    """
    if giving.is_member:
        return "member"
    if giving.was_member:
        return "past_member"
    return "donor" if giving.given else "none"


def name_standing(giving: Giving, today: date) -> str:
    """Tell what a donor is to whatever asks: one of ``appeals.rules.STANDINGS``, never ``guest``.

    Args:
        giving: How they give.
        today: The newsroom's day.
    """
    if giving.refused:
        return "failed_card"
    if giving.is_member:
        return "member"
    if giving.promised:
        return "recurring"
    if giving.single_on is not None and (today - giving.single_on).days < REST_AFTER_GIFT_DAYS:
        return "one_off"
    if giving.was_member:
        return "lapsed"
    return "donor" if giving.given else "none"


def _giving_of(donor_id: int, row: Membership | None) -> Giving:
    refused, refused_interval = find_refused(donor_id)
    given, country = find_newest_gift(donor_id)
    return Giving(
        is_member=row is not None and row.lapsed_on is None,
        was_member=row is not None and row.lapsed_on is not None,
        refused=refused,
        refused_interval=refused_interval,
        promised=find_promised(donor_id),
        single_on=find_last_single_gift(donor_id),
        given=given,
        country=country,
    )
