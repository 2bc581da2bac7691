"""The pages for reading, each a few lines: look up, choose the ask, draw or say that nothing changed."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from donate import clock
from donate.articles.queries import (
    find_article,
    find_section,
    find_topic,
    list_articles,
    list_articles_in_section,
    list_articles_on_topic,
    list_related,
    list_topics,
)
from donate.errors import NotFound
from donate.newsroom.greet import greeting_on
from donate.web.language import LANGUAGES, WITHOUT_PREFIX, current_language, direction, prefixed, say
from donate.web.news.asking import ask_for_article, ask_for_list
from donate.web.news.cached import kept
from donate.web.news.door import news
from donate.web.news.story_page import story_page
from donate.web.reading import newsroom

_MOST_PAGES = 1000


@news.get("/")
def front() -> Response:
    """Show the newest stories of the language."""
    page, ask = list_articles(current_language(), _page_number()), ask_for_list()

    def render() -> str:
        row = newsroom()
        return render_template(
            "news/front.html",
            page=page,
            ask=ask,
            appeal_slug=ask.slug if ask else "",
            topics=list_topics(current_language()),
            greeting=say(greeting_on(row.greetings, clock.today(row.time_zone))),
        )

    return kept(render, ask)


@news.get("/articles/<slug>")
def article(slug: str) -> AnyResponse:
    """Show a story, in its own language."""
    found = find_article(slug)
    if found is None:
        raise NotFound("article_missing", slug=slug)
    if found.language != current_language() and found.language in LANGUAGES:
        return redirect(prefixed(f"/articles/{slug}", found.language))
    ask = ask_for_article(found)

    def render() -> str:
        return render_template(
            "news/article.html",
            article=found,
            ask=ask,
            story=story_page(found, ask),
            related=list_related(found),
            appeal_slug=ask.slug if ask else "",
        )

    return kept(render, ask)


@news.get("/sections/<slug>")
def section(slug: str) -> Response:
    """List a section's stories."""
    found = find_section(slug)
    if found is None:
        raise NotFound("section_missing", slug=slug)
    page = list_articles_in_section(found, current_language(), _page_number())
    ask = ask_for_list(section=slug)
    return kept(lambda: _list(found.names, found.name, page, ask, "news.section", slug, section_slug=slug), ask)


@news.get("/topics/<slug>")
def topic(slug: str) -> Response:
    """List a topic's stories."""
    found = find_topic(slug)
    if found is None:
        raise NotFound("topic_missing", slug=slug)
    page = list_articles_on_topic(found, current_language(), _page_number())
    ask = ask_for_list(topic=slug)
    return kept(lambda: _list(found.names, found.name, page, ask, "news.topic", slug), ask)


def _list(names: dict[str, str], name: str, page: object, ask: object, endpoint: str, slug: str, **more: object) -> str:
    return render_template(
        "news/list.html",
        heading=say(names) or name,
        page=page,
        ask=ask,
        appeal_slug=getattr(ask, "slug", ""),
        endpoint=endpoint,
        slug=slug,
        **more,
    )


def _own_page(slug: str) -> Response:
    versions = newsroom().texts.get(slug) or {}
    language = next((code for code in (current_language(), WITHOUT_PREFIX, *versions) if code in versions), None)
    if language is None:
        raise NotFound("text_missing", slug=slug)
    text = versions[language]
    return kept(
        lambda: render_template("news/text.html", text=text, text_language=language, text_direction=direction(language))
    )


for _slug in ("privacy", "terms", "accessibility", "contact"):
    news.add_url_rule(f"/{_slug}", _slug, _own_page, defaults={"slug": _slug}, methods=["GET"])


def _page_number() -> int:
    asked = request.args.get("page", "")
    return max(1, min(int(asked), _MOST_PAGES)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
