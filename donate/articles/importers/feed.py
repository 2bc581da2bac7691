"""RSS and Atom: every entry a story, as full as the feed gives it."""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, BinaryIO

import feedparser

from donate.articles.importers.encoding import read_markup
from donate.articles.importers.identity import identify
from donate.articles.importers.language import language_of
from donate.articles.importers.lead_picture import lift_lead_picture
from donate.articles.importers.paragraphs import lift_dateline, plain, to_paragraphs
from donate.articles.importers.shortcodes import unfold_shortcodes
from donate.articles.importers.wordpress_terms import UNSORTED
from donate.articles.story import Skipped, Story
from donate.errors import Unreadable

LARGEST = 50 * 1024 * 1024
_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|RDF)\b", re.IGNORECASE)
_END = {"rss": "</channel></rss>", "feed": "</feed>", "rdf": "</rdf:RDF>"}
# What WordPress adds below every entry of its feeds.
_APPEARED = re.compile(
    r"<p>\s*The post <a\b[^>]*>(?:(?!</p>).)*</a> (?:first )?appeared first on .*?</p>\s*$", re.DOTALL
)
_TO_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_feed(file: BinaryIO, what: object, *, address: str = "", told: str = "") -> Iterator[Story | Skipped]:
    """Read the entries of a feed.

    Args:
        file: Open for reading.
        what: Its name, for messages.
        address: Where it came from, if from an address: what it links to is relative to it.
        told: The encoding its answer's header said.

    Raises:
        Unreadable: ``entities_refused``, ``not_a_feed``, ``broken_off`` once its whole entries have been yielded,
            and what ``read_markup`` says.
    """
    text = read_markup(file, what, most=LARGEST, told=told)
    text, is_broken = _prepare(text)
    # As a stream: a plain string could be taken for an address or a file's name. Its own cleaning is off, for it
    # is ours that decides what stays; so is its rewriting of links, which takes entries through a second parser.
    parsed = feedparser.parse(
        io.BytesIO(text.encode()),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-location": address} if address else None,
    )
    if not parsed.entries and not parsed.get("version"):
        raise Unreadable("not_a_feed")
    origin = address or str(parsed.feed.get("id") or parsed.feed.get("link") or what)
    for entry in parsed.entries:
        yield _read_entry(entry, parsed.feed, origin)
    if is_broken:
        raise Unreadable("broken_off")


def _prepare(text: str) -> tuple[str, bool]:
    """Take off what could reach out or grow, and cut an entry that breaks off; tell whether one did."""
    root = _ROOT.search(text)
    if root is None:
        raise Unreadable("not_a_feed")
    if re.search(r"(?i)<!ENTITY", text[: root.start()]):
        raise Unreadable("entities_refused")
    # A picture's title and caption, which feedparser would take for the entry's own.
    body = re.sub(r"(</?media:)(title|description)\b[^<>]*>", r"\1picture_\2>", text[root.start() :])
    kind = root[1].lower()
    is_broken = not re.search(rf"(?i)</(\w+:)?{kind}\s*>", body[-2000:])
    if is_broken:
        last = max(body.lower().rfind("</item>"), body.lower().rfind("</entry>"))
        body = (body[: body.index(">", last) + 1] if last > 0 else body) + _END[kind]
    return '<?xml version="1.0" encoding="utf-8"?>\n' + body, is_broken


def _read_entry(entry: Any, feed: Any, origin: str) -> Story:
    link = _text(entry.get("link"))
    source, guid = identify(_text(entry.get("id")), link, origin)
    html, summary = _content(entry)
    html = _without_notice(unfold_shortcodes(html))
    is_plain = not re.search(r"<\w+[^<>]*>", html)
    dateline, body = lift_dateline(to_paragraphs(html, base=link or origin, newlines=is_plain))
    title = _title(entry)
    image, said, credit = _image(entry)
    body, caption = lift_lead_picture(body, image, said)
    terms = tuple(name for tag in entry.get("tags", ()) if (name := plain(_text(tag.get("term")))))
    terms = tuple(dict.fromkeys(name for name in terms if name.casefold() not in UNSORTED))
    language = _text(entry.get("language")) or _said_language(entry) or _text(feed.get("language"))
    return Story(
        source=source,
        guid=guid or title,
        headline=title,
        body_html=body,
        language=language_of(f"{title} {plain(body[:4000])}", language),
        deck=_deck(summary, body),
        dateline=dateline,
        byline=_byline(entry),
        image=image,
        image_caption=caption,
        image_credit=credit,
        # A feed says "category" of sections and tags alike: it makes none, and what is no section here is a topic.
        sections=terms,
        published_at=_moment(entry),
        canonical_url=link,
    )


