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
    "too_long": "{path}: “{key}” is too long: {most} letters fit.",
    "fund_in_use": "{path}: “{key}”: these appeals ask for the fund {fund}: {appeals}. Let them ask for another first.",
    "accent_pale": "{path}: “{key}” has a contrast of {ratio} to 1; it needs 4.5, as {nearest} has.",
    "picture_too_heavy": "{path}: “{key}” is larger than {most} KB.",
    "picture_unknown": "{path}: “{key}” is neither PNG nor SVG.",
    "picture_broken": "{path}: “{key}” can't be read as a picture. Save it anew.",
    "picture_interlaced": "{path}: “{key}” is interlaced. Save it without interlacing.",
    "picture_too_large": "{path}: “{key}” is larger than {width} by {height} pixels.",
    "picture_too_small": "{path}: “{key}” is lower than {height} pixels.",
    "picture_too_long": "{path}: “{key}” is more than twelve times as long as it is high, or as high as it is long.",
    "picture_without_size": "{path}: “{key}” does not say its size: give its svg element a viewBox.",
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
