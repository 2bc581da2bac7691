"""The sample newsroom in a database: loaded once a process, copied in for every further test.

``python -m tests.make.furnish`` loads it into the database that the environment names.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from donate import clock
from donate.app import create_app
from donate.commands.samples import load_samples
from donate.db import Base, committed, db
from donate.newsroom.edition import note_change

# The rows the samples came to, by the day they were loaded on: stories are dated from it.
_rows: dict[date, dict[str, list[dict[str, Any]]]] = {}


def furnish() -> None:
    """Give an empty database the sample newsroom."""
    day = clock.now().date()
    if day not in _rows:
        load_samples()
        _rows[day] = {table.name: _read(table) for table in Base.metadata.sorted_tables}
        return
    with committed() as session:
        note_change(session)
        for table in Base.metadata.sorted_tables:
            if rows := _rows[day][table.name]:
                session.execute(sa.insert(table), rows)
        if session.get_bind().dialect.name == "postgresql":
            _number_on(session)


def _read(table: sa.Table) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(sa.select(table)).mappings()]


def _number_on(session: Any) -> None:
    # Rows that bring their numbers leave PostgreSQL's counters behind.
    for table in Base.metadata.sorted_tables:
        column = table.primary_key.columns.values()[0]
        name = session.scalar(sa.text(f"SELECT pg_get_serial_sequence('{table.name}', '{column.name}')"))
        if name is not None:
            session.execute(
                sa.text(
                    f"SELECT setval('{name}', (SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name}), false)"
                )
            )


if __name__ == "__main__":
    with create_app().app_context():
        load_samples()
