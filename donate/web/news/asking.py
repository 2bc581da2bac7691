"""Which ask stands on a page: gathers what is known of the page and hands it to the chooser."""

from __future__ import annotations

from donate import clock
from donate.appeals.campaign import Ask
from donate.appeals.choose import choose_ask
from donate.appeals.filters import PageFacts
from donate.appeals.queries import list_live_campaigns
from donate.articles.models import Article
from donate.web.language import current_language
from donate.web.reading import newsroom


def ask_for_article(article: Article) -> Ask | None:
    """Choose the ask of a story."""
    return choose_ask(
        list_live_campaigns(),
        PageFacts(
            language=article.language,
            on=clock.today(newsroom().time_zone),
            currency=newsroom().default_currency,
            article=article.slug,
            section=article.section.slug if article.section else "",
            topics=frozenset(topic.slug for topic in article.topics),
            no_asks=article.no_asks,
        ),
    )


def ask_for_list(*, section: str = "", topic: str = "") -> Ask | None:
    """Choose the ask of a page that lists stories: the front page, a section, a topic."""
    return choose_ask(
        list_live_campaigns(),
        PageFacts(
            language=current_language(),
            on=clock.today(newsroom().time_zone),
            currency=newsroom().default_currency,
            section=section,
            topics=frozenset({topic} - {""}),
        ),
    )
