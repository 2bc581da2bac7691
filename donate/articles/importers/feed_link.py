"""The feed that a page names in its head."""

from __future__ import annotations

import re
from html import unescape

_LINK = re.compile(r"(?i)<link\b[^<>]*>")
_KIND = re.compile(r"(?i)\btype\s*=\s*[\"']?application/(?:rss|atom)\+xml")
_ADDRESS = re.compile(r"(?i)\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")


def find_feed_link(page: str) -> str:
    """Find the address of a page's first feed, as written; empty when it names none."""
    for link in _LINK.findall(page[:500_000]):
        if _KIND.search(link) and (found := _ADDRESS.search(link)):
            return unescape(found[1] or found[2] or found[3] or "")
    return ""
