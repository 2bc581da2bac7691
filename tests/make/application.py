"""The settings and databases that room and door tests run on."""

from __future__ import annotations

import shutil
from pathlib import Path

import flask_migrate
from sqlalchemy import inspect, text

from donate import clock
from donate.app import create_app
from donate.db import db
from donate.settings import Settings

SITE = "http://127.0.0.1:5000"
BOX = "http://127.0.0.1:12111"
WEBHOOK_SECRET = "whsec_of_the_tests"


def settings_for(database_url: str, outbox: Path) -> Settings:
    """Choose the settings of a test, never the environment's."""
    return Settings(
        database_url=database_url,
        secret_key="a secret of the tests",
        site_url=SITE,
        stripe_secret_key="sk_test_of_the_tests",
        stripe_webhook_secret=WEBHOOK_SECRET,
        stripe_api_base=BOX,
        mail_url=f"file:{outbox}",
    )


def migrate(url: str) -> None:
    """Bring a database to the newest migration, and let go of it."""
    app = create_app(settings_for(url, Path("unused")), ask_offset=lambda: 0.0)
    with app.app_context():
        flask_migrate.upgrade()
        let_go()


def let_go() -> None:
    """Close every connection of the application in hand."""
    db.session.remove()
    db.engine.dispose()
    clock.follow(None)


def sqlite_copy(template: Path, folder: Path) -> str:
    """Copy a migrated file for one test and give its address."""
    path = folder / "test.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


def empty_tables() -> None:
    """Take every row out of a PostgreSQL database, and number from 1 again.

    Row by row and only where there are some: truncating makes dozens of files anew, for each test.
    """
    names = _tables or sorted(set(inspect(db.engine).get_table_names()) - {"alembic_version"})
    _tables[:] = names
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
    with db.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        # Neither keys between tables nor the triggers of what is append-only stand in the way of an empty database.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in connection.scalars(text(asked)).all():
            connection.execute(text(f"DELETE FROM {name}"))
        connection.execute(
            text(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences"
                " WHERE last_value IS NOT NULL"
            )
        )


_tables: list[str] = []
