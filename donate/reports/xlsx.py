"""Rows as an XLSX workbook: typed cells, constant memory, nothing that runs, and the same bytes for the same rows.

Written here and by no library, because none that is quick lets a cell of a column have decimals of its own:
docs/decisions/0018-xlsx.md. The format is ECMA-376, parts 1 and 2.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol
from xml.sax.saxutils import escape

from donate.cells import one_line
from donate.errors import ExportRefused
from donate.money import decimals
from donate.reports.xlsx_frame import (
    AMOUNT,
    DAY,
    DECLARATION,
    HEAD,
    MOMENT,
    MOST_DECIMALS,
    PLAIN,
    SHEET_VIEW,
    SPACE,
    frame,
    workbook,
)

#: What a sheet holds, its head included, and what one cell holds, in UTF-16 units.
#: https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
MOST_ROWS, MOST_LETTERS = 1_048_576, 32_767
#: Beyond it a zip needs another kind of entry, which Excel offers to repair.
_MOST_BYTES = (1 << 31) - 1
#: Excel counts days from here, as it takes 1900 for a leap year; before 1 March 1900 its days are wrong.
_DAY_ZERO, _FIRST_DAY = date(1899, 12, 30).toordinal(), date(1900, 3, 1)
_AT_ONCE = 500
#: Of packing: a third of the time of the usual one, and a file larger by a quarter.
_LEVEL = 3
_MOST_PATTERNS = 1000
_NUMBERS = re.compile(r"( -?[0-9]+(\.[0-9]+)?)*")
_MOMENT_OF = re.compile(r"[0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
#: What XML can't hold is written as Excel writes it, and what only looks like that is kept apart from it.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class Typed(Protocol):
    """What is known of a table's columns; what is named nowhere is text."""

    @property
    def columns(self) -> tuple[str, ...]:
        """In their order."""

    @property
    def amounts(self) -> Mapping[str, str]:
        """The columns of money, each with the column of its currency."""

    @property
    def numbers(self) -> frozenset[str]:
        """The columns of other numbers."""

    @property
    def days(self) -> frozenset[str]:
        """The columns of dates, as ISO writes them."""

    @property
    def moments(self) -> frozenset[str]:
        """The columns of moments in UTC, as ISO writes them."""


class Sink(Protocol):
    """Where bytes go, from first to last: no seeking, so that whoever digests them sees each once."""

    def write(self, data: bytes, /) -> int:
        """Take bytes."""

    def flush(self) -> None:
        """Let go of what is held."""

    def close(self) -> None:
        """End, where it is ours to end."""


def write_xlsx(
    out: Sink, title: str, table: Typed, rows: Iterable[Mapping[str, Any]], *, most_rows: int = MOST_ROWS
) -> int:
    """Write rows into a workbook of one sheet, whose head stays in view and filters.

    Args:
        out: Where the bytes go.
        title: The sheet's name, at most 31 letters.
        table: What its columns hold.
        rows: Values by column, as an export gives them: amounts and dates as text, nothing or "" for an empty cell.
        most_rows: What a sheet holds, its head included.

    Returns:
        How many rows stand below the head.

    Raises:
        ExportRefused: ``too_many_rows`` (rows, limit), ``cell_too_long`` (column, row, limit) or ``sheet_too_large``;
            what went out until then is no workbook.
    """
    sheet = _Sheet(table)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as book:
        for name, text in frame():
            _put(book, name, text)
        # What is opened by its name bears zip's own beginning of time, and no hour of today.
        with book.open("xl/worksheets/sheet1.xml", "w") as file:
            written = 0
            for piece in sheet.write(rows, most_rows):
                data = piece.encode()
                written += len(data)
                if written > _MOST_BYTES:
                    raise ExportRefused("sheet_too_large")
                file.write(data)
        _put(book, "xl/workbook.xml", workbook(title, sheet.range))
    return sheet.rows


def _put(book: zipfile.ZipFile, name: str, text: str) -> None:
    with book.open(name, "w") as file:
        file.write((DECLARATION + text).encode())


