"""The articles export: one row a story and currency, the newest story first, with what its gifts came to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from donate import clock
from donate.articles.models import Article, Section
from donate.db import db
from donate.newsroom.queries import get_newsroom
from donate.reports.appeals import ASKS, SUMS, rows_of
from donate.reports.asks_counted import Seen, total_asks
from donate.reports.gift_lines import Totals, Which, total_gifts
from donate.reports.narrowed import slug_of

#: Columns are only ever added at the end.
COLUMNS = (
    "article", "headline", "language", "section", "published_on", "flags", "currency", *SUMS, *ASKS,
)  # fmt: skip


def export_articles(period: Any) -> Iterator[dict[str, Any]]:
    """Give every story with what it brought in a period, then those that gifts name and that are not here.

    Args:
        period: A ``reports.export.Period``; its fund and appeal choose gifts.
    """
    which = Which(since=period.since, until=period.until, appeal=slug_of(period.appeal), fund=period.fund)
    seen = total_asks("article", appeal=slug_of(period.appeal), since=period.since, until=period.until)
    found: dict[str, list[Totals]] = {}
    for each in total_gifts(which, "article"):
        found.setdefault(each.key, []).append(each)
    zone = get_newsroom().time_zone
    for slug, headline, language, section, published_at, flags in _stories():
        own = {
            "article": slug,
            "headline": headline,
            "language": language,
            "section": section or "",
            "published_on": clock.on(published_at, zone).isoformat(),
            "flags": " ".join(sorted(flags)),
        }
        yield from rows_of(own, found.pop(slug, []), seen.get(slug, Seen()))
    found.pop("", None)
    for slug, totals in sorted(found.items()):
        yield from rows_of({"article": slug}, totals, seen.get(slug, Seen()))


def headlines_of(slugs: set[str]) -> dict[str, str]:
    """Give the headlines of stories by their addresses; one that is not here is left out."""
    rows = db.session.execute(select(Article.slug, Article.headline).where(Article.slug.in_(slugs)))
    return {slug: headline for slug, headline in rows}  # noqa: C416  # a result has keys() of its own


def _stories() -> list[Any]:
    return list(
        db.session.execute(
            select(
                Article.slug, Article.headline, Article.language, Section.slug, Article.published_at, Article.flags
            )
            .outerjoin(Section, Section.id == Article.section_id)
            .order_by(Article.published_at.desc(), Article.id)
        )
    )  # fmt: skip
