"""The sample newsroom in a database: loaded once a process, copied in for every further test.

``python -m tests.make.furnish`` loads it into the database that the environment names.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from donate import clock
from donate.app import create_app
from donate.appeals.models import Appeal
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
        # Looked over when they came in: this test's clock may be behind the one they were first loaded by.
        session.execute(sa.update(Appeal).values(checked_at=clock.now()))
        if session.get_bind().dialect.name == "postgresql":
            _number_on(session, [name for name, rows in _rows[day].items() if rows])


def _read(table: sa.Table) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(sa.select(table)).mappings()]


def _number_on(session: Any, names: list[str]) -> None:
    # Rows that bring their numbers leave PostgreSQL's counters behind; a table without a counter answers nothing.
    counters = ", ".join(
        f"setval(pg_get_serial_sequence('{name}', '{column}'), (SELECT max({column}) + 1 FROM {name}), false)"
        for name in names
        for column in [Base.metadata.tables[name].primary_key.columns.values()[0].name]
    )
    session.execute(sa.text(f"SELECT {counters}"))


if __name__ == "__main__":
    with create_app().app_context():
        load_samples()
