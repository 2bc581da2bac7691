"""Where a story lives: here, or at the source it came from."""

from __future__ import annotations

from donate.web.headers import site_url
from donate.web.reading import newsroom


def lives_here(canonical_url: str) -> bool:
    """Tell whether search engines are sent to our own page of a story.

    Args:
        canonical_url: Its source's address; empty where it came from nowhere else.
    """
    under = ours()
    return not canonical_url or under is None or canonical_url.startswith(under)


def ours() -> str | None:
    """Give the address under which stories are our own; None where every story is, whatever its source."""
    return None if newsroom().is_main_site else site_url() + "/"
