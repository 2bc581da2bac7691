"""Tell whether an appeal is ready to be published: what stands in its way, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from donate.appeals.campaign import Campaign
from donate.appeals.choose import Index, choose, order
from donate.appeals.situation import PageFacts, Situation

#: How a check came out: good, worth a look, or in the way.
GOOD, LOOK, STOP = "good", "look", "stop"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Args:
        name: What it was; doors hold the sentence.
        state: ``good``, ``look`` or ``stop``.
        values: What the sentence names.
    """

    name: str
    state: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """What an appeal is held against.

    Args:
        today: The newsroom's day.
        languages: The languages of its pages.
        currencies: What it takes gifts in, the usual one first.
        matching: How many stories the appeal fits.
        pages: The newest of them.
        flagged: Addresses of matching stories on which something is flagged.
        rivals: All other live appeals.
        is_test: Whether gifts are practice and no money moves.
    """

    today: date
    languages: Sequence[str]
    currencies: Sequence[str]
    matching: int
    pages: Sequence[PageFacts]
    flagged: Sequence[str]
    rivals: Sequence[Campaign]
    is_test: bool


def list_obstacles(campaign: Campaign, today: date) -> list[str]:
    """Name what keeps an appeal from being published, the first to be put right first.

    Args:
        campaign: Any.
        today: The newsroom's day.
    """
    found = {
        "words": not campaign.languages,
        "amounts": not campaign.presets,
        "ties": not campaign.targets and not campaign.is_evergreen,
        "placements": not campaign.placements,
        "dates": campaign.ends_on is not None and campaign.ends_on < today,
    }
    return [name for name, is_so in found.items() if is_so]


def list_checks(campaign: Campaign, around: Surroundings) -> list[Check]:
    """Look an appeal over, in the order in which a person would.

    Args:
        campaign: Any; it is looked at as if it were live.
        around: What it is held against.
    """
    obstacles = list_obstacles(campaign, around.today)

    def check(name: str, *, good: bool, **values: Any) -> Check:
        return Check(name, STOP if name in obstacles else GOOD if good else LOOK, values)

    unwritten = [each for each in around.languages if each not in campaign.languages]
    offered = {currency for currency, _frequency, _presets in campaign.presets}
    without = [each for each in around.currencies if each not in offered]
    goal = campaign.goal
    checks = [
        check("words", good=not unwritten, written=_in_order(campaign, around), missing=unwritten),
        check("amounts", good=not without, offered=[each for each in around.currencies if each in offered],
              missing=without),
        check("ties", good=around.matching > 0, matching=around.matching),
        check("placements", good=True, placements=campaign.placements),
        check("dates", good=True, starts_on=campaign.starts_on, ends_on=campaign.ends_on),
        check("money", good=not around.is_test, is_test=around.is_test),
        _rank(campaign, around),
        check("flags", good=not around.flagged, flagged=list(around.flagged)),
    ]  # fmt: skip
    if goal is not None:
        checks.append(check("goal", good=goal.currency in around.currencies, goal=goal))
    if campaign.share_b:
        alone = [each for each in campaign.languages if campaign.words(each, "b") is campaign.words(each, "a")]
        checks.append(check("copies", good=not alone, share=campaign.share_b, missing=alone))
    return checks


def _in_order(campaign: Campaign, around: Surroundings) -> list[str]:
    return [each for each in around.languages if each in campaign.languages]


def _rank(campaign: Campaign, around: Surroundings) -> Check:
    """Find whether another appeal is asked first on every page that this one fits."""
    if not around.pages:
        return Check("rank", GOOD)
    first = {page.article: _asked_first(campaign, page, around.rivals) for page in around.pages}
    if not all(first.values()):
        return Check("rank", GOOD, {"behind": sorted({each for each in first.values() if each})})
    return Check("rank", LOOK, {"behind": sorted({each for each in first.values() if each}), "everywhere": True})


def _asked_first(campaign: Campaign, page: PageFacts, rivals: Iterable[Campaign]) -> str:
    """Name the appeal that goes before this one wherever it could stand on a page; empty where it has a place."""
    before = Index([each for each in rivals if order(each, page) < order(campaign, page)])
    places = sorted(campaign.placements)
    chosen = choose(before, *(Situation(page, place) for place in places)) if places else {}
    return chosen[places[0]].campaign.slug if chosen and len(chosen) == len(places) else ""
