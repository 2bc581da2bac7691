"""The plain value that every importer yields: one story, knowing nothing of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from donate.errors import Unreadable


@dataclass(frozen=True)
class Story:
    """One story as its source has it; what the source does not say is empty.

    Args:
        source: Where it came from, such as ``capture`` or a feed's address.
        guid: Its own id there; (source, guid) is the same story for ever.
        headline: As printed.
        body_html: HTML, not yet sanitised.
        slug: Its address; empty makes one from the headline.
        image: ``https://…`` or ``/static/…``.
        section: A section's slug.
        sections: Names that may be sections, where no slug is known: the first that stands here already is taken,
            the others become topics.
        makes_section: Whether the first of these names makes a section where none of them stands here.
        topics: Names of topics.
        published_at: None keeps the moment of its first import.
        flags: What its source says of it, such as ``do_not_ask``; what an editor has set here stays beside it.
    """

    source: str
    guid: str
    headline: str
    body_html: str
    language: str = "en"
    slug: str = ""
    deck: str = ""
    dateline: str = ""
    byline: str = ""
    image: str = ""
    image_alt: str = ""
    image_caption: str = ""
    image_credit: str = ""
    record: Mapping[str, str] = field(default_factory=dict)
    section: str = ""
    sections: tuple[str, ...] = ()
    makes_section: bool = False
    topics: tuple[str, ...] = ()
    published_at: datetime | None = None
    canonical_url: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Skipped:
    """A story, or a whole source, that was left out, and why."""

    what: str
    why: Unreadable
