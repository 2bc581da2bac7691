"""A WordPress export (WXR), read post by post so that ten thousand take no more memory than one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, BinaryIO
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, iterparse

from donate.articles.importers.encoding import Utf8Reader, choose_encoding
from donate.articles.importers.identity import identify
from donate.articles.importers.language import language_of
from donate.articles.importers.lead_picture import lift_lead_picture
from donate.articles.importers.moment import read_rfc_moment, read_wordpress_moment
from donate.articles.importers.paragraphs import lift_dateline, plain, to_paragraphs
from donate.articles.importers.shortcodes import unfold_shortcodes
from donate.articles.importers.wordpress_terms import UNSORTED
from donate.articles.slug import slug_from
from donate.articles.story import Skipped, Story
from donate.errors import Unreadable

#: One post, with everything in it, is never larger.
LARGEST_ITEM = 8 * 1024 * 1024
_DEEPEST = 60
_PREFIXES = ("atom", "media", "itunes", "georss", "geo", "slash", "sy", "wfw", "image", "podcast", "googleplay", "thr")
_NAMESPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}


@dataclass(frozen=True)
class _Picture:
    """An attachment: what a post's lead image needs of it."""

    address: str
    caption: str
    alt: str


@dataclass
class _Channel:
    """What stands before the posts and holds for all of them."""

    origin: str
    zone: str
    link: str = ""
    language: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, _Picture] = field(default_factory=dict)


def read_wxr(file: BinaryIO, what: object, *, zone: str) -> Iterator[Story | Skipped]:
    """Read the published posts of an export, one at a time.

    Args:
        file: Open for reading; it is read twice, for pictures may follow the posts they belong to.
        what: Its name, for messages.
        zone: The newsroom's: dates without a zone are in it.

    Raises:
        Unreadable: ``not_well_formed`` (line), ``entities_refused``, ``item_too_large``, ``too_deep``; what stood
            before the trouble has been yielded.
    """
    encoding = choose_encoding(file, what)
    channel = _Channel(origin=str(what), zone=zone)
    try:
        for item in _items(file, encoding, channel):
            if _text(item, "wp:post_type") == "attachment":
                _note_picture(channel, item)
    except Unreadable:
        # Told when the posts before it have been read.
        pass
    for item in _items(file, encoding, channel):
        if _text(item, "wp:post_type") == "post" and _text(item, "wp:status") == "publish":
            yield _read_post(item, channel)


def _items(file: BinaryIO, encoding: str, channel: _Channel) -> Iterator[Element]:
    """Give each item when it is complete, and forget it."""
    file.seek(0)
    reader = Utf8Reader(file, encoding, LARGEST_ITEM, _declare_prefixes)
    # What the file declares does not matter any more: the reader has made it UTF-8.
    events = iterparse(reader, ("start", "end"), DefusedXMLParser(encoding="utf-8"))
    open_elements: list[Element] = []
    try:
        for event, element in events:
            if event == "start":
                open_elements.append(element)
                if len(open_elements) > _DEEPEST:
                    raise Unreadable("too_deep")
                continue
            open_elements.pop()
            if element.tag == "item":
                yield element
                reader.rest()
            if element.tag == "item" or len(open_elements) == 2:
                _note_channel(channel, element)
                open_elements[-1].remove(element)
    except ParseError as problem:
        raise Unreadable("not_well_formed", line=problem.position[0]) from problem
    except DefusedXmlException as problem:
        raise Unreadable("entities_refused") from problem


def _declare_prefixes(head: str) -> str:
    """Declare the prefixes that plug-ins write into exports without saying what they are."""
    root = re.search(r"<rss\b[^>]*", head)
    if root is None:
        return head
    missing = [prefix for prefix in _PREFIXES if f"xmlns:{prefix}" not in root[0]]
    said = "".join(f' xmlns:{prefix}="undeclared:{prefix}"' for prefix in missing)
    return head[: root.end()] + said + head[root.end() :]


