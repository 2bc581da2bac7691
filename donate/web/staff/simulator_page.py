"""A page of the site by its address, as the facts its asks are chosen by."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote, urlsplit

from flask import request

from donate.appeals.situation import PageFacts
from donate.articles.queries import find_article_by_canonical_url, find_section, find_topic, read_article
from donate.web.asking import facts_of_article, facts_of_list
from donate.web.headers import site_url
from donate.web.language import LANGUAGES, main_language
from donate.web.shelf import OutNow


def find_page_facts(address: str, out: OutNow, on: date) -> PageFacts | None:
    """Find what is known of a page.

    Args:
        address: A link or path of this site, a story's own address elsewhere, or a story's short name.
        out: What is out.
        on: The day.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.netloc and parts.netloc not in (urlsplit(site_url()).netloc, request.host):
        elsewhere = find_article_by_canonical_url(address)
        return _article(elsewhere.slug, out, on) if elsewhere is not None else None
    names = [unquote(name) for name in parts.path.split("/") if name]
    language = names.pop(0) if names and names[0] in LANGUAGES else main_language()
    match names:
        case []:
            return facts_of_list(language, out, on, is_front=True) if address else None
        case [slug] | ["articles", slug]:
            return _article(slug, out, on)
        case ["sections", slug] if find_section(slug) is not None:
            return facts_of_list(language, out, on, section=slug)
        case ["topics", slug] if find_topic(slug) is not None:
            return facts_of_list(language, out, on, topic=slug)
        case _:
            return None


def _article(slug: str, out: OutNow, on: date) -> PageFacts | None:
    article = read_article(slug)
    return facts_of_article(article, out, on) if article is not None else None
