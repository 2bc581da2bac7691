"""What a news page says about itself in its head: JSON-LD first, then Open Graph, then plain HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from donate.articles.importers.identity import site_of
from donate.articles.importers.paragraphs import plain

_STORY = re.compile(r"(\w*Article|BlogPosting|Report)")


@dataclass(frozen=True)
class PageFacts:
    """The page's own words about its story; what it does not say is empty."""

    headline: str
    deck: str
    byline: str
    published: str
    language: str
    address: str
    image: str
    image_alt: str
    sections: tuple[str, ...]
    topics: tuple[str, ...]


def read_page_facts(page: Any, address: str) -> PageFacts:
    """Read a page's head.

    Args:
        page: Its root element, of lxml.
        address: Where it was fetched, or nothing.
    """
    linked = _linked_data(page)
    canonical = _canonical(page, linked, address)
    image = _first(_meta(page, "og:image", "og:image:secure_url", "twitter:image"), _address(linked.get("image")))
    return PageFacts(
        headline=_headline(page, linked),
        deck=_first(_said(linked, "description"), _meta(page, "og:description", "description")),
        byline=_byline(page, linked),
        published=_first(_said(linked, "datePublished"), _meta(page, "article:published_time", "date"), _time(page)),
        language=_first(page.get("lang") or "", _said(linked, "inLanguage"), _meta(page, "og:locale", "language")),
        address=canonical,
        image=urljoin(canonical, image) if image else "",
        image_alt=_meta(page, "og:image:alt", "twitter:image:alt"),
        sections=tuple(filter(None, (*_names(linked.get("articleSection")), _meta(page, "article:section"))))[:5],
        topics=tuple(dict.fromkeys((*_metas(page, "article:tag"), *_names(linked.get("keywords")))))[:20],
    )


def _headline(page: Any, linked: dict[str, Any]) -> str:
    ones = [plain(each.text_content()) for each in page.iter("h1")]
    printed = ones[0] if len(ones) == 1 else ""
    title = _first(_said(linked, "headline"), _meta(page, "og:title", "twitter:title"), printed)
    title = title or plain(page.findtext(".//title") or "")
    # Machines are told a shortened headline; readers see it whole.
    if printed.startswith(re.sub(r"\s*(…|\.\.\.)$", "", title)):
        return printed
    site = re.escape(_meta(page, "og:site_name"))
    return re.sub(rf"\s+[|–—-]\s+{site}$", "", title) if site else title


def _byline(page: Any, linked: dict[str, Any]) -> str:
    authors = linked.get("author")
    names = [_name(each) for each in (authors if isinstance(authors, list) else [authors])]
    said = [each for each in names if each] or _metas(page, "author") or _metas(page, "article:author")
    return ", ".join(dict.fromkeys(each for each in said if not each.startswith(("http://", "https://"))))


def _canonical(page: Any, linked: dict[str, Any], address: str) -> str:
    """Tell the story's own address; a page read from one site can't claim to be another's."""
    links = [each.get("href") or "" for each in page.iter("link") if "canonical" in (each.get("rel") or "").split()]
    said = _first(*links, _meta(page, "og:url"), _address(linked.get("mainEntityOfPage")), _said(linked, "url"))
    try:
        whole = urljoin(address, said.strip()) if said else address
        parts = urlsplit(whole)
    except ValueError:
        return address
    if parts.scheme not in ("http", "https") or (address and site_of(whole) != site_of(address)):
        return address
    # A front page's address under every story is a mistake that many themes make.
    if address and parts.path in ("", "/") and urlsplit(address).path not in ("", "/"):
        return address
    return whole.partition("#")[0]


def _linked_data(page: Any) -> dict[str, Any]:
    for script in page.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            # Line ends inside strings are against JSON's rules, and common.
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for each in _objects(data):
            kinds = each.get("@type")
            if any(isinstance(kind, str) and _STORY.fullmatch(kind) for kind in _list(kinds)):
                return each
    return {}


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    for each in _list(data):
        if isinstance(each, dict):
            yield each
            yield from (inner for inner in _list(each.get("@graph")) if isinstance(inner, dict))


def _meta(page: Any, *names: str) -> str:
    return _first(*(value for name in names for value in _metas(page, name)[:1]))


def _metas(page: Any, name: str) -> list[str]:
    kinds = ("property", "name", "itemprop")
    found = [each for each in page.iter("meta") if name in [each.get(kind) for kind in kinds]]
    return [words for each in found if (words := plain(each.get("content") or ""))]


def _time(page: Any) -> str:
    return next((each.get("datetime") for each in page.iter("time") if each.get("datetime")), "")


def _said(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return plain(value) if isinstance(value, str) else ""


def _name(value: Any) -> str:
    return plain(value) if isinstance(value, str) else _said(value, "name") if isinstance(value, dict) else ""


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [plain(part) for part in value.split(",") if plain(part)]
    return [name for each in _list(value) if (name := _name(each))]


def _address(value: Any) -> str:
    for each in _list(value):
        if isinstance(each, str):
            return each
        if isinstance(each, dict):
            return _said(each, "url") or _said(each, "@id")
    return ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _first(*words: str) -> str:
    return next((each.strip() for each in words if each and each.strip()), "")
