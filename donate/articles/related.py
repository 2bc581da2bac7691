"""What to read next: pure, from the newest stories held in memory."""

from __future__ import annotations

from collections.abc import Sequence

from donate.articles.plain import PlainArticle
from donate.articles.queries import Recent, Teaser


def related(article: PlainArticle, recent: Sequence[Recent], limit: int = 3) -> list[Teaser]:
    """Choose what to read next: stories that share a topic or the section first, then the newest.

    Args:
        article: The one being read.
        recent: The newest of its language, newest first.
        limit: How many at most.
    """
    topics = {topic.slug for topic in article.topics}
    section = article.section.slug if article.section else None

    near: list[Teaser] = []
    far: list[Teaser] = []
    for each in recent:
        if each.teaser.slug == article.slug:
            continue
        is_near = not topics.isdisjoint(each.topics) or (section and each.teaser.section_slug == section)
        (near if is_near else far).append(each.teaser)
        if len(near) == limit:
            break
    return [*near, *far][:limit]
