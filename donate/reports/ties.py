"""What stories are tied to, language by language: what an appeal can meet at all."""

from __future__ import annotations

from sqlalchemy import select

from donate.articles.models import Article, Section, Topic, article_topic
from donate.db import db


def list_ties() -> dict[str, frozenset[tuple[str, str]]]:
    """List the articles, sections and topics that the stories of each language have, as appeals are tied to them."""
    found: dict[str, set[tuple[str, str]]] = {}
    of_topics = select(Article.language, Topic.slug).join(article_topic, article_topic.c.article_id == Article.id)
    for kind, asked in (
        ("article", select(Article.language, Article.slug)),
        ("section", select(Article.language, Section.slug).join(Section, Section.id == Article.section_id).distinct()),
        ("topic", of_topics.join(Topic, Topic.id == article_topic.c.topic_id).distinct()),
    ):
        for language, slug in db.session.execute(asked):
            found.setdefault(language, set()).add((kind, slug))
    return {language: frozenset(ties) for language, ties in found.items()}