class _Sheet:
    """The one sheet as it grows.

    Most rows look like others: the same cells are filled with the same kinds of things. Such a look is made into a
    pattern once, and a row is its pattern with its values in it; a row that has something unusual goes cell by cell.
    """

    def __init__(self, table: Typed) -> None:
        self._table, self._columns = table, table.columns
        self._letters = list(islice(_column_letters(), len(table.columns)))
        self._writers = [_writer(table, column) for column in table.columns]
        self._widths = [_width(table, column) for column in table.columns]
        places = {column: at for at, column in enumerate(table.columns)}
        self._currencies = sorted({places[currency] for currency in table.amounts.values()})
        self._days = [places[column] for column in table.columns if column in table.days]
        self._moments = [places[column] for column in table.columns if column in table.moments]
        self._digit_columns = table.amounts.keys() | table.numbers
        self._digits = [places[column] for column in table.columns if column in self._digit_columns]
        self._patterns: dict[tuple[Any, ...], str] = {}
        self.rows = 0

    @property
    def range(self) -> str:
        """The cells that hold something, as a filter names them."""
        return f"$A$1:${self._letters[-1]}${self.rows + 1}"

    def write(self, rows: Iterable[Mapping[str, Any]], most_rows: int) -> Iterator[str]:
        """Give the sheet's XML in pieces."""
        yield DECLARATION + f"<worksheet {SPACE}>" + SHEET_VIEW + self._cols() + "<sheetData>" + self._head()
        left = iter(rows)
        while piece := list(islice(left, _AT_ONCE)):
            if self.rows + len(piece) >= most_rows:
                many = self.rows + len(piece) + sum(1 for _ in left)
                raise ExportRefused("too_many_rows", rows=many, limit=most_rows)
            yield "".join([self._line(number, row) for number, row in enumerate(piece, self.rows + 2)])
            self.rows += len(piece)
        cells = self.range.replace("$", "")
        yield f'</sheetData><autoFilter ref="{cells}"/><ignoredErrors>'
        # Without it Excel marks each id that is all digits with a green corner.
        yield f'<ignoredError sqref="{cells}" numberStoredAsText="1"/></ignoredErrors></worksheet>'

    def _cols(self) -> str:
        widths = (
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(self._widths, 1)
        )
        return f"<cols>{''.join(widths)}</cols>"

    def _head(self) -> str:
        cells = (
            f'<c r="{letters}1" s="{HEAD}" t="inlineStr"><is><t>{escape(column)}</t></is></c>'
            for letters, column in zip(self._letters, self._columns, strict=True)
        )
        return f'<row r="1">{"".join(cells)}</row>'

    def _line(self, number: int, row: Mapping[str, Any]) -> str:
        values = list(map(row.get, self._columns))
        if not _is_usual("|".join(["", *[value for value in values if value.__class__ is str], ""])):
            return self._unusual_line(number, row)
        digits = "".join([f" {values[at]}" for at in self._digits if values[at] not in (None, "")])
        days = [_day_number(values[at] or "") for at in self._days]
        moments = [_moment_number(values[at] or "") for at in self._moments]
        if not _NUMBERS.fullmatch(digits) or None in days or None in moments:
            return self._unusual_line(number, row)
        key = (
            *[value is not None and value != "" and value.__class__ for value in values],
            *[values[at] for at in self._currencies],
        )
        pattern = self._patterns.get(key) or self._pattern(key, row)
        for at, day in zip(self._days, days, strict=True):
            values[at] = day
        for at, moment in zip(self._moments, moments, strict=True):
            values[at] = moment
        filled = tuple([value for value in values if value is not None and value != ""])
        return pattern.replace("#", str(number)) % filled

    def _pattern(self, key: tuple[Any, ...], row: Mapping[str, Any]) -> str:
        """Make the pattern of rows like this one, with ``#`` for their number and a place for each value."""
        cells = []
        for letters, column, kind in zip(self._letters, self._columns, key, strict=False):
            if kind is False:
                continue
            if column in self._table.amounts:
                style = _amount_style(row.get(self._table.amounts[column]) or "")
            else:
                style = DAY if column in self._table.days else MOMENT if column in self._table.moments else PLAIN
            if style or column in self._digit_columns:
                cells.append(f'<c r="{letters}#" s="{style}"><v>%s</v></c>')
            elif kind is bool:
                cells.append(f'<c r="{letters}#" t="b"><v>%d</v></c>')
            else:
                cells.append(f'<c r="{letters}#" t="inlineStr"><is><t>%s</t></is></c>')
        if len(self._patterns) >= _MOST_PATTERNS:
            self._patterns.clear()
        self._patterns[key] = f'<row r="#">{"".join(cells)}</row>'
        return self._patterns[key]

    def _unusual_line(self, number: int, row: Mapping[str, Any]) -> str:
        cells = [f'<row r="{number}">']
        for letters, column, write in zip(self._letters, self._columns, self._writers, strict=True):
            value = row.get(column)
            if value is None or value == "":
                continue
            try:
                cells.append(f'<c r="{letters}{number}"{write(value, row)}</c>')
            except _TooLong:
                raise ExportRefused("cell_too_long", column=column, row=number, limit=MOST_LETTERS) from None
        cells.append("</row>")
        return "".join(cells)


