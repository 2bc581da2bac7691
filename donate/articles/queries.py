"""Look-ups of articles, sections and topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import joinedload

from donate.articles.models import Article, ArticleSource, Section, Topic, article_topic
from donate.articles.plain import Part, PlainArticle
from donate.db import db, read_alone

PAGE_SIZE = 13


@dataclass(frozen=True)
class Teaser:
    """What a list shows of an article: everything but its body."""

    slug: str
    language: str
    headline: str
    deck: str
    byline: str
    minutes: int
    image: str
    image_alt: str
    published_at: datetime
    section_slug: str | None
    section_name: str | None
    section_names: dict[str, str] | None


@dataclass(frozen=True)
class Recent:
    """A newer story and its topics, by address."""

    teaser: Teaser
    topics: frozenset[str]


@dataclass(frozen=True)
class InSection:
    """What a language has in a section: how much, the newest of it, and when it last changed."""

    section: Section
    stories: int
    newest: Teaser | None
    changed_at: datetime | None


@dataclass(frozen=True)
class OnTopic:
    """What a language has on a topic."""

    topic: Topic
    stories: int
    changed_at: datetime


@dataclass(frozen=True)
class Address:
    """Where an article is, for search engines."""

    slug: str
    language: str
    changed_at: datetime


@dataclass(frozen=True)
class Page:
    """One page of a list, and whether another follows."""

    teasers: list[Teaser]
    number: int
    has_more: bool


def read_article(slug: str) -> PlainArticle | None:
    """Read an article by its address, with its section and topics, for its page: one query, no row of the ORM."""
    rows = read_alone(_WHOLE, {"slug": slug})
    if not rows:
        return None
    section = rows[0][len(_FIELDS) : len(_FIELDS) + 3]
    topics = [row[len(_FIELDS) + 3 :] for row in rows]
    return PlainArticle(
        **dict(zip(_FIELDS, rows[0], strict=False)),
        section=Part(*section) if section[0] is not None else None,
        topics=tuple(Part(*topic) for topic in topics if topic[0] is not None),
    )


def find_article(slug: str) -> Article | None:
    """Find an article by its address, with its section and topics."""
    query = select(Article).where(Article.slug == slug).options(joinedload(Article.topics))
    return db.session.scalars(query).unique().first()


def lock_article(slug: str) -> Article | None:
    """Take a story's lock inside ``committed()`` and read it as it is now."""
    # Its own row only: PostgreSQL locks nothing that is joined from the outside, as its section is.
    query = select(Article).where(Article.slug == slug).with_for_update(of=Article)
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def find_article_by_source(source: str, guid: str) -> Article | None:
    """Find an article by where it came from."""
    query = select(Article).where(Article.source == source, Article.source_guid == guid)
    return db.session.scalars(query).first()


def find_article_by_canonical_url(url: str) -> Article | None:
    """Find the article of a page elsewhere, the first that came where several name it."""
    query = select(Article).where(Article.canonical_url == url).order_by(Article.id)
    return db.session.scalars(query).first()


def find_slug_by_mark(mark: str) -> str | None:
    """Find the slug of a page elsewhere, the first that came where several name it.

    Args:
        mark: As ``recognise`` gives it.
    """
    query = select(Article.slug).where(Article.canonical_mark == mark).order_by(Article.id)
    return db.session.scalars(query.limit(1)).first()


def find_section(slug: str) -> Section | None:
    """Find a section by its address."""
    return db.session.scalars(select(Section).where(Section.slug == slug)).first()


def find_topic(slug: str) -> Topic | None:
    """Find a topic by its address."""
    return db.session.scalars(select(Topic).where(Topic.slug == slug)).first()


def find_topic_by_name(name: str) -> Topic | None:
    """Find a topic by its name, as written."""
    return db.session.scalars(select(Topic).where(Topic.name == name)).first()


def list_sections() -> list[Section]:
    """List the sections in the newsroom's own order."""
    return list(db.session.scalars(select(Section).order_by(Section.position, Section.slug)))


