"""Bring stories in: a new one makes an article, a known one updates it, none is doubled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from donate import clock
from donate.articles.body import minutes_to_read
from donate.articles.models import Article, Topic
from donate.articles.queries import (
    find_article,
    find_article_by_source,
    find_section,
    find_topic,
    find_topic_by_name,
)
from donate.articles.sanitise import sanitise
from donate.articles.slug import numbered, slug_from
from donate.articles.story import Story
from donate.db import db
from donate.errors import Unreadable

# What a story says in columns of the same name.
_SAME = ("headline", "language", "deck", "dateline", "byline", "image_alt", "image_caption", "image_credit")


@dataclass(frozen=True)
class Skipped:
    """A story that was left out, and why."""

    what: str
    why: Unreadable


@dataclass
class ImportResult:
    """What came of an import."""

    imported: int = 0
    updated: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def import_stories(stories: Iterable[Story]) -> ImportResult:
    """Write stories as articles, inside the caller's ``committed()``.

    Args:
        stories: What importers yielded; a bad one is left out with its reason and stops no other.
    """
    result = ImportResult()
    for story in stories:
        try:
            is_new = import_story(story)
        except Unreadable as why:
            result.skipped.append(Skipped(story.headline or story.guid, why))
            continue
        if is_new:
            result.imported += 1
        else:
            result.updated += 1
    return result


def import_story(story: Story) -> bool:
    """Write one story as an article.

    Args:
        story: What an importer yielded.

    Returns:
        Whether it is new here.

    Raises:
        Unreadable: ``headline_missing``, ``body_missing``, ``field_too_long`` (field, most).
    """
    body = sanitise(story.body_html)
    _check(story, body)
    article = find_article_by_source(story.source, story.guid)
    is_new = article is None
    if article is None:
        article = Article(source=story.source, source_guid=story.guid, slug=_free_slug(story))
        article.published_at = clock.now()
    _write(article, story, body)
    if is_new:
        db.session.add(article)
    # The next story's look-ups must see this one.
    db.session.flush()
    return is_new


def _write(article: Article, story: Story, body: str) -> None:
    for name in _SAME:
        setattr(article, name, getattr(story, name))
    article.body_html = body
    article.minutes = minutes_to_read(body)
    article.image = story.image if story.image.startswith(("https://", "/static/")) else ""
    article.record = dict(story.record)
    article.canonical_url = story.canonical_url if story.canonical_url.startswith(("https://", "http://")) else ""
    section = find_section(story.section) if story.section else None
    article.section_id = section.id if section else None
    article.topics = [topic for topic in (_topic(name) for name in dict.fromkeys(story.topics)) if topic is not None]
    if story.published_at is not None:
        article.published_at = story.published_at
    if story.no_asks is not None:
        article.no_asks = story.no_asks
    article.changed_at = clock.now()


def _check(story: Story, body: str) -> None:
    if not story.headline.strip():
        raise Unreadable("headline_missing")
    if not body:
        raise Unreadable("body_missing")
    for name in ("source", "headline", "dateline", "byline", "image", "image_credit", "canonical_url"):
        _check_length(name, getattr(story, name), name)
    _check_length("source_guid", story.guid, "guid")
    for topic in story.topics:
        if len(topic) > 120:
            raise Unreadable("field_too_long", field="topic", most=120)


def _check_length(column: str, value: str, name: str) -> None:
    kind = Article.__table__.c[column].type
    most = kind.length if isinstance(kind, sa.String) else None
    if most is not None and len(value) > most:
        raise Unreadable("field_too_long", field=name, most=most)


def _free_slug(story: Story) -> str:
    wanted = story.slug or slug_from(story.headline) or "story"
    number = 1
    while find_article(numbered(wanted, number)) is not None:
        number += 1
    return numbered(wanted, number)


def _topic(name: str) -> Topic | None:
    slug = slug_from(name)
    if not slug:
        return None
    topic = find_topic(slug) or find_topic_by_name(name)
    if topic is None:
        topic = Topic(slug=slug, name=name, names={})
        db.session.add(topic)
        db.session.flush()
    return topic
