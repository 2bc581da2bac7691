"""Which stories an appeal fits by its ties and its languages, whatever the reader and the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, not_, or_, select, true
from sqlalchemy.orm import selectinload

from donate.appeals.campaign import Campaign
from donate.articles.flags import since_by_flag
from donate.articles.models import Article, Section, Topic, article_topic
from donate.db import db

#: So many of the newest are held against the other appeals.
LOOKED_AT = 100
FLAGGED_SHOWN = 20


@dataclass(frozen=True)
class Match:
    """A story that an appeal fits."""

    slug: str
    language: str
    headline: str
    published_at: datetime
    section: str
    topics: frozenset[str]
    flags: Mapping[str, datetime]


@dataclass(frozen=True)
class Matching:
    """The stories an appeal fits.

    Args:
        count: How many there are.
        newest: The newest of them.
        flagged: Those on which something is flagged, the newest first.
    """

    count: int
    newest: list[Match]
    flagged: list[Match]


def list_matching(campaign: Campaign) -> Matching:
    """List the stories an appeal fits, drafts too.

    Args:
        campaign: Any; an appeal without words fits none.
    """
    fits = _fits(campaign)
    flagged = cast(Article.flags, Text) != "{}"
    return Matching(
        count=db.session.scalar(select(func.count()).select_from(Article).where(fits)) or 0,
        newest=_list(fits, LOOKED_AT),
        flagged=_list(and_(fits, flagged), FLAGGED_SHOWN),
    )


def find_newest_match(campaign: Campaign, language: str) -> Match | None:
    """Find the newest story of a language that an appeal fits; else the newest of the language, to try it beside.

    Args:
        campaign: Any.
        language: Such as ``ar``.
    """
    in_language = Article.language == language
    for condition in (and_(_ties(campaign), in_language), in_language):
        found = _list(condition, 1)
        if found:
            return found[0]
    return None


def list_unknown(kind: str, slugs: Collection[str]) -> list[str]:
    """List the addresses under which there is no section, topic or article.

    Args:
        kind: ``section``, ``topic`` or ``article``.
        slugs: As somebody typed them.
    """
    column = {"section": Section.slug, "topic": Topic.slug, "article": Article.slug}[kind]
    known = set(db.session.scalars(select(column).where(column.in_(slugs)))) if slugs else set()
    return sorted(set(slugs) - known)


def _list(condition: ColumnElement[bool], limit: int) -> list[Match]:
    query = (
        select(Article)
        .where(condition)
        .options(selectinload(Article.topics))
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(limit)
    )
    return [
        Match(
            slug=row.slug,
            language=row.language,
            headline=row.headline,
            published_at=row.published_at,
            section=row.section.slug if row.section else "",
            topics=frozenset(topic.slug for topic in row.topics),
            flags=since_by_flag(row.flags),
        )
        for row in db.session.scalars(query).unique()
    ]


def _fits(campaign: Campaign) -> ColumnElement[bool]:
    return and_(_ties(campaign), Article.language.in_(campaign.languages))


def _ties(campaign: Campaign) -> ColumnElement[bool]:
    is_anywhere = campaign.is_evergreen or ("all", "") in campaign.targets
    tied = true() if is_anywhere else _any_of(campaign.targets)
    return and_(tied, not_(_any_of(campaign.excluded))) if campaign.excluded else tied


def _any_of(places: Collection[tuple[str, str]]) -> ColumnElement[bool]:
    def named(kind: str) -> list[str]:
        return [slug for each, slug in places if each == kind]

    on_topic = select(article_topic.c.article_id).join(Topic).where(Topic.slug.in_(named("topic")))
    in_section = select(Section.id).where(Section.slug.in_(named("section")))
    conditions = [
        *([Article.slug.in_(named("article"))] if named("article") else []),
        # A story without a section is in none: NULL would make both this and its opposite untrue.
        *([func.coalesce(Article.section_id, 0).in_(in_section)] if named("section") else []),
        *([Article.id.in_(on_topic)] if named("topic") else []),
    ]
    return or_(*conditions) if conditions else false()
