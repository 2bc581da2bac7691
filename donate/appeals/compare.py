"""Hold two versions of an appeal beside each other, field by field and word by word, and bring two changes together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: A field's place in a version's contents, such as ``("texts", "en", "a", "headline")``.
Place = tuple[str, ...]

# Contents that hold fields of their own, and how deep those lie.
_DEPTHS = {"amounts": 2, "texts": 3, "rules": 1}


@dataclass(frozen=True)
class Change:
    """One field that differs; None where one version has no such field."""

    place: Place
    before: Any
    after: Any


@dataclass(frozen=True)
class Merged:
    """Two people's changes of one version brought together.

    Args:
        contents: With both; where they changed the same field, with mine.
        theirs: What the other changed.
        both: Of that, what I changed too, to something else.
    """

    contents: dict[str, Any]
    theirs: list[Change]
    both: list[Place]


def list_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """List the fields that differ between two versions' contents, in the order of the form.

    Args:
        before: The older version's ``contents``.
        after: The newer one's.
    """
    old, new = _flatten(before), _flatten(after)
    places = [*new, *(place for place in old if place not in new)]
    return [Change(place, old.get(place), new.get(place)) for place in places if old.get(place) != new.get(place)]


def merge_changes(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Bring two changes of one version together.

    Args:
        base: The contents both began with.
        mine: What I made of them.
        theirs: What the other made of them meanwhile.
    """
    start, own, other = _flatten(base), _flatten(mine), _flatten(theirs)
    together: dict[Place, Any] = {}
    for place in {**other, **own}:
        value = other.get(place) if own.get(place) == start.get(place) else own.get(place)
        if value is not None or len(place) == 1:
            together[place] = value
    changed = list_changes(base, theirs)
    both = [
        each.place
        for each in changed
        if own.get(each.place) != start.get(each.place) and own.get(each.place) != each.after
    ]
    return Merged(_unflatten(together), changed, both)


def mark_words(before: str, after: str) -> list[tuple[str, str]]:
    """Mark what went and what came between two texts, word by word.

    Returns:
        (``same``, ``gone`` or ``new``, words), in reading order.
    """
    old, new = _words(before), _words(after)
    marked: list[tuple[str, str]] = []
    for kind, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if kind == "equal":
            marked.append(("same", "".join(old[old_from:old_to])))
            continue
        for how, words in (("gone", "".join(old[old_from:old_to])), ("new", "".join(new[new_from:new_to]))):
            bare = words.rstrip()
            # The space after a word is neither taken out nor put in.
            marked += [(how, bare)] if bare else []
            marked += [("same", words[len(bare) :] or " ")] if words else []
    return marked


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _flatten(contents: Mapping[str, Any]) -> dict[Place, Any]:
    flat: dict[Place, Any] = {}
    for name, value in contents.items():
        if name in _DEPTHS:
            _gather((name,), value, _DEPTHS[name], flat)
        else:
            flat[(name,)] = value
    return flat


def _gather(place: Place, value: Mapping[str, Any], depth: int, flat: dict[Place, Any]) -> None:
    for name, inner in value.items():
        if depth == 1:
            flat[(*place, name)] = inner
        else:
            _gather((*place, name), inner, depth - 1, flat)


def _unflatten(flat: Mapping[Place, Any]) -> dict[str, Any]:
    contents: dict[str, Any] = {name: {} for name in _DEPTHS}
    for place, value in flat.items():
        inside = contents
        for name in place[:-1]:
            inside = inside.setdefault(name, {})
        inside[place[-1]] = value
    return contents
