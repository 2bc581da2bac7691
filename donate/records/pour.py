"""Pour many rows into a table: by COPY where PostgreSQL takes it, in large parts elsewhere; memory stays small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, cast

import sqlalchemy as sa
from psycopg import sql
from psycopg.types.json import Jsonb

from donate.db import Base, db

_AT_ONCE = 5000


def pour(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows as they come, their keys included; call inside ``committed()``.

    Args:
        model: The table's class.
        rows: By column name; a column left out has its default.
    """
    table = cast(sa.Table, model.__table__)
    blank = {column.key: _default(column) for column in table.columns}
    filled = ({**blank, **row} for row in rows)
    if db.session.get_bind().dialect.name == "postgresql":
        _copy(table, filled)
        return
    while part := list(islice(filled, _AT_ONCE)):
        db.session.execute(sa.insert(table), part)


def _default(column: sa.Column[Any]) -> Any:
    default: Any = column.default
    if default is None:
        return None
    if not default.is_callable:
        return default.arg
    # An empty list or table; what is made from other columns of its row is for whoever makes the row.
    return default.arg(None) if isinstance(column.type, sa.JSON) else None


def _copy(table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    names = [column.key for column in table.columns]
    wraps = [Jsonb if isinstance(column.type, sa.JSON) else None for column in table.columns]
    raw: Any = db.session.connection().connection.driver_connection
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([wrap(row[name]) if wrap else row[name] for name, wrap in zip(names, wraps, strict=True)])
    if "id" in table.columns:
        # The next row of the application's own gets the next number.
        last = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT coalesce(max(id), 1) FROM {}))")
        raw.execute(last.format(sql.Literal(table.name), sql.Identifier(table.name)))