def _note_channel(channel: _Channel, element: Element) -> None:
    name = _name(element.tag)
    if name == "wp:author":
        login = _text(element, "wp:author_login")
        channel.authors[login] = plain(_text(element, "wp:author_display_name")) or login
    elif name == "language":
        channel.language = (element.text or "").strip()
    elif name == "link":
        channel.link = (element.text or "").strip()


def _note_picture(channel: _Channel, item: Element) -> None:
    address = _text(item, "wp:attachment_url")
    if re.search(r"(?i)\.(jpe?g|png|gif|webp|avif)$", address.partition("?")[0]):
        alt = _meta(item, "_wp_attachment_image_alt")
        channel.pictures[_text(item, "wp:post_id")] = _Picture(address, plain(_text(item, "excerpt:encoded")), alt)


def _read_post(item: Element, channel: _Channel) -> Story | Skipped:
    title = plain(_text(item, "title"))
    if _text(item, "wp:post_password"):
        return Skipped(title, Unreadable("behind_password"))
    link = _text(item, "link")
    source, guid = identify(_text(item, "guid") or _text(item, "wp:post_id"), link, channel.link or channel.origin)
    stored = unfold_shortcodes(_text(item, "content:encoded"))
    dateline, body = lift_dateline(to_paragraphs(stored, base=link, newlines=True))
    picture = channel.pictures.get(_meta(item, "_thumbnail_id"), _Picture("", "", ""))
    body, caption = lift_lead_picture(body, picture.address, picture.caption)
    sections, tags = _terms(item)
    return Story(
        source=source,
        guid=guid,
        headline=title,
        body_html=body,
        language=language_of(f"{title} {plain(body[:4000])}", channel.language),
        slug=_slug(_text(item, "wp:post_name")),
        deck=plain(_text(item, "excerpt:encoded")),
        dateline=dateline,
        byline=_byline(item, channel),
        image=picture.address,
        image_alt=picture.alt,
        image_caption=caption,
        sections=sections,
        makes_section=True,
        topics=tags,
        published_at=read_wordpress_moment(_text(item, "wp:post_date_gmt"))
        or read_wordpress_moment(_text(item, "wp:post_date"), channel.zone)
        or read_rfc_moment(_text(item, "pubDate")),
        canonical_url=link,
    )


def _byline(item: Element, channel: _Channel) -> str:
    # Co-Authors Plus names several authors as terms of the post.
    several = [plain(each.text or "") for each in item if each.tag == "category" and each.get("domain") == "author"]
    login = _text(item, "dc:creator")
    return ", ".join(name for name in several if name) or channel.authors.get(login) or plain(login)


def _terms(item: Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sections: dict[str, None] = {}
    tags: dict[str, None] = {}
    for each in item:
        if each.tag != "category" or not (name := plain(each.text or "")):
            continue
        if each.get("domain") == "post_tag":
            tags[name] = None
        elif each.get("domain", "category") == "category" and name.casefold() not in UNSORTED:
            sections[name] = None
    return tuple(sections), tuple(tags)


def _slug(post_name: str) -> str:
    # WordPress keeps an Arabic name percent-encoded, cut at 200 bytes.
    slug = slug_from(unquote(post_name, errors="ignore"))
    return "" if slug.isdecimal() else slug


def _meta(item: Element, key: str) -> str:
    for each in item:
        if _name(each.tag) == "wp:postmeta" and _text(each, "wp:meta_key") == key:
            return _text(each, "wp:meta_value")
    return ""


def _text(parent: Element, name: str) -> str:
    for each in parent:
        if _name(each.tag) == name:
            return (each.text or "").strip()
    return ""


@lru_cache(maxsize=512)
def _name(tag: Any) -> str:
    """Shorten ``{namespace}name`` to the prefix everyone knows it by."""
    space, brace, name = str(tag).rpartition("}")
    if not brace:
        return name
    address = space.removeprefix("{")
    if re.fullmatch(r"https?://wordpress\.org/export/[\d.]+/?", address):
        return f"wp:{name}"
    if re.fullmatch(r"https?://wordpress\.org/export/[\d.]+/excerpt/?", address):
        return f"excerpt:{name}"
    return _NAMESPACES.get(address, "other:") + name
