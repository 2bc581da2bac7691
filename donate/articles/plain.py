"""An article, its section and its topics as plain values: what a page shows of them, apart from any session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Part:
    """A section or a topic.

    Args:
        names: {language: name}, beside its plain name.
    """

    slug: str
    name: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class PlainArticle:
    """An article as its page reads it; the fields are those of its row."""

    slug: str
    language: str
    headline: str
    deck: str
    dateline: str
    byline: str
    body_html: str
    minutes: int
    image: str
    image_alt: str
    image_caption: str
    image_credit: str
    record: Mapping[str, str]
    published_at: datetime
    canonical_url: str
    flags: Mapping[str, Mapping[str, str]]
    section: Part | None
    topics: tuple[Part, ...]

    @property
    def topic_slugs(self) -> tuple[str, ...]:
        """The addresses of its topics."""
        return tuple(topic.slug for topic in self.topics)
