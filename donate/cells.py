"""Cells of files that spreadsheets open: one line each, and nothing in them that runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_BREAKS = re.compile(r"[\r\n\u2028\u2029\x0b\x0c]+")
_RUN = ("=", "+", "-", "@", "\t", "|", "%")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

# The same of bytes, whose single signs are found much faster than any pattern.
_BREAKS_INSIDE = tuple(sign.encode() for sign in "\r\x0b\x0c\u2028\u2029")
_BEGINNINGS = tuple(
    (sign.encode(), tuple(before + sign.encode() for before in (b",", b"\n", b',"', b'\n"')[0 if sign != "-" else 1 :]))
    for sign in _RUN
)
_NO_NUMBER = re.compile(rb",-(?![0-9]+(\.[0-9]+)?[,\n])")


def csv_line(columns: tuple[str, ...], row: Mapping[str, Any]) -> str:
    """Write one line: RFC 4180, ended by CRLF; line breaks inside cells become spaces.

    Args:
        columns: In their order.
        row: Values by column; what is missing is empty.
    """
    return csv_lines([[row.get(column, "") for column in columns]]).decode()


def csv_lines(rows: Iterable[Sequence[Any]]) -> bytes:
    """Write many lines as ``csv_line`` writes each.

    Args:
        rows: Values in their order.
    """
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return lines.getvalue().encode()


def finish_lines(lines: bytes, many: int) -> bytes | None:
    """End lines as ``csv_line`` does, where nothing else in them would have been written differently.

    Looks at all of them at once, and rather finds something too many: a cell is only looked at when it must be.

    Args:
        lines: As any writer of CSV gives them, ended by LF.
        many: How many they should be.

    Returns:
        None where a cell has a line break, or begins as a formula would.
    """
    # A comma or a line's end stands before each cell.
    lines = b"\n" + lines
    if lines.count(b"\n") != many + 1 or any(sign in lines for sign in _BREAKS_INSIDE):
        return None
    for sign, beginnings in _BEGINNINGS:
        if sign in lines and any(beginning in lines for beginning in beginnings):
            return None
    if b",-" in lines and _NO_NUMBER.search(lines):
        return None
    return lines[1:].replace(b"\n", b"\r\n")


def one_line(text: str) -> str:
    """Write a space for each run of line breaks."""
    return _BREAKS.sub(" ", text)


def defuse(text: str) -> str:
    """Keep a spreadsheet from running a cell: a leading apostrophe, except on numbers (OWASP, CSV injection)."""
    if text[:1] in _RUN and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return defuse(one_line(str(value)))
