"""Pages of what other programs may read, ready to be sent; and one object by its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol

from donate.connections.shown import queries
from donate.connections.shown.asked import Asked
from donate.connections.shown.shapes import Json, show_appeal, show_donor, show_gift, show_promise


class Find(Protocol):
    """Gives one object by its name, with people's names only where ``personal`` says so."""

    def __call__(self, name: str, /, *, personal: bool) -> Json | None:
        """Give it; nothing where there is none."""


class ReadPage(Protocol):
    """Gives a page of a list, and one more where others follow."""

    def __call__(self, asked: Asked, /, *, personal: bool) -> list[Json]:
        """Give it."""


def gifts_page(asked: Asked, *, personal: bool) -> list[Json]:
    """Give a page of gifts, and one more where others follow."""
    return [show_gift(row, personal=personal) for row in queries.list_gifts(asked)]


def gift(reference: str, *, personal: bool) -> Json | None:
    """Give one gift."""
    row = queries.find_gift(reference)
    return show_gift(row, personal=personal) if row is not None else None


def promises_page(asked: Asked, *, personal: bool) -> list[Json]:
    """Give a page of recurring gifts, and one more where others follow."""
    return [show_promise(row, personal=personal) for row in queries.list_promises(asked)]


def promise(reference: str, *, personal: bool) -> Json | None:
    """Give one recurring gift."""
    row = queries.find_promise(reference)
    return show_promise(row, personal=personal) if row is not None else None


def donors_page(asked: Asked, *, personal: bool) -> list[Json]:
    """Give a page of donors, and one more where others follow; who may not see names has no donors to see."""
    return _donors(queries.list_donors(asked)) if personal else []


def donor(reference: str, *, personal: bool) -> Json | None:
    """Give one donor."""
    row = queries.find_donor(reference) if personal else None
    return _donors([row])[0] if row is not None else None


def appeals_page(asked: Asked, *, personal: bool) -> list[Json]:
    """Give a page of appeals, and one more where others follow; nobody's name stands in them."""
    return _appeals(queries.list_appeals(asked))


def appeal(slug: str, *, personal: bool) -> Json | None:
    """Give one appeal."""
    row = queries.find_appeal(slug)
    return _appeals([row])[0] if row is not None else None


def _donors(rows: Sequence[Any]) -> list[Json]:
    given = _by_first(queries.list_given([row.Donor.id for row in rows]))
    return [show_donor(row, given[row.Donor.id]) for row in rows]


def _appeals(rows: Sequence[Any]) -> list[Json]:
    ids = [row.Appeal.id for row in rows]
    titles, raised = _by_first(queries.list_titles(ids)), _by_first(queries.list_raised(ids))
    return [show_appeal(row, titles[row.Appeal.id], raised[row.Appeal.id]) for row in rows]


def _by_first(rows: Sequence[Any]) -> dict[int, list[Any]]:
    sorted_out: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        sorted_out[row[0]].append(row)
    return sorted_out
