"""What to read next: pure, from the newest stories held in memory."""

from __future__ import annotations

from collections.abc import Sequence

from donate.articles.models import Article
from donate.articles.queries import Recent, Teaser


def related(article: Article, recent: Sequence[Recent], limit: int = 3) -> list[Teaser]:
    """Choose what to read next: stories that share a topic or the section first, then the newest.

    Args:
        article: The one being read.
        recent: The newest of its language, newest first.
        limit: How many at most.
    """
    topics = {topic.slug for topic in article.topics}
    section = article.section.slug if article.section else None

    def is_far(each: Recent) -> bool:
        return not (topics & each.topics or (section and each.teaser.section_slug == section))

    others = [each for each in recent if each.teaser.slug != article.slug]
    # Sorting keeps the order of equals: the newest first among the near, then among the far.
    return [each.teaser for each in sorted(others, key=is_far)[:limit]]
