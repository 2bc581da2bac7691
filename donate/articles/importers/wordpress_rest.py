"""Posts as WordPress's REST API answers them: a saved file, or a site page by page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from donate.articles.fetch import Fetched
from donate.articles.importers.encoding import clean_text, read_markup
from donate.articles.importers.identity import identify, site_of
from donate.articles.importers.language import language_of
from donate.articles.importers.lead_picture import lift_lead_picture
from donate.articles.importers.moment import read_wordpress_moment
from donate.articles.importers.paragraphs import lift_dateline, plain, to_paragraphs
from donate.articles.importers.shortcodes import unfold_shortcodes
from donate.articles.importers.wordpress_terms import UNSORTED
from donate.articles.slug import slug_from
from donate.articles.story import Skipped, Story
from donate.errors import Unreadable

LARGEST = 50 * 1024 * 1024
_MOST_PAGES = 2000
_ROUTE = re.compile(r"(/wp-json/|[?&]rest_route=/?)wp/v2/")


def is_rest_address(address: str) -> bool:
    """Tell whether an address is a list of WordPress's REST API."""
    return bool(_ROUTE.search(unquote(address)))


def with_query(address: str, **values: str | int) -> str:
    """Set values in an address's query, each once; ``_embed`` is always asked for, since names stand there."""
    parts = urlsplit(address)
    query = {"_embed": "1", "per_page": "50", **dict(parse_qsl(parts.query, keep_blank_values=True))}
    query |= {name: str(value) for name, value in values.items()}
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))


def read_wordpress_rest(file: BinaryIO, what: object, *, zone: str) -> Iterator[Story | Skipped]:
    """Read the posts of a saved answer: a list, or one post.

    Args:
        file: Open for reading.
        what: Its name, for messages.
        zone: The newsroom's.

    Raises:
        Unreadable: ``not_json``, ``no_posts``, ``site_refused`` (says), and what ``read_markup`` says.
    """
    for post in _posts(file, what):
        yield _read_post(post, str(what), zone)


