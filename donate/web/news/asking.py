"""Which ask stands on a page: gathers what is known of the page and hands it to the chooser."""

from __future__ import annotations

from donate.appeals.campaign import Ask
from donate.appeals.choose import choose_ask
from donate.appeals.filters import PageFacts
from donate.appeals.tally import Tally
from donate.articles.models import Article
from donate.web.language import current_language
from donate.web.shelf import shelf


def ask_for_article(article: Article) -> Ask | None:
    """Choose the ask of a story."""
    out = shelf().out_now()
    facts = PageFacts(
        language=article.language,
        on=out.day,
        currency=out.newsroom.default_currency,
        article=article.slug,
        section=article.section.slug if article.section else "",
        topics=frozenset(topic.slug for topic in article.topics),
        no_asks=article.no_asks,
    )
    return choose_ask(out.campaigns, facts)


def ask_for_list(*, section: str = "", topic: str = "") -> Ask | None:
    """Choose the ask of a page that lists stories: the front page, a section, a topic."""
    out = shelf().out_now()
    facts = PageFacts(
        language=current_language(),
        on=out.day,
        currency=out.newsroom.default_currency,
        section=section,
        topics=frozenset({topic} - {""}),
    )
    return choose_ask(out.campaigns, facts)


def tally_of(ask: Ask | None) -> Tally | None:
    """Tell what an ask's appeal has raised in its goal's currency; none where it has no goal or no gift yet."""
    if ask is None or ask.goal is None:
        return None
    return shelf().out_now().tallies.get((ask.slug, ask.goal.currency))
