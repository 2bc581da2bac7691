"""A connection that ended while it rested is made anew before anybody notices; a busy one is not asked each time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from donate import db as ground
from donate.db import db


@pytest.fixture
def ended(app: Flask) -> None:
    """Let the database end the one connection that rests in the pool."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no connection that somebody else could end")
    db.session.remove()
    db.engine.dispose()
    with db.engine.connect() as resting:
        number = resting.scalar(sa.text("SELECT pg_backend_pid()"))
    other = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    other.dispose()


def ask() -> int | None:
    with db.engine.connect() as connection:
        return connection.scalar(sa.text("SELECT 1"))


def test_a_connection_that_rested_is_asked_and_made_anew(ended: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "RESTED_SECONDS", 0.0)
    assert ask() == 1


def test_unasked_its_end_would_be_an_error(ended: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: nobody asks one that is thought to be busy, and the next use finds the new one."""
    monkeypatch.setattr(ground, "RESTED_SECONDS", 60.0)
    with pytest.raises(OperationalError):
        ask()
    assert ask() == 1
