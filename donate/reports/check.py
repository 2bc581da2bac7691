"""Check: hold the whole database to every invariant; what breaks one is named row by row."""

from __future__ import annotations

from dataclasses import dataclass

from donate.reports import check_books, check_gifts, check_members, check_offline, check_promises, check_receipts
from donate.reports.invariants import RULES

_SHOWN = 20
#: Where the rules are written; importing them makes them known.
WRITTEN_IN = (check_gifts, check_receipts, check_books, check_members, check_promises, check_offline)


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold.

    Args:
        name: The rule's.
        sentence: What should be.
        rows: What is otherwise, twenty of them at most.
        count: How many rows there are in all.
    """

    name: str
    sentence: str
    rows: tuple[str, ...]
    count: int


def check_everything() -> list[Broken]:
    """Hold the database to every invariant.

    Returns:
        Those that do not hold; none where all is well.
    """
    broken = []
    for name, check in RULES.items():
        found = list(check())
        if found:
            sentence = (check.__doc__ or name).splitlines()[0]
            broken.append(Broken(name, sentence, tuple(found[:_SHOWN]), len(found)))
    return broken


def count_rules() -> int:
    """Count the invariants."""
    return len(RULES)
