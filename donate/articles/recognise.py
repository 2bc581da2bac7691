"""Recognise a page elsewhere by its address, however the link to it was written or decorated."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

#: Longer than any address that browsers and sites agree on.
MOST_LETTERS = 2000
# What links carry for counting; the page is the same without.
_COUNTING = re.compile(r"(?i)utm_.*|fbclid|gclid|dclid|msclkid|twclid|igshid|mc_cid|mc_eid|yclid|_ga")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class PageAddress:
    """A page's address without what does not tell it from others.

    Args:
        host: In small letters, without ``www.`` and without the usual port.
        path: Decoded, without a slash at its end.
        query: In order of its names, without what is there for counting.
    """

    host: str
    path: str
    query: str

    @property
    def mark(self) -> str:
        """The same short text for every address of the page: what stories are looked up by."""
        return hashlib.sha256(f"{self.host}{self.path}?{self.query}".encode()).hexdigest()[:32]


def read_address(text: str) -> PageAddress | None:
    """Read an address as somebody's page gives it; none where it is no http address.

    Args:
        text: Such as ``https://www.example.org/story/?utm_source=letter#top``.
    """
    if len(text) > MOST_LETTERS or re.search(r"[\s\x00-\x1f\x7f\\]", text):
        return None
    try:
        parts = urlsplit(text)
        host, port = _ascii(parts.hostname or ""), parts.port
        asked = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    if port is not None and port != _PORTS[parts.scheme]:
        host = f"{host}:{port}"
    kept = sorted((name, value) for name, value in asked if not _COUNTING.fullmatch(name))
    # What was no text before it was encoded is none here either, and the same each time.
    return PageAddress(host, unquote(parts.path).rstrip("/"), urlencode(kept, errors="replace"))


def mark_address(text: str) -> str:
    """Give the mark of a page's address; empty where it is none.

    Args:
        text: The address.
    """
    address = read_address(text)
    return address.mark if address is not None else ""


def _ascii(host: str) -> str:
    found = host if ":" in host else host.encode("idna").decode("ascii").lower()
    return found.removeprefix("www.")
