"""What the sandbox remembers: one SQLite file of objects, work to do, deliveries and settings."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Obj = dict[str, Any]

TABLES = """
CREATE TABLE IF NOT EXISTS objects (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, tag TEXT, created INTEGER NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_newest ON objects (type, created, seq);
CREATE INDEX IF NOT EXISTS objects_by_tag ON objects (type, tag);
CREATE INDEX IF NOT EXISTS objects_by_intent ON objects (type, json_extract(json, '$.payment_intent'));
CREATE INDEX IF NOT EXISTS objects_by_invoice ON objects (type, json_extract(json, '$.invoice'));
CREATE INDEX IF NOT EXISTS objects_by_paid_intent ON objects (type, json_extract(json, '$.payment.payment_intent'));
CREATE INDEX IF NOT EXISTS objects_by_subscription
  ON objects (type, json_extract(json, '$.parent.subscription_details.subscription'));
CREATE INDEX IF NOT EXISTS objects_by_source ON objects (type, json_extract(json, '$.source'));
CREATE INDEX IF NOT EXISTS objects_by_payout ON objects (type, json_extract(json, '$._payout'));
CREATE INDEX IF NOT EXISTS objects_not_paid_out ON objects (json_extract(json, '$.currency'))
  WHERE type = 'balance_transaction' AND json_extract(json, '$._payout') IS NULL;
CREATE TABLE IF NOT EXISTS work (
  id INTEGER PRIMARY KEY AUTOINCREMENT, due INTEGER NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS work_due ON work (due, id);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, due INTEGER NOT NULL,
  rank INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, answer TEXT
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due, rank);
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS requests (id INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, json TEXT NOT NULL);
"""
EMPTIED_BY_RESET = ("objects", "work", "deliveries", "idempotency", "requests")
PATH = re.compile(r"\$(\.\w+(\[\d+\])?)+")
LETTERS = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return a fresh id that looks like Stripe's."""
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(length))


class Store:
    """Keep objects and queues; every read and write happens under one lock."""

    def __init__(self, path: str) -> None:
        self.lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")  # practice money: speed matters more than a power cut
        self._db.executescript(TABLES)

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing; nested use joins the outer transaction."""
        with self.lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if outermost:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if outermost:
                self._db.execute("COMMIT")

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Take back all that is written inside, inside a transaction."""
        self.run("SAVEPOINT rehearsal")
        try:
            yield
        finally:
            self.run("ROLLBACK TO rehearsal")
            self.run("RELEASE rehearsal")

    def run(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self.lock:
            return self._db.execute(sql, values).fetchall()

    # -- objects ------------------------------------------------------------------------------------------

    def add(self, obj: Obj, tag: str | None = None) -> Obj:
        """Store a new object; keys that begin with an underscore are the sandbox's own notes."""
        self.run(
            "INSERT INTO objects (id, type, tag, created, seq, json)"
            " VALUES (?, ?, ?, ?, (SELECT COALESCE(MAX(rowid), 0) + 1 FROM objects), ?)",
            obj["id"], obj["object"], tag, obj.get("created") or 0, json.dumps(obj),
        )  # fmt: skip
        return obj

    def save(self, obj: Obj) -> Obj:
        """Write an object that changed."""
        self.run("UPDATE objects SET json = ? WHERE id = ?", json.dumps(obj), obj["id"])
        return obj

    def get(self, type: str, identifier: str) -> Obj | None:
        """Return the object of this type and id, or nothing."""
        rows = self.run("SELECT json FROM objects WHERE id = ? AND type = ?", identifier, type)
        return json.loads(rows[0][0]) if rows else None

    def remove(self, obj: Obj) -> Obj:
        """Leave only the gravestone that Stripe answers for a deleted object."""
        gravestone = {"id": obj["id"], "object": obj["object"], "deleted": True}
        self.run(
            "UPDATE objects SET type = ?, json = ? WHERE id = ?",
            "deleted_" + obj["object"], json.dumps(gravestone), obj["id"],
        )  # fmt: skip
        return gravestone

    def position(self, type: str, identifier: str) -> tuple[int, int] | None:
        """Return where an object stands in its list, newest first."""
        rows = self.run("SELECT created, seq FROM objects WHERE id = ? AND type = ?", identifier, type)
        return (rows[0][0], rows[0][1]) if rows else None

    def select(self, type: str, where: list[tuple[str, list[Any]]] | None = None, *, order: str = "DESC",
               limit: int = -1) -> list[Obj]:  # fmt: skip
        """Return objects of a type, newest first unless told otherwise; `where` holds SQL conditions and values."""
        conditions, values = ["type = ?"], [type]
        for condition, more in where or []:
            conditions.append(condition)
            values.extend(more)
        sql = f"SELECT json FROM objects WHERE {' AND '.join(conditions)} ORDER BY created {order}, seq {order} LIMIT ?"
        return [json.loads(row[0]) for row in self.run(sql, *values, limit)]

    def find(self, type: str, path: str, value: Any) -> list[Obj]:
        """Return objects of a type whose field at a JSON path has this value."""
        return self.select(type, [equals(path, value)])

    # -- work that falls due --------------------------------------------------------------------------------

    def plan(self, due: int, kind: str, ref: str) -> None:
        """Note something to be done at a moment of sandbox time."""
        self.run("INSERT INTO work (due, kind, ref) VALUES (?, ?, ?)", due, kind, ref)

    def is_planned(self, kind: str, ref: str) -> bool:
        """Return whether something of this kind is to be done for this already."""
        return bool(self.run("SELECT 1 FROM work WHERE kind = ? AND ref = ? LIMIT 1", kind, ref))

    def next_work(self, until: float) -> tuple[int, int, str, str] | None:
        """Return the earliest work due (id, due, kind, ref), or nothing."""
        rows = self.run("SELECT id, due, kind, ref FROM work WHERE due <= ? ORDER BY due, id LIMIT 1", until)
        return (rows[0][0], rows[0][1], rows[0][2], rows[0][3]) if rows else None

    # -- settings and reset ----------------------------------------------------------------------------------

    def setting(self, name: str, default: Any = None) -> Any:
        """Return a stored setting."""
        rows = self.run("SELECT json FROM settings WHERE name = ?", name)
        return json.loads(rows[0][0]) if rows else default

    def set(self, name: str, value: Any) -> None:
        """Store a setting."""
        self.run("INSERT OR REPLACE INTO settings (name, json) VALUES (?, ?)", name, json.dumps(value))

    def empty(self, keep: str | None = None) -> None:
        """Drop everything but settings and, where named, the objects of one type."""
        kept = self.run("SELECT id, json FROM objects WHERE type = ?", keep) if keep else []
        for table in EMPTIED_BY_RESET:
            self.run(f"DELETE FROM {table}")
        for _, text in kept:
            self.add(json.loads(text))


def equals(path: str, value: Any) -> tuple[str, list[Any]]:
    """Return the condition that the field at a JSON path has this value."""
    if not PATH.fullmatch(path):
        raise ValueError(f"not a path: {path}")
    # The path stands in the statement, so that an index on it is used.
    return f"json_extract(json, '{path}') = ?", [int(value) if isinstance(value, bool) else value]
