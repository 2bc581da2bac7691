"""Which format a source is in, told from its first characters and never from its name."""

from __future__ import annotations

import re
from typing import BinaryIO

from donate.articles.importers.encoding import choose_encoding, clean_text
from donate.errors import Unreadable

_HEAD = 64 * 1024
_SKIPPED = re.compile(r"(?is)\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype[^\[>]*(?:\[.*?\]\s*)?>)")
_HTML = re.compile(r"(?i)<(html|head|body|article|main|meta|title|div|p|h1|section|script|style|link|table)\b")


def detect(file: BinaryIO, what: object) -> str:
    """Tell a source's format; the file is left at its start.

    Args:
        file: Open for reading.
        what: Its name, for messages.

    Returns:
        ``wxr``, ``feed``, ``wordpress_rest``, ``html_page`` or ``capture``.

    Raises:
        Unreadable: ``format_unknown``; ``json_feed``; ``empty``.
    """
    file.seek(0)
    content = file.read(_HEAD)
    file.seek(0)
    if not content.strip():
        raise Unreadable("empty")
    if content.startswith((b"\x1f\x8b", b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise Unreadable("packed")
    text = _head_of(content, file, what).lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return _markup(text)
    if re.match(r"\[\s*[{\]]|\{\s*\"", text):
        if re.search(r"https?://jsonfeed\.org/version", text[:2000]):
            raise Unreadable("json_feed")
        return "wordpress_rest"
    return "capture"


def _markup(text: str) -> str:
    rest = text
    while found := _SKIPPED.match(rest):
        rest = rest[found.end() :]
    rest = rest.lstrip()
    if re.match(r"(?i)<(\w+:)?rss\b|<(\w+:)?RDF\b|<(\w+:)?feed\b", rest):
        return "wxr" if re.search(r"wordpress\.org/export/|<wp:wxr_version", rest) else "feed"
    if re.match(r"(?i)<!doctype\s+html", text) or _HTML.match(rest):
        return "html_page"
    # A comment or document type that never ends, or another kind of XML.
    raise Unreadable("format_unknown")


def _head_of(content: bytes, file: BinaryIO, what: object) -> str:
    # The tags alone decide here; what the letters are, the format's own reader finds out.
    try:
        encoding = choose_encoding(file, what)
    except Unreadable:
        encoding = "latin-1"
    return clean_text(content.decode(encoding, "replace"))
