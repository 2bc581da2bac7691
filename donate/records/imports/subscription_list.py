"""Read which subscriptions a file names: one a line, or the one that stands in each row of an export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from donate.records.imports.table import FileRefused

_ID = re.compile(r"\bsub_[A-Za-z0-9]{4,80}\b")
_MOST_LETTERS = 100_000


def read_subscriptions(path: Path) -> Iterator[tuple[int, str, str]]:
    """Give (line, id, nothing) of each subscription once, and (line, nothing, why) of lines that name none or several.

    Whatever the columns of an export are called, Stripe's ids of subscriptions begin with ``sub_``.

    Args:
        path: A list, or a CSV file as GiveWP, Donorbox or Stripe export their subscriptions.

    Raises:
        FileRefused: ``file_missing``.
    """
    seen: set[str] = set()
    try:
        with path.open(encoding="utf-8", errors="replace", newline=None) as lines:
            for number, line in enumerate(iter(lambda: lines.readline(_MOST_LETTERS), ""), 1):
                found = sorted(set(_ID.findall(line)))
                if len(found) > 1:
                    yield number, "", "several_ids"
                elif found and found[0] not in seen:
                    seen.add(found[0])
                    yield number, found[0], ""
                elif not found and line.strip() and number > 1:
                    yield number, "", "no_id"
    except OSError as error:
        raise FileRefused("file_missing", why=error.strerror or "") from error
