"""Where an ask would stand, as plain values that doors gather: the page, its reader, the placement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from donate.appeals.rules import PLACEMENTS

#: No reader sees more asks than this in so many days, over all appeals.
MOST_VIEWS, VIEW_DAYS = 4, 30
#: Who gave once is left alone for so long.
REST_AFTER_GIFT_DAYS = 90


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
        flags: What is said of the story, and since when.
        places: Where the page has room for asks.
        paragraphs: How many the story has; None on a page that is no story.
    """

    language: str
    on: date
    currency: str
    article: str = ""
    section: str = ""
    topics: frozenset[str] = field(default_factory=frozenset)
    flags: Mapping[str, datetime] = field(default_factory=dict)
    places: frozenset[str] = frozenset(PLACEMENTS)
    paragraphs: int | None = None

    @cached_property
    def topic_ties(self) -> frozenset[tuple[str, str]]:
        """Its topics as appeals are tied to them."""
        return frozenset(("topic", topic) for topic in self.topics)


@dataclass(frozen=True)
class ReaderFacts:
    """What is known of a reader, each of it visible to them; what is unknown is empty.

    Args:
        standing: One of ``rules.STANDINGS``, by the one function that tells it.
        given: How they give, or gave last: ``once``, ``month``, ``year``.
        gave_on: Day of their last single gift.
        country: ISO 3166 code.
        read: Articles opened in the last 30 days; None of readers who are not counted.
        views: (appeal's slug, day) of each ask they were shown in the last 30 days.
        closes: (appeal's slug, day) of each ask they closed.
        quiet_until: The day up to which they asked to be left alone, itself included.
        source: What the link they came by called itself.
        referrer: The host of the page they came from.
        bucket: 0 to 99, the same for one browser: which copy it sees; None where we keep nothing in it.
    """

    standing: str = "guest"
    given: str = ""
    gave_on: date | None = None
    country: str = ""
    read: int | None = None
    views: tuple[tuple[str, date], ...] = ()
    closes: tuple[tuple[str, date], ...] = ()
    quiet_until: date | None = None
    source: str = ""
    referrer: str = ""
    bucket: int | None = None

    @cached_property
    def closed_on(self) -> dict[str, date]:
        """The last day on which they closed each ask, by the appeal's slug."""
        return {slug: max(day for each, day in self.closes if each == slug) for slug, _day in self.closes}


#: Everybody who sent no cookie of ours: what they see depends on the article, its language and the date alone.
GUEST = ReaderFacts()


@dataclass(frozen=True)
class Situation:
    """One place on one page, and who reads.

    Args:
        placement: One of ``rules.PLACEMENTS``.
        off: Placements that are switched off.
    """

    page: PageFacts
    placement: str
    reader: ReaderFacts = GUEST
    off: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a placement that does not exist.

        Raises:
            ValueError: Where there is no such placement.
        """
        if self.placement not in PLACEMENTS:
            raise ValueError(f"no such placement: {self.placement}")

    def count_views(self, slug: str | None = None) -> int:
        """Count the asks this reader was shown in the last 30 days.

        Args:
            slug: Of one appeal; None counts all.
        """
        return sum(
            1
            for seen, day in self.reader.views
            if (slug is None or seen == slug) and 0 <= (self.page.on - day).days < VIEW_DAYS
        )
