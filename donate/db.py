"""The database: session, base class, column types, snapshot(); committed(), write_alone(): the only ways to write."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Insert, Select, Update, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry, Pool, PoolProxiedConnection
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """The base of every row."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; refuses naive datetimes."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what has no zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only where the key's type is exactly INTEGER.
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

db = SQLAlchemy(model_class=Base, disable_autonaming=True)

#: For statements that write rows and are asked how many: without it an INSERT does not tell on every database.
COUNTED: dict[str, Any] = {"preserve_rowcount": True}

#: A connection that was not used for so long is asked whether it still stands before it is used again.
RESTED_SECONDS = 2.0

_here = threading.local()

Row = TypeVar("Row", bound=Base)


class NotInCommitted(RuntimeError):
    """A write outside committed(), a nested one, or a call to the outside from inside one."""


def in_committed() -> bool:
    """Tell whether this thread is inside ``committed()``."""
    return bool(getattr(_here, "writing", False))


def in_snapshot() -> bool:
    """Tell whether this thread is inside ``snapshot()``."""
    return bool(getattr(_here, "reading", False))


def refuse_inside_committed(act: str) -> None:
    """Raise when called inside ``committed()``: nobody waits for a network while holding locks.

    Args:
        act: What must not happen there, for the message.
    """
    if in_committed():
        raise NotInCommitted(f"{act} inside committed(): write first, commit, then call out")


@contextlib.contextmanager
def committed() -> Iterator[Session]:
    """Open one transaction, commit it at the end, roll it back on an error. Does not nest.

    Rows read before it are read again inside it. Outside it every read is on its own (autocommit) and
    every write is refused.

    Raises:
        NotInCommitted: When nested, or when something was changed before it opened.
    """
    session: Session = db.session()
    if in_committed():
        raise NotInCommitted("committed() does not nest: let the caller hold it")
    if in_snapshot():
        raise NotInCommitted("committed() inside snapshot(): what is read there is read as it was")
    if session.new or session.dirty or session.deleted:
        raise NotInCommitted("something was changed before committed() opened")
    session.rollback()
    _here.writing = True
    try:
        level = "SERIALIZABLE" if session.get_bind().dialect.name == "sqlite" else "READ COMMITTED"
        session.connection(execution_options={"isolation_level": level})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _here.writing = False


@contextlib.contextmanager
def snapshot() -> Iterator[Session]:
    """Let every read see the database as it is at the beginning, however many there are and however long they take.

    Nobody who writes waits for it, and nothing can be written in it. Does not nest, neither in itself nor with
    ``committed()``. Rows read before it are read again inside it, and after it once more.

    Raises:
        NotInCommitted: When nested, or when something was changed before it opened.
    """
    session: Session = db.session()
    if in_committed() or in_snapshot():
        raise NotInCommitted("snapshot() does not nest: let the caller hold it")
    if session.new or session.dirty or session.deleted:
        raise NotInCommitted("something was changed before snapshot() opened")
    session.rollback()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    level = {"isolation_level": "SERIALIZABLE" if is_sqlite else "REPEATABLE READ"}
    _here.reading = True
    try:
        connection = session.connection(execution_options=level if is_sqlite else level | {"postgresql_readonly": True})
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA query_only=ON")
        # The state is that of the first read, so it is read at once.
        connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1" if is_sqlite else "SELECT 1")
        try:
            yield session
        finally:
            if is_sqlite:
                connection.exec_driver_sql("PRAGMA query_only=OFF")
    finally:
        _here.reading = False
        session.rollback()


def write_alone(statement: Insert, values: Mapping[str, Any]) -> int:
    """Run one INSERT that is a transaction of its own: durable when this returns; call outside ``committed()``.

    For a row that stands for itself and whose writer waits: one round trip, where ``committed()`` takes three. On
    SQLite the statement waits for its turn to write like any other transaction.

    Args:
        statement: Made once, with ``inline()``, so that nothing is read back.
        values: Of its columns.

    Returns:
        How many rows were written.

    Raises:
        NotInCommitted: Inside ``committed()``, whose transaction it would not be part of, or ``snapshot()``.
    """
    if in_committed():
        raise NotInCommitted("write_alone() inside committed(): its row would stay when the others are taken back")
    if in_snapshot():
        raise NotInCommitted("write_alone() inside snapshot()")
    with db.engine.connect() as connection:
        return connection.execute(statement, values, execution_options=COUNTED).rowcount


