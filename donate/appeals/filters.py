"""The rules by which an appeal may stand on a page, one function each; each answers whether it may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from donate.appeals.campaign import Campaign


@dataclass(frozen=True)
class PageFacts:
    """What is known of a page, and nothing of its reader.

    Args:
        language: What the page is written in.
        on: The newsroom's day.
        currency: What amounts are offered in.
        article: Its slug; empty on a page that is no article.
        section: Its section's slug.
        topics: Its topics' slugs.
        no_asks: An editor's word: no ask beside this story.
    """

    language: str
    on: date
    currency: str
    article: str = ""
    section: str = ""
    topics: frozenset[str] = field(default_factory=frozenset)
    no_asks: bool = False


Filter = Callable[[Campaign, PageFacts], bool]


def story_allows_asks(_campaign: Campaign, facts: PageFacts) -> bool:
    """No ask stands beside a story whose editor said so."""
    return not facts.no_asks


def is_live(campaign: Campaign, _facts: PageFacts) -> bool:
    """A draft, paused or ended appeal does not show."""
    return campaign.status == "live"


def has_begun(campaign: Campaign, facts: PageFacts) -> bool:
    """Its first day has come."""
    return campaign.starts_on is None or campaign.starts_on <= facts.on


def has_not_ended(campaign: Campaign, facts: PageFacts) -> bool:
    """Its last day is not over."""
    return campaign.ends_on is None or facts.on <= campaign.ends_on


def is_written_in_the_language(campaign: Campaign, facts: PageFacts) -> bool:
    """It has words in the page's language."""
    return campaign.words(facts.language) is not None


def is_tied_to_the_page(campaign: Campaign, facts: PageFacts) -> bool:
    """It is tied to this article, its section or a topic, or to all; the evergreen appeal always is."""
    return closeness(campaign, facts) > 0


#: In the order in which a refusal is best explained.
FILTERS: tuple[Filter, ...] = (
    story_allows_asks,
    is_live,
    has_begun,
    has_not_ended,
    is_written_in_the_language,
    is_tied_to_the_page,
)


def closeness(campaign: Campaign, facts: PageFacts) -> int:
    """Tell how closely an appeal is tied to a page: 4 its article, 3 a topic, 2 its section, 1 all, 0 not at all."""
    if facts.article and ("article", facts.article) in campaign.targets:
        return 4
    if any(("topic", topic) in campaign.targets for topic in facts.topics):
        return 3
    if facts.section and ("section", facts.section) in campaign.targets:
        return 2
    return 1 if campaign.is_evergreen or ("all", "") in campaign.targets else 0