def list_all_topics() -> list[Topic]:
    """List every topic, by its address."""
    return list(db.session.scalars(select(Topic).order_by(Topic.slug)))


def list_topics(language: str) -> list[Topic]:
    """List the topics that articles of a language are about, by name."""
    query = select(Topic).join(article_topic).join(Article).where(Article.language == language)
    return list(db.session.scalars(query.distinct().order_by(Topic.name)))


def list_sections_with_newest(language: str) -> list[InSection]:
    """List every section with what a language has in it, in the newsroom's order."""
    sums = db.session.execute(
        select(Article.section_id, func.count(), func.max(Article.changed_at))
        .where(Article.language == language, Article.section_id.is_not(None))
        .group_by(Article.section_id)
    )
    counted = {section_id: (stories, changed_at) for section_id, stories, changed_at in sums}
    place = func.row_number().over(partition_by=Article.section_id, order_by=_NEWEST)
    ranked = select(Article.id, place.label("place")).where(Article.language == language).subquery()
    firsts = _teasers(language).join(ranked, ranked.c.id == Article.id).where(ranked.c.place == 1)
    newest = {teaser.section_slug: teaser for teaser in (Teaser(*row) for row in db.session.execute(firsts))}
    found = []
    for section in list_sections():
        stories, changed_at = counted.get(section.id, (0, None))
        found.append(InSection(section, stories, newest.get(section.slug), changed_at))
    return found


def list_topics_with_counts(language: str) -> list[OnTopic]:
    """List the topics that articles of a language are about, and how many are, by name."""
    stories = func.count(Article.id)
    query = select(Topic, stories, func.max(Article.changed_at)).select_from(Topic).join(article_topic).join(Article)
    query = query.where(Article.language == language).group_by(Topic.id).order_by(Topic.name)
    return [OnTopic(*row) for row in db.session.execute(query)]


