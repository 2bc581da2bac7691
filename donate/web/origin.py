"""Where a request comes from: its network as limits and history know it, its browser in words, and which site."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from flask import Request, request

from donate import references

_BROWSERS = (
    (r"EdgA?/|Edg/", "Edge"), (r"OPR/|Opera", "Opera"), (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"), (r"CriOS/|Chrome/|Chromium/", "Chrome"), (r"Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    (r"iPad", "iPad"), (r"iPhone|iPod", "iPhone"), (r"Android", "Android"), (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "Mac"), (r"CrOS", "ChromeOS"), (r"Linux|X11", "Linux"),
)  # fmt: skip


def network() -> str:
    """Tell the network a request comes from: the /24 of an IPv4 address, the /64 of an IPv6 one."""
    return network_of(request.remote_addr or "")


def network_of(address: str) -> str:
    """Tell an address's network; what is no address is a network of its own.

    Args:
        address: Such as ``203.0.113.9`` or ``2001:db8::1``.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    bits = 24 if found.version == 4 else 64
    return str(ipaddress.ip_network((found, bits), strict=False))


def network_hash() -> str:
    """Give the keyed hash of a request's network, for the history."""
    return references.sign("network", network())


def device_words() -> str:
    """Tell a request's browser and system in words, such as ``Firefox, Windows``; empty where unknown."""
    agent = request.headers.get("User-Agent", "")[:500]
    words = (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))
    return ", ".join(word for word in words if word)


def is_from_elsewhere(asked: Request, site: str) -> bool:
    """Tell whether a browser says that another site sent this form or made this press.

    Args:
        asked: The request.
        site: Our own address.
    """
    fetched_by = asked.headers.get("Sec-Fetch-Site")
    if fetched_by:
        return fetched_by not in ("same-origin", "none")
    origin = asked.headers.get("Origin")
    return origin is not None and origin != site and urlsplit(origin).netloc != asked.host


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, agent)), "")
