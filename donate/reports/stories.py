"""Stories as editors look for them: by title, with what is said of each and what its own words suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, select

from donate.articles.flag import name_in_history
from donate.articles.models import Article, Section
from donate.db import db
from donate.team.models import History, Staff

PAGE_SIZE = 25
#: So many proposals are shown at once; the next ones follow when these are decided.
MOST_PROPOSALS = 20


@dataclass(frozen=True)
class DeskStory:
    """What the desk's list shows of a story."""

    slug: str
    language: str
    headline: str
    published_at: datetime
    flags: dict[str, dict[str, str]]
    proposed_flags: dict[str, dict[str, str]]
    section_name: str | None
    section_names: dict[str, str] | None


@dataclass(frozen=True)
class DeskPage:
    """One page of the desk's list, and whether another follows."""

    stories: list[DeskStory]
    number: int
    has_more: bool


def list_desk_stories(
    words: Sequence[str], page: int = 1, *, only_flagged: bool = False, size: int = PAGE_SIZE
) -> DeskPage:
    """List stories of every language, the newest first.

    Args:
        words: Folded; each stands in the headline or deck.
        page: Counted from 1.
        only_flagged: Whether only those of which something is said.
        size: How many a page holds.
    """
    query = _stories().where(*(Article.search_text.contains(word, autoescape=True) for word in words))
    if only_flagged:
        query = query.where(cast(Article.flags, Text) != "{}")
    rows = db.session.execute(query.limit(size + 1).offset((page - 1) * size)).all()
    return DeskPage([DeskStory(*row) for row in rows[:size]], page, len(rows) > size)


def list_open_proposals(most: int = MOST_PROPOSALS) -> list[DeskStory]:
    """List the stories whose own words suggest a flag that nobody has judged yet, the newest first."""
    return [DeskStory(*row) for row in db.session.execute(_stories().where(_is_open()).limit(most))]


def count_open_proposals() -> int:
    """Count the stories whose own words suggest a flag that nobody has judged yet."""
    return db.session.scalar(select(func.count()).select_from(Article).where(_is_open())) or 0


def list_flaggers(article: Article) -> dict[str, str]:
    """Tell who set each of a story's flags last, by e-mail address.

    Args:
        article: Which.
    """
    rows = db.session.execute(
        select(History.after, Staff.email)
        .join(Staff, Staff.id == History.who_id)
        .where(
            History.object_kind == "article",
            History.object_reference == name_in_history(article),
            History.act == "set_flag",
            History.who_kind == "staff",
        )
        .order_by(History.id)
    )
    return {after["flag"]: email for after, email in rows}


def _stories() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Article.slug,
            Article.language,
            Article.headline,
            Article.published_at,
            Article.flags,
            Article.proposed_flags,
            Section.name,
            Section.names,
        )
        .join(Section, Section.id == Article.section_id, isouter=True)
        .order_by(Article.published_at.desc(), Article.id.desc())
    )


def _is_open() -> ColumnElement[bool]:
    # Both databases write JSON alike where it is looked through as text; within words a quote has its backslash.
    return cast(Article.proposed_flags, Text).contains('"is": "open"', autoescape=True)
