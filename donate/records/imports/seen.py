"""What was seen in a file so far, kept on disk for the time of one reading: a hundred thousand rows take no memory."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self


class Seen:
    """Remembers rows and people of one reading; what belongs to a part that was taken back is forgotten with it."""

    def __init__(self) -> None:
        # An empty name is a file of SQLite's own that nobody else sees and that goes when it is closed.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("CREATE TABLE row (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._db.execute("CREATE TABLE person (key TEXT PRIMARY KEY, token INTEGER) WITHOUT ROWID")
        self._db.execute("CREATE TABLE donor (id INTEGER PRIMARY KEY)")
        self._db.execute("BEGIN")
        self._tokens = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def keep(self) -> None:
        """Keep what was noted since the last time."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    def take_back(self) -> None:
        """Forget what was noted since ``keep``."""
        self._db.execute("ROLLBACK")
        self._db.execute("BEGIN")

    def find_line(self, keys: list[str]) -> int | None:
        """Tell on which line one of some keys stood before; else none."""
        for key in keys:
            found = self._db.execute("SELECT line FROM row WHERE key = ?", (key,)).fetchone()
            if found is not None:
                return int(found[0])
        return None

    def note_line(self, keys: list[str], line: int) -> None:
        """Note that keys stand on a line."""
        self._db.executemany("INSERT OR IGNORE INTO row VALUES (?, ?)", [(key, line) for key in keys])

    def find_person(self, keys: list[str]) -> int | None:
        """Give the token of a person who is new with this file, by an address or a number of theirs, in their order."""
        for key in keys:
            found = self._db.execute("SELECT token FROM person WHERE key = ?", (key,)).fetchone()
            if found is not None:
                return int(found[0])
        return None

    def add_person(self, keys: list[str], token: int | None = None) -> int:
        """Note a person who is new with this file, or more keys of one; give their token.

        Args:
            keys: Of them.
            token: Theirs, where they have one; that of a donor who has a row is its key below zero.
        """
        if token is None:
            self._tokens += 1
            token = self._tokens
        self._db.executemany("INSERT OR IGNORE INTO person VALUES (?, ?)", [(key, token) for key in keys])
        return token

    def settle_person(self, keys: list[str], donor_id: int) -> None:
        """Note that a person who was new with this file has a row now."""
        self._db.executemany("INSERT OR REPLACE INTO person VALUES (?, ?)", [(key, -donor_id) for key in keys])
        self._db.execute("INSERT OR IGNORE INTO donor VALUES (?)", (donor_id,))

    def meet_donor(self, donor_id: int) -> bool:
        """Tell whether a donor who was here before is met for the first time."""
        made = self._db.execute("INSERT OR IGNORE INTO donor VALUES (?)", (donor_id,))
        return made.rowcount > 0