def _content(entry: Any) -> tuple[str, str]:
    """Choose the fullest text, and the summary beside it."""
    contents = [each for each in entry.get("content", ()) if _text(each.get("value"))]
    kinds = ("text/", "application/xhtml")
    textual = [each for each in contents if str(each.get("type", "text/html")).startswith(kinds)]
    full = max((_html(each) for each in textual), key=len, default="")
    detail = dict.get(entry, "summary_detail")
    summary = _html(detail) if detail else _text(dict.get(entry, "summary"))
    if not full and not summary:
        # A video's entry has no other words than those beside its picture.
        return _text(entry.get("media_picture_description")), ""
    return (full, summary) if full else (summary, "")


def _html(detail: Any) -> str:
    value = _text(detail.get("value"))
    # Said to be plain, so what looks like a tag is none.
    return value.replace("&", "&amp;").replace("<", "&lt;") if detail.get("type") == "text/plain" else value


def _title(entry: Any) -> str:
    detail = entry.get("title_detail") or {}
    title = _text(entry.get("title"))
    if detail.get("type") == "text/plain":
        # Many feeds escape twice.
        return re.sub(r"\s+", " ", unescape(title)).strip()
    return plain(title)


def _without_notice(html: str) -> str:
    # It stands at the end; no more than that is looked through.
    return html[:-3000] + _APPEARED.sub("", html[-3000:])


def _deck(summary: str, body: str) -> str:
    words = plain(_without_notice(summary))
    cut = re.sub(r"\s*\[?(…|\.\.\.)\]?\s*$", "", words)
    return "" if len(words) > 600 or plain(body).startswith(cut[:120]) else words


def _byline(entry: Any) -> str:
    names = [plain(_text(each.get("name"))) for each in entry.get("authors", ())]
    return ", ".join(dict.fromkeys(name for name in names if name)) or plain(_text(entry.get("author")))


def _said_language(entry: Any) -> str:
    for each in (*entry.get("content", ()), entry.get("title_detail") or {}):
        if each.get("language"):
            return _text(each["language"])
    return ""


def _image(entry: Any) -> tuple[str, str, str]:
    """Choose the largest picture: its address, caption and credit."""
    found: list[tuple[int, str]] = []
    for each in (*entry.get("media_content", ()), *entry.get("enclosures", ()), *entry.get("media_thumbnail", ())):
        address = _text(each.get("url") or each.get("href"))
        kind = _text(each.get("type")) or _text(each.get("medium"))
        is_thumbnail = not kind and each in entry.get("media_thumbnail", ())
        if address and (kind.startswith("image") or is_thumbnail or _looks_like_picture(kind, address)):
            width = _text(each.get("width"))
            found.append((int(width) if width.isdecimal() and len(width) < 6 else 0, address))
    best = max(found, key=lambda each: each[0], default=(0, ""))[1]
    if not best:
        return "", "", ""
    credit = next((plain(_text(each.get("content"))) for each in entry.get("media_credit", ())), "")
    caption = plain(_text(entry.get("media_picture_description")))
    return best, caption, credit


def _looks_like_picture(kind: str, address: str) -> bool:
    return not kind and bool(re.search(r"(?i)\.(jpe?g|png|gif|webp|avif)([?#]|$)", address))


def _moment(entry: Any) -> datetime | None:
    # dict.get: feedparser's own would answer "updated" with what was published, and warn of it.
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        if (parsed := dict.get(entry, name)) is not None:
            try:
                return _TO_EPOCH + timedelta(seconds=calendar.timegm(parsed))
            except (ValueError, OverflowError):
                continue
    return None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
