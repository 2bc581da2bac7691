"""What stands in each other's way among appeals, and what can never stand at all: pure, over plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from donate.appeals.campaign import Campaign

#: How far the calendar looks ahead.
WEEKS = 12
Tie = tuple[str, str]


@dataclass(frozen=True)
class Conflict:
    """Something the desk should know of.

    Args:
        kind: ``contend``, ``no_place`` where every placement it was made for is off or none was chosen, ``no_page``
            where no story has what it is tied to, ``no_words`` where it is written in no language.
        campaign: The appeal; of two that contend the one that is asked first.
        other: The one that is not.
        ties: What they contend for.
        languages: In which.
        first: From this day on.
        last: Until this one, itself included; None where none of them ends.
        why: ``priority`` or ``address``: what decides.
        is_certain: Whether it is so today, and not only once a draft or resting appeal runs.
    """

    kind: str
    campaign: Campaign
    other: Campaign | None = None
    ties: tuple[Tie, ...] = ()
    languages: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    why: str = ""
    is_certain: bool = True


def find_conflicts(
    campaigns: Iterable[Campaign],
    today: date,
    off: frozenset[str] = frozenset(),
    known: Mapping[str, frozenset[Tie]] | None = None,
) -> list[Conflict]:
    """Find what the desk should know of the appeals of the coming weeks.

    That the evergreen appeal stands where no other does is as it should be, and is not told.

    Args:
        campaigns: Any.
        today: The newsroom's day.
        off: Placements that are switched off.
        known: By language, what the stories there are tied to; None where that was not asked.
    """
    coming = sorted((each for each in campaigns if is_coming(each, today)), key=lambda each: each.slug)
    alone = [found for each in coming if (found := _alone(each, off, known))]
    tied = [each for each in coming if not each.is_evergreen]
    return alone + [found for one, other in combinations(tied, 2) if (found := _contend(one, other, today))]


def is_coming(campaign: Campaign, today: date) -> bool:
    """Tell whether an appeal runs, or may, within the coming weeks.

    Args:
        campaign: Any.
        today: The newsroom's day.
    """
    begins, ends = campaign.starts_on or today, campaign.ends_on or today
    return campaign.status != "ended" and begins < today + timedelta(weeks=WEEKS) and ends >= today


def _alone(each: Campaign, off: frozenset[str], known: Mapping[str, frozenset[Tie]] | None) -> Conflict | None:
    is_certain = each.status == "live"
    if not each.languages:
        return Conflict("no_words", each, is_certain=is_certain)
    if not each.placements - off:
        return Conflict("no_place", each, is_certain=is_certain)
    ties = each.targets - each.excluded
    if each.is_evergreen or ("all", "") in ties:
        return None
    if not ties or (known is not None and not any(ties & known.get(spoken, frozenset()) for spoken in each.languages)):
        return Conflict("no_page", each, ties=tuple(sorted(ties)), languages=each.languages, is_certain=is_certain)
    return None


def _contend(one: Campaign, other: Campaign, today: date) -> Conflict | None:
    first = max(one.starts_on or today, other.starts_on or today, today)
    ends = [each.ends_on for each in (one, other) if each.ends_on is not None]
    languages = tuple(spoken for spoken in one.languages if spoken in other.languages)
    if not languages or (ends and min(ends) < first) or not _meet(one, other):
        return None
    asked, waits = sorted((one, other), key=lambda each: (-each.priority, each.slug))
    ties = (asked.targets & waits.targets) - asked.excluded - waits.excluded
    if not ties and ("all", "") in asked.targets and asked.priority > waits.priority:
        # The looser tie goes first all the same: what the other was made for shows it.
        ties = waits.targets - asked.excluded - waits.excluded
    if not ties:
        return None
    return Conflict(
        "contend",
        asked,
        waits,
        ties=tuple(sorted(ties)),
        languages=languages,
        first=first,
        last=min(ends) if ends else None,
        why="priority" if asked.priority != waits.priority else "address",
        is_certain=asked.status == waits.status == "live",
    )


def _meet(one: Campaign, other: Campaign) -> bool:
    """Tell whether some reader could be asked by either in one place."""
    if not one.placements & other.placements or not one.rules.audience & other.rules.audience:
        return False
    return _may_share(one.rules.countries, other.rules.countries, one.rules.not_countries | other.rules.not_countries)


def _may_share(one: frozenset[str], other: frozenset[str], never: frozenset[str]) -> bool:
    if one and other:
        return bool((one & other) - never)
    return not (one or other) or bool((one | other) - never)
