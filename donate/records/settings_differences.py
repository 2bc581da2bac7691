"""Hold two states of the settings beside each other, key by key, and bring two people's changes together. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: What tells the tables of a list apart, so that each is compared with itself wherever it stands.
_IDENTITY = ("code", "slug")
_MISSING = object()


@dataclass(frozen=True)
class Difference:
    """One value that differs; None where one of the two states has none.

    Args:
        key: Such as ``funds.water-desk.gl_code`` or ``greetings.2.from``.
        before: As it was.
        after: As it is.
    """

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Together:
    """Two people's changes of one state brought together.

    Args:
        settings: With both; where they changed the same, with mine.
        both: Keys of what both changed, to something else.
    """

    settings: dict[str, Any]
    both: list[str]


def list_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """List what differs, in the order of the later state.

    Args:
        before: Settings, or a part of them, as their file has them.
        after: Likewise.
    """
    old, new = flatten(before), flatten(after)
    keys = [*new, *(key for key in old if key not in new)]
    return [Difference(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def flatten(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Write settings as single values by key; what is empty is left out.

    Args:
        settings: As their file has them.
    """
    flat: dict[str, Any] = {}
    _gather("", settings, flat)
    return flat


def bring_together(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Together:
    """Bring two changes of one state together.

    Args:
        base: What both began with.
        mine: What I made of it.
        theirs: What the other made of it meanwhile.
    """
    both: list[str] = []
    settings = _merge("", dict(base), dict(mine), dict(theirs), both)
    return Together(settings, both)


def _gather(key: str, value: Any, flat: dict[str, Any]) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _gather(f"{key}.{name}" if key else str(name), inner, flat)
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for at, each in enumerate(value, 1):
            _gather(f"{key}.{_identity(each) or at}", each, flat)
    elif isinstance(value, list):
        if value:
            flat[key] = ", ".join(map(str, value))
    elif value not in (None, ""):
        flat[key] = value


def _identity(table: Any) -> str:
    return next((str(table[name]) for name in _IDENTITY if isinstance(table, Mapping) and table.get(name)), "")


def _merge(key: str, base: Any, mine: Any, theirs: Any, both: list[str]) -> Any:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    if all(isinstance(each, Mapping) for each in (mine, theirs)):
        return _merge_tables(key, base if isinstance(base, Mapping) else {}, mine, theirs, both)
    if all(_is_named(each) for each in (mine, theirs)):
        start, own, other = (_by_identity(side) for side in (base if _is_named(base) else [], mine, theirs))
        return [*_merge_tables(key, start, own, other, both).values()]
    both.append(key)
    return mine if mine is not _MISSING else theirs


def _merge_tables(
    key: str, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], both: list[str]
) -> dict[str, Any]:
    merged = {}
    for name in dict.fromkeys((*mine, *theirs)):
        start, own, other = (side.get(name, _MISSING) for side in (base, mine, theirs))
        value = _merge(f"{key}.{name}" if key else name, start, own, other, both)
        if value is not _MISSING:
            merged[name] = value
    return merged


def _is_named(value: Any) -> bool:
    return isinstance(value, list) and all(_identity(each) for each in value)


def _by_identity(tables: list[Any]) -> dict[str, Any]:
    return {_identity(each): each for each in tables}
