"""What an article may contain: text, pictures and links, and nothing that can run or reach out."""

from __future__ import annotations

import re

import nh3

_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "blockquote": {"class"},
    "span": {"class"},
    "img": {"src", "alt", "width", "height"},
    "p": {"lang", "dir"},
}
_CLASSES = {"blockquote": "pull", "span": "dateline"}
_TAGS = {
    *("p", "h2", "h3", "blockquote", "footer", "ul", "ol", "li", "figure", "figcaption", "img", "br"),
    *("a", "em", "strong", "cite", "span", "mark", "bdi", "sub", "sup"),
}
#: These go with everything in them; other unknown tags leave their text behind.
_GONE_WITH_CONTENT = {
    *("script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math"),
    *("form", "select", "textarea", "title"),
}
_RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}


def sanitise(html: str) -> str:
    """Keep what an article may contain, drop the rest, and say nothing about it.

    Links lead to http, https or mailto, or to a place on this site; pictures come over https or from
    ``/static/``; no style, no event attribute, no ``data:``.

    Args:
        html: HTML from anywhere.

    Returns:
        Balanced HTML that can't run script.
    """
    return _CLEANER.clean(_rename(html)).strip()


def _rename(html: str) -> str:
    # Before cleaning, so that whatever comes of it is still cleaned.
    names = "|".join(_RENAMED)
    return re.sub(rf"(?i)(</?)({names})(?=[\s/>])", lambda found: found[1] + _RENAMED[found[2].lower()], html)


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        wanted = _CLASSES.get(tag)
        return wanted if wanted in value.split() else None
    if attribute == "href":
        return value if re.match(r"(?i)(https?://|mailto:)", value) or _is_local(value) else None
    if attribute == "src":
        return value if value.startswith(("https://", "/static/")) and ".." not in value else None
    if attribute in ("width", "height"):
        return value if re.fullmatch(r"\d{1,4}", value) else None
    if attribute == "dir":
        return value if value in ("ltr", "rtl", "auto") else None
    return value


def _is_local(address: str) -> bool:
    # "//elsewhere" and "/\elsewhere" leave the site.
    return bool(re.match(r"/(?![/\\])|#\w", address))


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_GONE_WITH_CONTENT,
    attributes=_ATTRIBUTES,
    attribute_filter=_keep,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener",
    strip_comments=True,
)