def search_articles(words: Sequence[str], language: str, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """List the articles whose headline or deck holds every word, those of a language first, then the newest.

    Args:
        words: Folded.
        language: Of the page that asks; stories of other languages follow.
        page: Counted from 1.
        size: How many a page holds.
    """
    elsewhere = case((Article.language == language, 0), else_=1)
    query = _teasers().where(*_holds(words)).order_by(None).order_by(elsewhere, *_NEWEST)
    return _page(query, page, size)


def count_found(words: Sequence[str]) -> int:
    """Count the articles whose headline or deck holds every word."""
    return db.session.scalar(select(func.count()).select_from(Article).where(*_holds(words))) or 0


def _holds(words: Sequence[str]) -> list[ColumnElement[bool]]:
    return [Article.search_text.contains(word, autoescape=True) for word in words]


def list_addresses(ours: str | None, part: int, size: int) -> list[Address]:
    """List where articles are, oldest first, a part at a time.

    Args:
        ours: Only those that came from nowhere else, or from under this address; None takes every one.
        part: Counted from 1.
        size: How many a part holds.
    """
    query = select(Article.slug, Article.language, Article.changed_at).where(*_lives_here(ours)).order_by(Article.id)
    return [Address(*row) for row in db.session.execute(query.limit(size).offset((part - 1) * size))]


def list_changes(ours: str | None) -> list[datetime]:
    """List when each article last changed, in the order of ``list_addresses``."""
    return list(db.session.scalars(select(Article.changed_at).where(*_lives_here(ours)).order_by(Article.id)))


def _lives_here(ours: str | None) -> list[ColumnElement[bool]]:
    if ours is None:
        return []
    return [or_(Article.canonical_url == "", Article.canonical_url.startswith(ours, autoescape=True))]


def list_articles(language: str, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """List the articles of a language, newest first.

    Args:
        language: Such as ``en``.
        page: Counted from 1.
        size: How many a page holds.
    """
    return _page(_teasers(language), page, size)


def list_articles_in_section(section: Section, language: str, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """List a section's articles of a language, newest first."""
    return _page(_teasers(language).where(Article.section_id == section.id), page, size)


def list_articles_on_topic(topic: Topic, language: str, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """List a topic's articles of a language, newest first."""
    query = _teasers(language).join(article_topic, article_topic.c.article_id == Article.id)
    return _page(query.where(article_topic.c.topic_id == topic.id), page, size)


def list_articles_followed(
    sections: Sequence[str], topics: Sequence[str], language: str, page: int = 1, size: int = PAGE_SIZE
) -> Page:
    """List the articles of a language in any of some sections or on any of some topics, newest first.

    Args:
        sections: By their addresses.
        topics: Likewise.
        language: Such as ``en``.
        page: Counted from 1.
        size: How many a page holds.
    """
    on_topic = select(article_topic.c.article_id).join(Topic).where(Topic.slug.in_(topics))
    query = _teasers(language).where(or_(Section.slug.in_(sections), Article.id.in_(on_topic)))
    return _page(query, page, size)


def list_topics_of(slugs: Sequence[str]) -> list[Topic]:
    """List the topics with these addresses, by name."""
    return list(db.session.scalars(select(Topic).where(Topic.slug.in_(slugs)).order_by(Topic.name)))


def list_recent(language: str, limit: int = 150) -> list[Recent]:
    """List the newest articles of a language with their topics, for what to read next."""
    rows = db.session.execute(_teasers(language).add_columns(Article.id).limit(limit)).all()
    links = select(article_topic.c.article_id, Topic.slug).join(Topic, Topic.id == article_topic.c.topic_id)
    topics: dict[int, set[str]] = {}
    for article_id, slug in db.session.execute(links.where(article_topic.c.article_id.in_([row[-1] for row in rows]))):
        topics.setdefault(article_id, set()).add(slug)
    return [Recent(Teaser(*row[:-1]), frozenset(topics.get(row[-1], ()))) for row in rows]


def _whole() -> Select[*tuple[Any, ...]]:
    """Write the look-up of an article's page, once: a row for each of its topics, by name."""
    article, section, topic = Article.__table__, Section.__table__, Topic.__table__
    own = [article.c[name] for name in _FIELDS]
    parts = [part.c[name] for part in (section, topic) for name in ("slug", "name", "names")]
    # Topics join one by one: SQLite would read the whole table of links for a join in brackets, as the ORM writes it.
    joined = (
        article.outerjoin(section, section.c.id == article.c.section_id)
        .outerjoin(article_topic, article_topic.c.article_id == article.c.id)
        .outerjoin(topic, topic.c.id == article_topic.c.topic_id)
    )
    return select(*own, *parts).select_from(joined).where(article.c.slug == bindparam("slug")).order_by(topic.c.name)


# What is the row's own; its section and topics follow.
_FIELDS = tuple(field.name for field in fields(PlainArticle) if field.name not in ("section", "topics"))
_WHOLE = _whole()
_NEWEST = (Article.published_at.desc(), Article.id.desc())


def _teasers(language: str | None = None) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Article.slug,
            Article.language,
            Article.headline,
            Article.deck,
            Article.byline,
            Article.minutes,
            Article.image,
            Article.image_alt,
            Article.published_at,
            Section.slug,
            Section.name,
            Section.names,
        )
        .join(Section, Section.id == Article.section_id, isouter=True)
        .order_by(*_NEWEST)
    )
    return query if language is None else query.where(Article.language == language)


def _page(query: Select[*tuple[Any, ...]], page: int, size: int) -> Page:
    rows = db.session.execute(query.limit(size + 1).offset((page - 1) * size)).all()
    return Page([Teaser(*row) for row in rows[:size]], page, len(rows) > size)


def find_source(url: str) -> ArticleSource | None:
    """Find a followed source by its address."""
    return db.session.scalars(select(ArticleSource).where(ArticleSource.url == url)).first()


def list_sources() -> list[ArticleSource]:
    """List what is followed, in the order it came."""
    return list(db.session.scalars(select(ArticleSource).order_by(ArticleSource.id)))


def list_every_article() -> list[Article]:
    """List every article, the oldest first."""
    return list(db.session.scalars(select(Article).order_by(Article.published_at, Article.id)))
