"""Pages of a long list at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Paging:
    """Which page of a list is shown.

    Args:
        number: Counted from 1.
        last: The last page.
        total: Lines of the whole list.
        skip: Lines before this page.
        query: What the list was asked for, for links to its other pages.
    """

    number: int
    last: int
    total: int
    skip: int
    query: Mapping[str, str]


def read_page(args: Mapping[str, str], total: int, at_once: int) -> Paging:
    """Read which page is asked for; one beyond the last is the last.

    Args:
        args: Of the address.
        total: Lines of the whole list.
        at_once: Lines a page holds.
    """
    asked = args.get("page", "")
    number = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    last = max(1, -(-total // at_once))
    number = min(number, last)
    return Paging(number, last, total, (number - 1) * at_once, {k: v for k, v in args.items() if k != "page"})