def change_alone(statement: Update) -> int:
    """Run one UPDATE that is a transaction of its own, beside whatever this thread is reading.

    For a row that tells how far a long piece of work is, or that somebody still does it.

    Args:
        statement: With its values.

    Returns:
        How many rows it changed.

    Raises:
        NotInCommitted: Inside ``committed()``, whose transaction it would not be part of.
    """
    if in_committed():
        raise NotInCommitted("change_alone() inside committed(): it would stay when the others are taken back")
    with db.engine.connect() as connection:
        return connection.execute(statement, execution_options=COUNTED).rowcount


def read_alone(statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> Sequence[Any]:
    """Run one SELECT by itself, for what is read at nearly every request; call outside ``committed()``.

    A session, which would remember what it gave, costs as much as the reading.

    Args:
        statement: Made once, of columns.
        values: Of its parameters.

    Returns:
        Its rows.

    Raises:
        NotInCommitted: Inside ``committed()``, whose own writes it would not see, or ``snapshot()``.
    """
    if in_committed():
        raise NotInCommitted("read_alone() inside committed(): it would not see what was written there")
    if in_snapshot():
        raise NotInCommitted("read_alone() inside snapshot(): it would see what came after its beginning")
    with db.engine.connect() as connection:
        return connection.execute(statement, values).all()


def insert_of(model: type[Base]) -> Any:
    """Write an INSERT in the database's own words, which know ``on_conflict_do_…``.

    Args:
        model: The row's class.
    """
    made = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return made(model)


def lock(model: type[Row], row_id: int) -> Row:
    """Take a row's lock inside ``committed()`` and read it as it is now.

    Args:
        model: The row's class.
        row_id: Its key.
    """
    if not in_committed():
        raise NotInCommitted("a lock lives inside committed()")
    return db.session.get_one(model, row_id, with_for_update=True, populate_existing=True)


def engine_options(url: str) -> dict[str, Any]:
    """Choose the engine's options for a database address.

    Args:
        url: ``sqlite:///…`` or ``postgresql+psycopg://…``.
    """
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
    if url.startswith("postgresql"):
        options |= {"pool_size": 10, "max_overflow": 10}
    else:
        options["connect_args"] = {"timeout": 30}
    return options


@event.listens_for(Pool, "checkin")
def _note_rest(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info["rests_since"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _ask_the_rested(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
    """Ask a connection that rested whether it still stands, and have it made anew where it does not.

    Not at every use: that would be a question to the database before each statement of a busy process.
    """
    rests_since = entry.info.get("rests_since")
    if rests_since is None or time.monotonic() - rests_since < RESTED_SECONDS or _is_sqlite(connection):
        return
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT 1")
    except Exception as error:
        raise DisconnectionError("the connection ended while it rested") from error
    finally:
        cursor.close()


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(session: Session, _context: Any, _instances: Any) -> None:
    if not in_committed():
        raise NotInCommitted("a write outside committed()")


def _is_sqlite(connection: DBAPIConnection) -> bool:
    return type(connection).__module__.startswith("sqlite3")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    if _is_sqlite(connection):
        cursor = connection.cursor()
        # WAL lets a long export read while a gift is written; FULL keeps a stored event through a power cut.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@event.listens_for(Engine, "begin")
def _begin_at_once_on_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later would fail instead of wait; so it takes the lock at its start.
    if connection.dialect.name == "sqlite" and in_committed():
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "sqlite" and in_snapshot() and not _is_beside(connection):
        connection.exec_driver_sql("BEGIN")


def _is_beside(connection: Connection) -> bool:
    """Tell whether a connection is another than the snapshot's: what ``change_alone`` writes is its own transaction."""
    return connection.get_execution_options().get("isolation_level") != "SERIALIZABLE"
