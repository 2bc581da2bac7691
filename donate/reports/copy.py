"""A statement's texts as CSV, many lines at a time: by PostgreSQL's own COPY, or straight from SQLite's cursor.

The statement gives texts (``reports.as_text``), so the lines are finished as they come, and only those that hold
something a spreadsheet would run, or a line break, are taken apart and written again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select

from donate.cells import csv_lines, finish_lines
from donate.db import db

_AT_ONCE = 500
#: Told of each line: the texts of the columns that are asked for.
Tell = Callable[[Sequence[str]], None]


def iterate_texts(asked: Select[Any]) -> Iterator[dict[str, Any]]:
    """Give a statement's rows one by one, by the names of its columns; call inside ``snapshot()``.

    Args:
        asked: Of texts.
    """
    found = db.session.connection().execute(asked, execution_options={"yield_per": _AT_ONCE})
    columns = tuple(found.keys())
    # A third of the time that the mappings of the result take.
    yield from (dict(zip(columns, row, strict=True)) for row in found)


def csv_blocks(asked: Select[Any], places: Sequence[int], tell: Tell) -> Iterator[tuple[bytes, int]]:
    """Give a statement's rows as lines of CSV without a head; call inside ``snapshot()``.

    Args:
        asked: Of texts, none of them NULL.
        places: Of the columns whose texts are told, from 0 on.
        tell: Told of each line, in their order.

    Returns:
        (bytes, how many lines) at a time.
    """
    is_postgresql = db.engine.dialect.name == "postgresql"
    yield from (_copied if is_postgresql else _fetched)(asked, places, tell)


def _copied(asked: Select[Any], places: Sequence[int], tell: Tell) -> Iterator[tuple[bytes, int]]:
    connection = db.session.connection()
    statement = asked.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    driver: Any = connection.connection.driver_connection
    order = f"COPY ({statement}) TO STDOUT (FORMAT csv, ENCODING 'UTF8', NULL E'\\x01')"
    with driver.cursor() as cursor, cursor.copy(order, statement.params) as copy:
        lines: list[bytes] = []
        for line in copy:
            lines.append(bytes(line))
            if len(lines) == _AT_ONCE:
                yield _block(lines, places, tell), len(lines)
                lines = []
        if lines:
            yield _block(lines, places, tell), len(lines)


def _block(lines: list[bytes], places: Sequence[int], tell: Tell) -> bytes:
    block = b"".join(lines)
    finished = finish_lines(block, len(lines))
    if finished is None:
        rows = list(csv.reader(io.StringIO(block.decode(), newline="")))
        for row in rows:
            tell([row[place] for place in places])
        return csv_lines(rows)
    if places:
        many = max(places) + 1
        for text in block.decode().split("\n")[:-1]:
            cells = text.split(",", many) if '"' not in text else next(csv.reader([text]))
            tell([cells[place] for place in places])
    return finished


def _fetched(asked: Select[Any], places: Sequence[int], tell: Tell) -> Iterator[tuple[bytes, int]]:
    # The driver's own cursor: what lies between costs as much as the reading.
    cursor: Any = db.session.connection().execute(asked).cursor
    while rows := cursor.fetchmany(_AT_ONCE):
        if places:
            for row in rows:
                tell([row[place] for place in places])
        lines = io.StringIO()
        csv.writer(lines, lineterminator="\n").writerows(rows)
        yield finish_lines(lines.getvalue().encode(), len(rows)) or csv_lines(rows), len(rows)
