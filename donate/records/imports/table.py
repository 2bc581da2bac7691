"""Read a CSV file of any size row by row: its encoding, its separator, its columns by whatever name they have."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from donate.errors import DonateError
from donate.records.imports.gift import RowRefused

#: A file of gifts is never larger: 100,000 rows of an export with all its columns are 50 MB.
LARGEST = 500 * 1024 * 1024
#: What one cell may hold; a quote that is never closed would swallow the file.
_LONGEST_CELL = 100_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 1 << 20
#: Excel's way of keeping a text a text, and the apostrophe that keeps a cell from running.
_AS_TEXT = re.compile(r'="([^"]*)"')
_KEPT_FROM_RUNNING = re.compile(r"'[=+\-@|%]")


class FileRefused(DonateError):
    """A file that can't be read as a whole: an id with a sentence in ``sentences.py``, and the values it names."""


class Row:
    """One row's cells by field, and where it stands.

    Args:
        line: The line of the file it begins on, from 1.
        cells: As they stand there.
        places: {field: (column's name, place)}, of the columns that the file has.
    """

    def __init__(self, line: int, cells: Sequence[str], places: Mapping[str, tuple[str, int]]) -> None:
        self.line, self.cells, self._places = line, cells, places

    def get(self, field: str, most: int = 0) -> str:
        """Give a cell, trimmed; empty where the file has no such column.

        Args:
            field: As the format names it.
            most: How long it may be; 0 for any length.

        Raises:
            RowRefused: ``formula``, ``not_text``, ``too_long``.
        """
        if field not in self._places:
            return ""
        column, place = self._places[field]
        text = self.cells[place].strip()
        if wrapped := _AS_TEXT.fullmatch(text):
            text = wrapped[1].strip()
        if _KEPT_FROM_RUNNING.match(text):
            text = text[1:]
        if text.startswith("="):
            raise RowRefused("formula", column=column)
        if "\x00" in text or "\ufffd" in text:
            raise RowRefused("not_text", column=column)
        if most and len(text) > most:
            raise RowRefused("too_long", column=column, most=most)
        return text

    def column(self, field: str) -> str:
        """Give the name that the file has for a field."""
        return self._places[field][0] if field in self._places else field


@dataclass
class Table:
    """An open file of gifts.

    Args:
        path: Where it is.
        encoding: How its letters are written.
        separator: Between its cells.
        header: Its columns' names.
        places: {field: (column's name, place)}.
        size: In bytes.
        done: How many bytes were read so far.
    """

    path: Path
    encoding: str
    separator: str
    header: list[str]
    places: dict[str, tuple[str, int]]
    size: int
    done: int = 0

    def rows(self) -> Iterator[Row | tuple[Row, RowRefused]]:
        """Give the rows after the header, one at a time; one that does not fit its header with the reason.

        Raises:
            FileRefused: ``quote_open`` where a cell never ends.
        """
        with self.path.open("rb") as raw, io.TextIOWrapper(raw, self.encoding, errors="replace", newline="") as text:
            reader = csv.reader(text, delimiter=self.separator)
            last = 0
            try:
                for number, cells in enumerate(reader):
                    line, last, self.done = last + 1, reader.line_num, raw.tell()
                    if number == 0 or not any(cell.strip() for cell in cells):
                        continue
                    row = Row(line, cells, self.places)
                    if len(cells) != len(self.header):
                        refused = RowRefused("cells", found=len(cells), expected=len(self.header))
                        yield row, refused
                    else:
                        yield row
            except csv.Error:
                raise FileRefused("quote_open", line=last + 1) from None


def open_table(path: Path, columns: Mapping[str, Sequence[str]], encoding: str = "") -> Table:
    """Look a file over: how it is written, and which of its columns is which.

    Args:
        path: The file.
        columns: {field: names a column of it may have}, in any spelling of case, spaces and signs.
        encoding: How its letters are written, where somebody knows.

    Raises:
        FileRefused: ``file_missing``, ``file_empty``, ``file_too_large``, ``file_packed``, ``encoding_unknown``.
    """
    csv.field_size_limit(_LONGEST_CELL)
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            start = raw.read(4)
            if not start:
                raise FileRefused("file_empty")
            if start.startswith((b"PK", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")):
                raise FileRefused("file_packed")
            if size > LARGEST:
                raise FileRefused("file_too_large", most=LARGEST // 1024 // 1024)
            written = encoding or _encoding_of(path, start)
        first = _first_line(path, written)
    except LookupError:
        raise FileRefused("encoding_unknown", encoding=encoding) from None
    except OSError as error:
        raise FileRefused("file_missing", why=error.strerror or "") from error
    separator = max(",;\t|", key=lambda sign: _count_outside_quotes(first, sign))
    header = [cell.strip() for cell in next(csv.reader([first], delimiter=separator))]
    by_name: dict[str, int] = {}
    for place, name in enumerate(header):
        by_name.setdefault(_plain(name), place)
    places = {}
    for field, names in columns.items():
        found = next((by_name[_plain(name)] for name in names if _plain(name) in by_name), None)
        if found is not None:
            places[field] = (header[found], found)
    return Table(path, written, separator, header, places, size)


def _encoding_of(path: Path, start: bytes) -> str:
    """Tell how a file's letters are written: by its mark, as UTF-8 where all of it is, else the old Windows page."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    good = broken = 0
    with path.open("rb") as raw:
        while chunk := raw.read(_CHUNK):
            text = decoder.decode(chunk)
            bad = text.count("\ufffd")
            broken += bad
            good += len(text) - len(text.encode("ascii", "ignore")) - bad
    # A file that is UTF-8 but for a few cells stays it: those cells are refused, and no name is garbled.
    return "cp1252" if broken > good else "utf-8"


def _first_line(path: Path, encoding: str) -> str:
    with path.open("r", encoding=encoding, errors="replace", newline="") as text:
        line = text.readline(_LONGEST_CELL)
        # A column's name may have a line break in it.
        while line.count('"') % 2 and len(line) < _LONGEST_CELL and (more := text.readline(_LONGEST_CELL)):
            line += more
        if not line.strip():
            raise FileRefused("file_empty")
        return line


def _count_outside_quotes(line: str, sign: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(sign)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower().replace("\ufeff", ""))
