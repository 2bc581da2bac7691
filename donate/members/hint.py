"""A supporter hint: what a donor is to the newsroom and until when, signed, naming nobody; for links in letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from donate import references
from donate.appeals.situation import REST_AFTER_GIFT_DAYS
from donate.members.standing import Giving, name_standing

#: What a hint may say; who is none of these needs none.
SAID = frozenset({"member", "recurring", "one_off", "donor"})
#: For so long a hint is believed: a promise may have ended since.
GOOD_FOR = timedelta(days=90)
_SHAPE = re.compile(r"([a-z_]+)\.(\d{4}-\d\d-\d\d)\.([\w-]{24})", re.ASCII)
# Of whom more is known than a link should carry.
_SAID_AS = {"failed_card": "recurring", "lapsed": "donor"}


@dataclass(frozen=True)
class Hint:
    """What a link says of who follows it.

    Args:
        standing: One of ``SAID``.
        until_on: The last day it is believed on.
    """

    standing: str
    until_on: date


def hint_for(giving: Giving, today: date) -> Hint | None:
    """Tell what a donor's letters may say of them; none of who has given nothing.

    Args:
        giving: How they give.
        today: The newsroom's day.
    """
    name = name_standing(giving, today)
    standing = _SAID_AS.get(name, name)
    if standing not in SAID:
        return None
    if standing == "one_off" and giving.single_on is not None:
        return Hint(standing, giving.single_on + timedelta(days=REST_AFTER_GIFT_DAYS - 1))
    return Hint(standing, today + GOOD_FOR)


def make_hint(hint: Hint) -> str:
    """Write a hint as it stands in a link.

    Args:
        hint: What it says.
    """
    until = hint.until_on.isoformat()
    return f"{hint.standing}.{until}.{references.sign('hint', hint.standing, until)}"


def read_hint(written: str, today: date) -> Hint | None:
    """Read a hint from a link; none where it was not signed here or is over.

    Args:
        written: As the link has it: anybody may have written it.
        today: The newsroom's day.
    """
    found = _SHAPE.fullmatch(written[:80])
    if found is None or found[1] not in SAID or not references.is_signed(found[3], "hint", found[1], found[2]):
        return None
    until_on = date.fromisoformat(found[2])
    return Hint(found[1], until_on) if today <= until_on else None
