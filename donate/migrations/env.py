"""Run the migrations with the application's engine."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from donate.db import Base, UtcDateTime, db

config = context.config


def plain_type(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own column types as what they are in the database: migrations don't move with the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    """Migrate online: one connection, batch mode for SQLite."""
    with db.engine.execution_options(isolation_level="SERIALIZABLE").connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=plain_type,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: set DATABASE_URL and run `flask db upgrade`.")
assert current_app
run()
