"""Where to go after signing in: a path of this site, and nothing that leads elsewhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LONGEST = 500
# A path as we write them: printable ASCII, and no backslash, which browsers read as a slash.
_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


def safe_next(asked: str, otherwise: str) -> str:
    """Give a path that may be gone to, else another.

    Args:
        asked: From a link or a form: anybody may have written it.
        otherwise: Where to go instead.
    """
    if len(asked) > _LONGEST or not _PATH.fullmatch(asked):
        return otherwise
    parts = urlsplit(asked)
    return asked if not parts.scheme and not parts.netloc else otherwise
