"""Read single values of the newsroom's file, naming the key of whatever is missing or wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from donate.errors import Unreadable

# What no keyboard types and PostgreSQL refuses; line breaks and tabs may stand.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def read_text(data: Any, name: str, default: str | None = None, *, key: str = "", most: int = 0) -> str:
    """Read a text.

    Args:
        data: The table it stands in.
        name: Its name there.
        default: What stands for a missing one; without a default it must be there.
        key: Its whole key, for the sentence; else its name.
        most: How many letters fit; 0 is any number.

    Raises:
        Unreadable: ``key_missing`` (key) or ``value_wrong`` (key, value, should).
    """
    value = data.get(name) if isinstance(data, Mapping) else None
    if value in (None, "") and default is not None:
        return default
    if value in (None, ""):
        raise Unreadable("key_missing", key=key or name)
    return check_text(value, key or name, most)


def check_text(value: Any, key: str, most: int = 0) -> str:
    """Give a text that can be kept.

    Args:
        value: As the file has it.
        key: Its whole key.
        most: How many letters fit; 0 is any number.

    Raises:
        Unreadable: ``value_wrong`` (key, value, should) or ``too_long`` (key, most).
    """
    if not isinstance(value, str):
        raise Unreadable("value_wrong", key=key, value=value, should="text in quotes")
    if _CONTROL.search(value):
        raise Unreadable("value_wrong", key=key, value=value, should="text without control characters")
    if most and len(value) > most:
        raise Unreadable("too_long", key=key, most=most)
    return value


def read_flag(data: Mapping[str, Any], name: str, *, key: str = "") -> bool:
    """Read true or false; a missing one is false."""
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise Unreadable("value_wrong", key=key or name, value=value, should="true or false")
    return value


def read_list(data: Mapping[str, Any], name: str, *, optional: bool = False) -> Sequence[Any]:
    """Read a list; a missing one is empty where it may be missing."""
    value = data.get(name)
    if value is None and optional:
        return []
    if value is None:
        raise Unreadable("key_missing", key=name)
    if not isinstance(value, list):
        raise Unreadable("value_wrong", key=name, value=value, should="a list")
    return value


def read_table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Read a table; a missing one is empty."""
    value = data.get(name, {})
    if not isinstance(value, Mapping):
        raise Unreadable("value_wrong", key=name, value=value, should="a table")
    return value


def read_words(data: Any, name: str, within: str = "", *, optional: bool = False, most: int = 0) -> dict[str, str]:
    """Read words by language.

    Args:
        data: The table they stand in.
        name: Their name there.
        within: The key of that table.
        optional: Whether they may be missing.
        most: How many letters fit in each language; 0 is any number.
    """
    key = f"{within}.{name}" if within else name
    value = data.get(name) if isinstance(data, Mapping) else None
    if value is None and optional:
        return {}
    if value is None:
        raise Unreadable("key_missing", key=key)
    if not isinstance(value, Mapping) or not value or not all(isinstance(text, str) for text in value.values()):
        raise Unreadable("value_wrong", key=key, value=value, should='words by language, such as { en = "…" }')
    return {language: check_text(text, f"{key}.{language}", most) for language, text in value.items()}
