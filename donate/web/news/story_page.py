"""An article as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from donate.appeals.campaign import Ask
from donate.articles.body import part_after, set_dateline
from donate.articles.plain import PlainArticle
from donate.web.headers import site_url
from donate.web.language import main_language, prefixed
from donate.web.news.frame import whole_address
from donate.web.news.lives_here import lives_here
from donate.web.reading import languages_offered, url_for


@dataclass(frozen=True)
class StoryPage:
    """What an article's template needs beside the article.

    Args:
        before: The body up to the inline ask, or all of it.
        after: What follows the inline ask; empty where the story is too short for one.
        canonical: Where the story lives: its source's address, or ours.
        lives_here: Whether search engines are sent to this page.
        picture: The picture's whole address, for links shared elsewhere.
        links: The language switcher's: a story is in one language, so the others lead to their front pages, and its
            own, where the reader is already, nowhere.
    """

    before: Markup
    after: Markup
    canonical: str
    lives_here: bool
    address: str
    picture: str
    links: tuple[tuple[str, str, str], ...]


def story_page(article: PlainArticle, ask: Ask | None) -> StoryPage:
    """Lay out an article with the ask between its paragraphs, if any."""
    body, rest = set_dateline(article.body_html, article.dateline), ""
    if ask is not None:
        body, rest = part_after(body, ask.paragraph)
    address, is_ours = site_url() + url_for("news.article", slug=article.slug), lives_here(article.canonical_url)
    return StoryPage(
        # Sanitised when it came in.
        before=Markup(body),  # noqa: S704
        after=Markup(rest),  # noqa: S704
        canonical=address if is_ours else article.canonical_url,
        lives_here=is_ours,
        address=address,
        picture=whole_address(article.image),
        links=_links(article.language, main_language(), tuple(languages_offered().items())),
    )


@lru_cache(maxsize=16)
def _links(language: str, _main: str, offered: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((code, name, "" if code == language else prefixed("/", code)) for code, name in offered)
