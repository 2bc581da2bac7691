"""What may be said of a story beside its words, and what each means for asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

#: In the order in which an editor reads them.
FLAGS = ("do_not_ask", "sensitive", "correction", "retraction", "embargo")

#: Beside these no ask stands at all, whatever the appeal.
SILENT = frozenset({"do_not_ask", "retraction", "embargo"})


def is_silent(flags: Mapping[str, Mapping[str, str]]) -> bool:
    """Tell whether no ask may stand beside a story.

    Args:
        flags: As the article's row keeps them.
    """
    return any(flag in SILENT for flag in flags)


def since_by_flag(flags: Mapping[str, Mapping[str, str]]) -> dict[str, datetime]:
    """Tell since when each flag stands.

    Args:
        flags: As the article's row keeps them.
    """
    return {flag: datetime.fromisoformat(told["since"]) for flag, told in flags.items()}


def flags_after_import(
    flags: Mapping[str, Mapping[str, str]], said: Iterable[str], now: datetime
) -> dict[str, dict[str, str]]:
    """Give a story's flags after its source was read again: an editor's stay, a source's are as it says now.

    Args:
        flags: As the article's row keeps them.
        said: What the source says of the story.
        now: The moment it was read.
    """
    told = {flag: dict(how) for flag, how in flags.items() if how["by"] == "editor" or flag in said}
    for flag in said:
        told.setdefault(flag, {"by": "import", "since": now.isoformat()})
    return told
