"""Cells of files that spreadsheets open: one line each, and nothing in them that runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

_BREAKS = re.compile(r"[\r\n\u2028\u2029\x0b\x0c]+")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def csv_line(columns: tuple[str, ...], row: Mapping[str, Any]) -> str:
    """Write one line: RFC 4180, ended by CRLF; line breaks inside cells become spaces.

    Args:
        columns: In their order.
        row: Values by column; what is missing is empty.
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_cell(row.get(column, "")) for column in columns])
    return line.getvalue()


def one_line(text: str) -> str:
    """Write a space for each run of line breaks."""
    return _BREAKS.sub(" ", text)


def defuse(text: str) -> str:
    """Keep a spreadsheet from running a cell: a leading apostrophe, except on numbers (OWASP, CSV injection)."""
    if text[:1] in ("=", "+", "-", "@", "\t", "|", "%") and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return defuse(one_line(str(value)))