def read_wordpress_site(
    address: str,
    fetch: Callable[[str], Fetched],
    *,
    zone: str,
    since: datetime | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> Iterator[Story | Skipped]:
    """Read a site's posts page by page, fetching the next one when the last is used up.

    Args:
        address: Such as ``https://news.example/wp-json/wp/v2/posts``.
        fetch: Fetches an address.
        zone: The newsroom's.
        since: Read only what was changed after it, the latest change first; None reads everything.
        go_on: Asked before each page; where it says no, reading ends with ``not_all_read``.

    Raises:
        Unreadable: What ``read_wordpress_rest`` and ``fetch`` say.
    """
    next_one: str | None = with_query(address, **({"orderby": "modified", "order": "desc"} if since else {}))
    for number in range(1, _MOST_PAGES + 1):
        if next_one is None:
            return
        if not go_on():
            raise Unreadable("not_all_read")
        page = fetch(next_one)
        with page.file:
            posts = _posts(page.file, next_one)
        fresh = [post for post in posts if since is None or _changed_after(post, since)]
        for post in fresh:
            yield _read_post(post, address, zone)
        next_one = _following(page, next_one, number) if posts and len(fresh) == len(posts) else None


def _following(page: Fetched, address: str, number: int) -> str | None:
    """Find the next page's address, on the same site."""
    if found := re.search(r"""<([^<>]+)>\s*;[^,]*\brel="?next"?""", page.headers.get("link", "")):
        return with_query(found[1]) if site_of(found[1]) == site_of(address) else None
    total = page.headers.get("x-wp-totalpages", "")
    if total.isdecimal() and len(total) < 6 and number < int(total):
        return with_query(address, page=number + 1)
    return None


def _posts(file: BinaryIO, what: object) -> list[dict[str, Any]]:
    try:
        answer = json.loads(read_markup(file, what, most=LARGEST))
    except (ValueError, RecursionError) as problem:
        raise Unreadable("not_json") from problem
    posts = answer if isinstance(answer, list) else [answer]
    if isinstance(answer, dict) and "content" not in answer:
        if says := _str(answer, "message"):
            raise Unreadable("site_refused", says=plain(says)[:200])
        raise Unreadable("no_posts")
    if any(not isinstance(post, dict) or not ("content" in post or "title" in post) for post in posts):
        raise Unreadable("no_posts")
    return posts


def _changed_after(post: dict[str, Any], since: datetime) -> bool:
    changed = read_wordpress_moment(_str(post, "modified_gmt"))
    return changed is None or changed > since


def _read_post(post: dict[str, Any], origin: str, zone: str) -> Story | Skipped:
    title = plain(_rendered(post, "title"))
    link = _str(post, "link")
    if post.get("status", "publish") != "publish":
        return Skipped(title or link, Unreadable("not_published"))
    if _at(post, "content", "protected") is True:
        return Skipped(title or link, Unreadable("behind_password"))
    source, guid = identify(_rendered(post, "guid") or str(post.get("id", "")), link, origin)
    rendered = unfold_shortcodes(_rendered(post, "content"))
    dateline, body = lift_dateline(to_paragraphs(rendered, base=link, newlines="<" not in rendered))
    image = _str(_media(post), "source_url")
    body, caption = lift_lead_picture(body, image, plain(_rendered(_media(post), "caption")))
    sections, tags = _terms(post)
    slug = slug_from(unquote(_str(post, "slug"), errors="ignore"))
    return Story(
        source=source,
        guid=guid,
        headline=title,
        body_html=body,
        language=language_of(f"{title} {plain(body[:4000])}", _str(post, "lang") or None),
        slug="" if slug.isdecimal() else slug,
        deck=_deck(post, body),
        dateline=dateline,
        byline=_byline(post),
        image=image,
        image_alt=plain(_str(_media(post), "alt_text")),
        image_caption=caption,
        sections=sections,
        makes_section=True,
        topics=tags,
        published_at=read_wordpress_moment(_str(post, "date_gmt")) or read_wordpress_moment(_str(post, "date"), zone),
        canonical_url=link,
    )


def _deck(post: dict[str, Any], body: str) -> str:
    """Give the excerpt an editor wrote; one that WordPress cut from the body is none."""
    excerpt = plain(_rendered(post, "excerpt"))
    cut = re.sub(r"\s*(\[?(…|\.\.\.)\]?|Continue reading.*|Read more.*)\s*$", "", excerpt)
    return "" if plain(body).startswith(cut[:120]) else excerpt


def _byline(post: dict[str, Any]) -> str:
    authors = _at(post, "_embedded", "author")
    names = [plain(_str(each, "name")) for each in authors] if isinstance(authors, list) else []
    return ", ".join(name for name in names if name) or plain(_str(_at(post, "yoast_head_json"), "author"))


def _media(post: dict[str, Any]) -> Any:
    media = _at(post, "_embedded", "wp:featuredmedia")
    return media[0] if isinstance(media, list) and media else {}


def _terms(post: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    groups = _at(post, "_embedded", "wp:term")
    terms = [term for group in groups if isinstance(group, list) for term in group] if isinstance(groups, list) else []
    names = [(_str(term, "taxonomy"), plain(_str(term, "name"))) for term in terms]
    sections = [name for kind, name in names if kind == "category" and name and name.casefold() not in UNSORTED]
    tags = [name for kind, name in names if kind == "post_tag" and name]
    return tuple(dict.fromkeys(sections)), tuple(dict.fromkeys(tags))


def _rendered(value: Any, name: str) -> str:
    return _str(_at(value, name), "rendered") or _str(value, name)


def _str(value: Any, name: str) -> str:
    found = _at(value, name)
    return clean_text(found).strip() if isinstance(found, str) else ""


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
