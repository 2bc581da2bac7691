"""Which story this is: the same for one post, whether it comes from an export, a feed or the site's own API."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_EVERYWHERE = re.compile(r"(?i)(https?://|tag:|urn:|[0-9a-f]{8}-[0-9a-f]{4}-)")


def site_of(address: str) -> str:
    """Name the site of an address: its host without ``www.``, or nothing."""
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def identify(guid: str, link: str, origin: str) -> tuple[str, str]:
    """Tell a story's source and its id there.

    Args:
        guid: What the source calls it; may be empty.
        link: Its page's address; may be empty.
        origin: The feed or file it came in: an id such as ``17`` means something only there.

    Returns:
        (source, guid), as ``Story`` has them.
    """
    guid, link = guid.strip(), link.strip()
    if not guid:
        guid = link
    site = site_of(link) or site_of(guid)
    if guid and _EVERYWHERE.match(guid):
        return (site or "feed")[:300], guid
    where = without_query(origin) if site_of(origin) else re.split(r"[/\\]", origin)[-1]
    return (where or site)[:300], guid


def without_query(address: str) -> str:
    """Cut an address's query and fragment."""
    return re.split(r"[?#]", address, maxsplit=1)[0]
