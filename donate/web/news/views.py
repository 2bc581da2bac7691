"""The pages for reading, each a few lines: look up, choose the ask, draw or say that nothing changed."""

from __future__ import annotations

from flask import redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from donate import clock
from donate.articles.models import Section, Topic
from donate.articles.queries import (
    Page,
    find_section,
    find_topic,
    list_articles,
    list_articles_in_section,
    list_articles_on_topic,
    list_topics,
    read_article,
)
from donate.articles.related import related
from donate.errors import NotFound
from donate.newsroom.greet import greeting_on
from donate.web.asking import asks_for_article, asks_for_list, tally_of
from donate.web.kept import kept, kept_but_for_readers, page_number
from donate.web.language import FALLBACK, LANGUAGES, current_language, direction, main_language, prefixed, say
from donate.web.news.door import OWN_PAGES, news
from donate.web.news.my_news import mine_beside
from donate.web.news.story_page import story_page
from donate.web.reading import newsroom
from donate.web.shelf import shelf


@news.get("/")
@kept_but_for_readers
def front() -> str:
    """Show the newest stories of the language."""
    row, asks, page = newsroom(), asks_for_list(is_front=True), list_articles(current_language(), page_number())
    return render_template(
        "news/front.html",
        page=page,
        ask=asks.inline,
        topics=list_topics(current_language()),
        mine=mine_beside(page),
        share_picture=_first_picture(page),
        greeting=say(greeting_on(row.greetings, clock.today(row.time_zone))),
    )


@news.get("/articles/<slug>")
@kept
def article(slug: str) -> str | AnyResponse:
    """Show a story, in its own language."""
    found = read_article(slug)
    if found is None:
        raise NotFound("article_missing", slug=slug)
    if found.language != current_language() and found.language in LANGUAGES:
        return redirect(prefixed(f"/articles/{slug}", found.language))
    asks, next_ones = asks_for_article(found), related(found, shelf().out_now().recent.get(found.language, ()))
    return render_template(
        "news/article.html",
        article=found,
        asks_here=asks,
        tally=tally_of(asks.end),
        story=story_page(found, asks.inline),
        related=next_ones,
        related_slugs=tuple(each.slug for each in next_ones),
    )


@news.get("/sections/<slug>")
@kept
def section(slug: str) -> str:
    """List a section's stories."""
    found = find_section(slug)
    if found is None:
        raise NotFound("section_missing", slug=slug)
    page = list_articles_in_section(found, current_language(), page_number())
    asks_for_list(section=slug)
    return _list("section", found, page, section_slug=slug)


@news.get("/topics/<slug>")
@kept
def topic(slug: str) -> str:
    """List a topic's stories."""
    found = find_topic(slug)
    if found is None:
        raise NotFound("topic_missing", slug=slug)
    page = list_articles_on_topic(found, current_language(), page_number())
    asks_for_list(topic=slug)
    return _list("topic", found, page)


def _list(kind: str, item: Section | Topic, page: Page, **more: object) -> str:
    return render_template(
        "news/list.html",
        heading=say(item.names) or item.name,
        kind=kind,
        item=item,
        page=page,
        endpoint=f"news.{kind}",
        slug=item.slug,
        share_picture=_first_picture(page),
        **more,
    )


def _first_picture(page: Page) -> str:
    return next((story.image for story in page.teasers if story.image), "")


@kept
def _own_page(slug: str) -> str:
    versions = newsroom().texts.get(slug) or {}
    wished = (current_language(), main_language(), FALLBACK, *versions)
    language = next((code for code in wished if code in versions), None)
    if language is None:
        raise NotFound("text_missing", slug=slug)
    text = versions[language]
    return render_template("news/text.html", text=text, text_language=language, text_direction=direction(language))


for _slug in OWN_PAGES:
    news.add_url_rule(f"/{_slug}", _slug, _own_page, defaults={"slug": _slug}, methods=["GET"])
