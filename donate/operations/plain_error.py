"""What went wrong, as the desk may show it: without addresses, without rows, and short."""

from __future__ import annotations

import re

_LONGEST = 300
_ADDRESS = re.compile(r"[^\s<>()\[\]{}'\",;:]+@[^\s<>()\[\]{}'\",;]+")
# From here on a database repeats the row it refused, names and all.
_ROW = re.compile(r"\s*(\[SQL:|\[parameters:|DETAIL:|Failing row).*", re.DOTALL)
_KIND = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,60}")


def plain_error(error: str | None) -> str:
    """Give an error without what may be personal in it.

    Args:
        error: As the queue keeps it: the exception's name, a colon, its words.
    """
    text = " ".join(_ADDRESS.sub("…@…", _ROW.sub("", error or "")).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def kind_of(error: str | None) -> str:
    """Name what kind of error it is: the exception's name; empty where there is none."""
    found = _KIND.match(error or "")
    return found.group() if found is not None else ""