def _is_usual(texts: str) -> bool:
    """Tell whether a row's texts, with a bar around each, can stand in XML and in cells as they are."""
    return (
        texts.isprintable()
        and len(texts) < MOST_LETTERS // 2
        and not ("&" in texts or "<" in texts or ">" in texts or "_x" in texts or "| " in texts or " |" in texts)
    )


def _writer(table: Typed, column: str) -> Callable[[Any, Mapping[str, Any]], str]:
    if column in table.amounts:
        currency = table.amounts[column]
        return lambda value, row: _number(str(value), _amount_style(row.get(currency) or ""))
    if column in table.numbers:
        return lambda value, _row: _number(str(value), PLAIN)
    if column in table.days:
        return lambda value, _row: _dated(str(value), _day_number, DAY)
    if column in table.moments:
        return lambda value, _row: _dated(str(value), _moment_number, MOMENT)
    return lambda value, _row: _text(value)


class _TooLong(ValueError):
    """A text that no cell holds."""


def _text(value: Any) -> str:
    """Write a text, which stays one whatever it looks like: only a cell of formulas is run."""
    if value is True or value is False:
        return f' t="b"><v>{int(value)}</v>'
    text = one_line(str(value))
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * MOST_LETTERS:
        raise _TooLong
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    safe = escape(_NOT_XML.sub(lambda found: f"_x{ord(found.group()):04X}_", text))
    return f' t="inlineStr"><is><t{kept}>{safe}</t></is>'


def _number(text: str, style: int) -> str:
    """Write a number by its own digits, never by way of a float."""
    return f' s="{style}"><v>{text}</v>' if _NUMBERS.fullmatch(" " + text) else _text(text)


def _dated(text: str, count: Callable[[str], str | None], style: int) -> str:
    number = count(text)
    return f' s="{style}"><v>{number}</v>' if number else _text(text)


@lru_cache(maxsize=512)
def _amount_style(currency: str) -> int:
    return AMOUNT + min(decimals(currency), MOST_DECIMALS) if currency else PLAIN


@lru_cache(maxsize=4096)
def _day_number(text: str) -> str | None:
    """Give the number a sheet knows an ISO day by, none for no day, and None for what is none."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    if day is None:
        return ""
    return str(day.toordinal() - _DAY_ZERO) if day >= _FIRST_DAY else None


def _moment_number(text: str) -> str | None:
    """Give the number a sheet knows a moment by, as exports write moments; ten places tell seconds apart."""
    if not text:
        return ""
    day = _day_number(text[:10]) if _MOMENT_OF.fullmatch(text) else None
    seconds = int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19]) if day else 0
    return f"{day}{f'{seconds / 86400:.10f}'[1:]}" if day else None


def _column_letters() -> Iterator[str]:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from alphabet
    yield from (first + second for first in alphabet for second in alphabet)


def _width(table: Typed, column: str) -> int:
    """Choose a width in letters: what stands in it as a rule, or the head and the arrow of its filter."""
    usual = 20 if column in table.moments else 12 if column in table.days | table.numbers | table.amounts.keys() else 16
    return max(usual, len(column) + 4)
