"""What search engines and readers' programs are told: feeds, the site's addresses, and which of them are ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from flask import render_template

from donate.articles.queries import (
    Page,
    find_section,
    list_addresses,
    list_articles,
    list_articles_in_section,
    list_changes,
    list_sections_with_newest,
    list_topics_with_counts,
)
from donate.errors import NotFound
from donate.web.headers import site_url
from donate.web.kept import kept_as
from donate.web.language import LANGUAGES, current_language, main_language, prefixed, say
from donate.web.news.door import OWN_PAGES, news
from donate.web.news.lives_here import ours
from donate.web.reading import languages_offered, newsroom
from donate.web.shelf import shelf

RSS = "application/rss+xml; charset=utf-8"
XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
#: Stories a feed holds.
IN_A_FEED = 30
#: Addresses a part of the site map holds; search engines take ten times as many.
IN_A_PART = 5000

# XML has no way to write these at all.
_UNWRITABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])


@dataclass(frozen=True)
class Entry:
    """One address of the site map."""

    address: str
    changed_at: datetime | None


@news.app_template_filter("xml_text")
def xml_text(text: str) -> str:
    """Leave out what XML can't hold."""
    return text.translate(_UNWRITABLE)


@news.app_template_filter("mail_date")
def mail_date(moment: datetime) -> str:
    """Write a moment as mail and RSS do: ``Fri, 20 Mar 2026 04:00:00 +0000``."""
    return format_datetime(moment)


@news.get("/feed.xml")
@kept_as(RSS)
def feed() -> str:
    """Give the newest stories of the language as RSS."""
    return _feed("", "/", list_articles(current_language(), size=IN_A_FEED))


@news.get("/sections/<slug>/feed.xml")
@kept_as(RSS)
def section_feed(slug: str) -> str:
    """Give the newest stories of a section as RSS."""
    found = find_section(slug)
    if found is None:
        raise NotFound("section_missing", slug=slug)
    page = list_articles_in_section(found, current_language(), size=IN_A_FEED)
    return _feed(say(found.names) or found.name, f"/sections/{slug}", page)


def _feed(part: str, path: str, page: Page) -> str:
    address = site_url() + prefixed(path, current_language())
    return render_template(
        "news/feed.xml", part=part, address=address, self_address=address.rstrip("/") + "/feed.xml", page=page
    )


@news.get("/robots.txt")
@kept_as(TEXT)
def robots() -> str:
    """Tell search engines what is not for them, and where everything else is listed."""
    prefixes = ["" if code == main_language() else f"/{code}" for code in LANGUAGES]
    kept_out = [f"Disallow: {prefix}{path}" for path in ("/donate?", "/gifts/") for prefix in prefixes]
    return "\n".join(["User-agent: *", *kept_out, "", f"Sitemap: {site_url()}/sitemap.xml", ""])


@news.get("/sitemap.xml")
@kept_as(XML)
def sitemap() -> str:
    """List the parts of the site map and when something in each last changed."""
    changes = list_changes(ours())
    parts = [changes[at : at + IN_A_PART] for at in range(0, len(changes), IN_A_PART)]
    entries = [Entry(site_url() + "/sitemap-pages.xml", None)]
    entries += [Entry(f"{site_url()}/sitemap-articles-{at}.xml", max(part)) for at, part in enumerate(parts, 1)]
    return render_template("news/sitemap.xml", index=True, entries=entries)


@news.get("/sitemap-articles-<int:part>.xml")
@kept_as(XML)
def sitemap_articles(part: int) -> str:
    """List the articles that live here, one part of them."""
    rows = list_addresses(ours(), part, IN_A_PART) if 0 < part < IN_A_PART else []
    if not rows:
        raise NotFound("sitemap_missing", part=part)
    entries = [Entry(_whole(f"/articles/{row.slug}", row.language), row.changed_at) for row in rows]
    return render_template("news/sitemap.xml", index=False, entries=entries)


@news.get("/sitemap-pages.xml")
@kept_as(XML)
def sitemap_pages() -> str:
    """List every page that is no article: lists that hold something, appeals that are on, the newsroom's own pages."""
    entries = [
        entry
        for language in languages_offered()
        for entry in (*_lists(language), *_appeals(language), *_texts(language))
    ]
    return render_template("news/sitemap.xml", index=False, entries=entries)


def _lists(language: str) -> list[Entry]:
    sections = [each for each in list_sections_with_newest(language) if each.changed_at is not None]
    topics = list_topics_with_counts(language)
    newest = list_articles(language, size=1).teasers
    lists = [Entry(_whole(path, language), None) for path in ("/", "/browse") if newest]
    lists += [Entry(_whole(f"/sections/{each.section.slug}", language), each.changed_at) for each in sections]
    return lists + [Entry(_whole(f"/topics/{each.topic.slug}", language), each.changed_at) for each in topics]


def _appeals(language: str) -> list[Entry]:
    day = shelf().out_now().day
    return [
        Entry(_whole(f"/appeals/{each.slug}", language), None)
        for each in shelf().out_now().index.campaigns
        if each.words(language) is not None
        and (each.starts_on is None or each.starts_on <= day)
        and (each.ends_on is None or day <= each.ends_on)
    ]


def _texts(language: str) -> list[Entry]:
    texts = newsroom().texts
    return [Entry(_whole(f"/{slug}", language), None) for slug in OWN_PAGES if language in texts.get(slug, {})]


def _whole(path: str, language: str) -> str:
    return site_url() + (prefixed(path, language) if language in LANGUAGES else path)
