"""Write the newsroom's settings as the TOML file that loads them back: https://toml.io/en/v1.0.0."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write_toml(data: Mapping[str, Any]) -> str:
    """Write a table of texts, numbers, flags, lists and tables.

    Args:
        data: What ``read_toml`` gives back for it.
    """
    return "\n".join(_table(data, "")).lstrip("\n") + "\n"


def _table(table: Mapping[str, Any], path: str) -> Iterator[str]:
    """Write a table's own values first: what follows a head in square brackets belongs to that."""
    inner = {name: value for name, value in table.items() if _has_head(value, is_top=not path)}
    for name, value in table.items():
        if name not in inner:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in inner.items():
        whole = f"{path}.{_key(name)}" if path else _key(name)
        for each in value if isinstance(value, list) else (value,):
            yield ""
            yield f"[[{whole}]]" if isinstance(value, list) else f"[{whole}]"
            yield from _table(each, whole)


def _has_head(value: Any, *, is_top: bool) -> bool:
    if isinstance(value, Mapping):
        return is_top or any(isinstance(each, Mapping | list) or _is_long(each) for each in value.values())
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and "\n" in value


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):
        return _lines(value) if _is_long(value) and "\r" not in value else _quoted(value)
    return str(int(value))


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's too; only DEL is a letter in one and must be escaped in the other.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(text: str) -> str:
    lines = [_quoted(line)[1:-1].replace('\\"', '"') for line in text.split("\n")]
    # Three quotes would end the text, and so would one right before its end.
    return '"""\n' + re.sub(r'"(?="")|"$', r'\\"', "\n".join(lines)) + '"""'
