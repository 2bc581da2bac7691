"""Articles, their sections and topics."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from donate.articles.fold import fold
from donate.articles.recognise import mark_address
from donate.db import Base, BigId, Json, UtcDateTime
from donate.newsroom.edition import Shown


class Section(Shown, Base):
    """A part of the newsroom's coverage, as its front page names it."""

    __tablename__ = "section"
    __table_args__ = (sa.UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80))
    name: Mapped[str] = mapped_column(sa.String(120))
    #: {language: name}
    names: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    position: Mapped[int] = mapped_column(sa.Integer, default=0)


class Topic(Shown, Base):
    """What an article is about, beside its section."""

    __tablename__ = "topic"
    __table_args__ = (sa.UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120))
    name: Mapped[str] = mapped_column(sa.String(120))
    #: {language: name}
    names: Mapped[dict[str, str]] = mapped_column(Json, default=dict)


class ArticleSource(Base):
    """A feed or a site's REST address that is read again and again."""

    __tablename__ = "article_source"
    __table_args__ = (
        sa.UniqueConstraint("url"),
        sa.CheckConstraint("format IN ('feed', 'wordpress_rest')", name="format"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str] = mapped_column(sa.String(1000))
    format: Mapped[str] = mapped_column(sa.String(20))
    #: What its last answer called itself: an unchanged one need not be sent again.
    etag: Mapped[str] = mapped_column(sa.String(300), default="")
    last_modified: Mapped[str] = mapped_column(sa.String(100), default="")
    #: Real times: the world's sites know no other clock.
    last_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why the last reading failed, in a sentence; empty when it did not.
    last_error: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


article_topic = sa.Table(
    "article_topic",
    Base.metadata,
    sa.Column("article_id", BigId, sa.ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("topic_id", BigId, sa.ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Article(Shown, Base):
    """One story as readers see it; its body is sanitised HTML."""

    __tablename__ = "article"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.UniqueConstraint("source", "source_guid"),
        sa.Index("ix_article_published", "published_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    headline: Mapped[str] = mapped_column(sa.String(400))
    deck: Mapped[str] = mapped_column(sa.Text, default="")
    dateline: Mapped[str] = mapped_column(sa.String(120), default="")
    #: The authors, then after " | " what else belongs to the line.
    byline: Mapped[str] = mapped_column(sa.String(300), default="")
    body_html: Mapped[str] = mapped_column(sa.Text)
    #: Minutes to read, from the words of the body.
    minutes: Mapped[int] = mapped_column(sa.Integer, default=1)
    image: Mapped[str] = mapped_column(sa.String(500), default="")
    image_alt: Mapped[str] = mapped_column(sa.Text, default="")
    image_caption: Mapped[str] = mapped_column(sa.Text, default="")
    image_credit: Mapped[str] = mapped_column(sa.String(300), default="")
    #: What stands in "The record": {"reported": …, "sources": …, "not_learned": …, "edited_by": …, "corrections": …}.
    record: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    section_id: Mapped[int | None] = mapped_column(sa.ForeignKey("section.id"), index=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When we last wrote this row, for ETags.
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Where it came from (a file's or feed's name) and its own id there: the same story is updated, never doubled.
    source: Mapped[str] = mapped_column(sa.String(300))
    source_guid: Mapped[str] = mapped_column(sa.String(500))
    canonical_url: Mapped[str] = mapped_column(sa.String(1000), default="")
    #: What that page is recognised by, written with every change of the row; empty where there is none.
    canonical_mark: Mapped[str] = mapped_column(sa.String(32), default="", index=True)
    #: What is said of it beside its words: {flag: {"by": "editor" or "import", "since": ISO moment}}.
    flags: Mapped[dict[str, dict[str, str]]] = mapped_column(Json, default=dict)
    #: Flags its own words suggest, for an editor to set or to wave away: {flag: {"why": words, "is": "open" or "no"}}.
    #: Assigned anew with each change, like ``flags``: what is changed within is not seen.
    proposed_flags: Mapped[dict[str, dict[str, str]]] = mapped_column(Json, default=dict)
    #: Headline and deck as searching compares them, written with every change of the row.
    search_text: Mapped[str] = mapped_column(sa.Text, default="")

    section: Mapped[Section | None] = relationship(lazy="joined")
    topics: Mapped[list[Topic]] = relationship(secondary=article_topic, order_by=Topic.name)


@event.listens_for(Article, "before_insert")
@event.listens_for(Article, "before_update")
def _write_what_follows(_mapper: Mapper[Article], _connection: Connection, article: Article) -> None:
    text = fold(f"{article.headline} {article.deck or ''}")
    # Only where it differs: a row that is otherwise as it was stays so.
    if article.search_text != text:
        article.search_text = text
    mark = mark_address(article.canonical_url or "")
    if article.canonical_mark != mark:
        article.canonical_mark = mark
