"""Read a TOML file that an operator names, with a sentence for whatever is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from donate.errors import Unreadable

_LARGEST = 5 * 1024 * 1024

SENTENCES = {
    "file_missing": "There is no file {path}.",
    "file_too_large": "{path} is larger than 5 MB; this is surely another file.",
    "file_not_utf8": "{path} is not UTF-8 text. Save it again as UTF-8.",
    "file_not_toml": "{path} is not valid TOML: {detail}.",
    "key_missing": "{path} lacks “{key}”.",
    "value_wrong": "{path}: “{key}” should be {should}; it is {value!r}.",
}


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Args:
        path: As the operator typed it.

    Raises:
        Unreadable: One of ``SENTENCES``.
    """
    if not path.is_file():
        raise Unreadable("file_missing", path=path)
    if path.stat().st_size > _LARGEST:
        raise Unreadable("file_too_large", path=path)
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise Unreadable("file_not_utf8", path=path) from problem
    except tomllib.TOMLDecodeError as problem:
        raise Unreadable("file_not_toml", path=path, detail=str(problem).rstrip(".")) from problem


def explain(problem: Unreadable, path: Path) -> str:
    """Put a file's problem into the sentence an operator reads."""
    return SENTENCES[problem.message].format(**{"path": path, **problem.values})
