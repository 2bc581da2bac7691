"""How an appeal stands for the desk, how it is looked over, and the row behind an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import current_app

from donate import clock
from donate.appeals.campaign import campaign_from
from donate.appeals.models import Appeal
from donate.appeals.queries import get_appeal, list_live_campaigns
from donate.appeals.ready import Check, Surroundings, list_checks
from donate.appeals.situation import PageFacts
from donate.articles.queries import list_sections, list_topics_of
from donate.db import lock
from donate.newsroom.queries import get_newsroom
from donate.reports.matching import Match, Matching, list_matching
from donate.web.language import LANGUAGES, say

#: Every state an appeal can be in at the desk, in the order of the filter.
STATES = ("running", "resting", "planned", "draft", "ended")


def state_at(appeal: Appeal, today: date) -> str:
    """Tell how an appeal stands: one of ``STATES``.

    Args:
        appeal: Which.
        today: The newsroom's day.
    """
    if appeal.status == "draft":
        return "draft"
    if appeal.status == "ended" or (appeal.ends_on is not None and appeal.ends_on < today):
        return "ended"
    if appeal.status == "paused":
        return "resting"
    return "planned" if appeal.starts_on is not None and appeal.starts_on > today else "running"


def today_here() -> date:
    """Tell the newsroom's day."""
    return clock.today(get_newsroom().time_zone)


def locked_appeal(slug: str) -> Appeal:
    """Give an appeal by its address, locked; call inside ``committed()``.

    Raises:
        NotFound: ``appeal_missing``.
    """
    return lock(Appeal, get_appeal(slug).id)


def names_of_places(places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Name sections and topics in the page's language, by (kind, slug).

    Args:
        places: What an appeal is tied to.
    """
    topics = list_topics_of([slug for kind, slug in places if kind == "topic"])
    return {
        **{("section", each.slug): say(each.names) or each.name for each in list_sections()},
        **{("topic", each.slug): say(each.names) or each.name for each in topics},
    }


def look_over(appeal: Appeal) -> tuple[list[Check], Matching]:
    """Look an appeal over for publishing, and give the stories it fits.

    Args:
        appeal: Which, in any state.
    """
    newsroom, today, campaign = get_newsroom(), today_here(), campaign_from(appeal)
    matching = list_matching(campaign)
    usual = newsroom.default_currency
    around = Surroundings(
        today=today,
        languages=[*LANGUAGES],
        currencies=[usual, *(each for each in newsroom.currencies if each != usual)],
        matching=matching.count,
        pages=[_facts(each, today, usual) for each in matching.newest],
        flagged=[each.slug for each in matching.flagged],
        rivals=[each for each in list_live_campaigns() if each.slug != appeal.slug],
        is_test=is_practice(),
    )
    return list_checks(campaign, around), matching


def is_practice() -> bool:
    """Tell whether gifts are practice: a test key moves no money."""
    return not current_app.config["DONATE"].livemode


def _facts(match: Match, today: date, currency: str) -> PageFacts:
    return PageFacts(
        language=match.language,
        on=today,
        currency=currency,
        article=match.slug,
        section=match.section,
        topics=match.topics,
        flags=match.flags,
    )
