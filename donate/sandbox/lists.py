"""Lists as Stripe pages them: newest first, with cursors, a limit and ranges of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from donate.sandbox.errors import ApiError, missing
from donate.sandbox.store import Obj, equals

if TYPE_CHECKING:
    from donate.sandbox.wire import Call

ENVELOPES = ("list", "search_result")
ON_NO_CLOCK: tuple[str, list[Any]] = ("json_extract(json, '$.test_clock') IS NULL", [])
OPERATORS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def page(call: Call, type: str, where: list[tuple[str, list[Any]]]) -> Obj:
    """Return one page of the objects of a type."""
    params = call.params
    limit = check_limit(params)
    conditions = [*where, *time_range(params.get("created"), "created")]
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise ApiError("You cannot use both starting_after and ending_before.", param="ending_before")
    order = "DESC"
    for cursor, name, sign in ((after, "starting_after", "<"), (before, "ending_before", ">")):
        if cursor:
            position = call.box.store.position(type, cursor)
            if position is None:
                raise missing(type, cursor, name, status=400)
            conditions.append((f"(created, seq) {sign} (?, ?)", list(position)))
            order = "DESC" if name == "starting_after" else "ASC"
    rows = call.box.store.select(type, conditions, order=order, limit=limit + 1)
    data = rows[:limit]
    if order == "ASC":
        data.reverse()
    return listing(call.path, data, has_more=len(rows) > limit)


def check_limit(params: dict[str, Any]) -> int:
    """Return the page size, 10 by default and 100 at most."""
    limit: int = params.get("limit", 10)
    if not 1 <= limit <= 100:
        words = f"Invalid limit: {limit}. It must be between 1 and 100."
        raise ApiError(words, param="limit", code="parameter_invalid_integer")
    return limit


def time_range(wanted: Any, column: str) -> list[tuple[str, list[Any]]]:
    """Return the conditions of a moment or of a range with gt, gte, lt, lte."""
    if wanted is None:
        return []
    if isinstance(wanted, dict):
        return [(f"{column} {OPERATORS[name]} ?", [value]) for name, value in wanted.items()]
    return [(f"{column} = ?", [wanted])]


def filters(params: dict[str, Any], *names: str) -> list[tuple[str, list[Any]]]:
    """Return the conditions of the filters that were given and bear their field's own name."""
    return [equals("$." + name, params[name]) for name in names if name in params]


def listing(url: str, data: list[Obj], *, has_more: bool = False) -> Obj:
    """Return a list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
