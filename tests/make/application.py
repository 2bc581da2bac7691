"""The settings and databases that room and door tests run on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import inspect, text

from donate import clock
from donate.app import create_app, use
from donate.db import db
from donate.settings import Settings
from donate.web import counting

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
        exports_dir=str(outbox.parent / "exports"),
    )


class KeptApps:
    """One application a kind of database and process, handed to each test as if it were new.

    To make one takes longer than most tests do: its addresses, templates and statements are then read once.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _AsMade] = {}

    def take(self, chosen: Settings, speaker: Any, ask_offset: Callable[[], float]) -> Flask:
        """Give the application of a database's kind, with nothing in it of an earlier test.

        Args:
            chosen: The test's settings; their database is always the same of its kind.
            speaker: The stand-in for Stripe's HTTP client.
            ask_offset: The sandbox's clock.
        """
        found = self._kept.get(chosen.database_url)
        if found is None or not found.is_whole():
            app = create_app(chosen, http_client=speaker, ask_offset=ask_offset)
            found = self._kept[chosen.database_url] = _AsMade(app)
        use(chosen, http_client=speaker, ask_offset=ask_offset)
        found.restore(chosen)
        return found.app


class _AsMade:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self._config = dict(app.config)
        self._globals = dict(app.jinja_env.globals)
        self._rules = len(list(app.url_map.iter_rules()))

    def is_whole(self) -> bool:
        """Tell whether no test has added an address, which cannot be taken away."""
        return len(list(self.app.url_map.iter_rules())) == self._rules

    def restore(self, chosen: Settings) -> None:
        """Forget what earlier tests changed."""
        app = self.app
        app.config.clear()
        app.config.update(self._config, DONATE=chosen)
        app.jinja_env.globals.clear()
        app.jinja_env.globals.update(self._globals)
        app.extensions["shelf"].__init__()
        counting.put_up(app)
        # A test may add an address before its first request, as to any new application.
        app._got_first_request = False


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
    """Copy a migrated file for one test, in the place of the one before, and give its address."""
    path = folder / "test.db"
    for left in folder.glob("test.db*"):  # what an earlier test still holds open stays its own
        left.unlink()
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
