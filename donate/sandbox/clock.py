"""The sandbox's clock: real time plus an offset that can be moved, and frozen while one thing is done."""

from __future__ import annotations

import calendar
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from donate.sandbox.store import Store

HOUR = 3600
DAY = 24 * HOUR


class Clock:
    """Tell sandbox time; every read of the frozen moment happens under the store's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._frozen: float | None = None
        self._offset: float = store.setting("offset", 0.0)

    @property
    def offset(self) -> float:
        """Return the seconds between sandbox time and real time."""
        return self._offset

    def set_offset(self, seconds: float) -> None:
        """Move the clock for good; less than a second is taken for none."""
        self._offset = 0.0 if abs(seconds) < 1 else seconds
        self._store.set("offset", self._offset)

    def exact(self) -> float:
        """Return sandbox time with its fraction."""
        with self._store.lock:
            return self._frozen if self._frozen is not None else time.time() + self._offset

    def now(self) -> int:
        """Return sandbox time in whole seconds, as objects are stamped."""
        return int(self.exact())

    def catch_up(self, moment: float) -> None:
        """Move forward to a moment, never back."""
        if moment > time.time() + self._offset:
            self.set_offset(moment - time.time())

    @contextmanager
    def at(self, moment: float | None = None) -> Iterator[None]:
        """Freeze the clock at a moment (or now), so that what is done together is stamped together."""
        before = self._frozen
        self._frozen = self.exact() if moment is None else moment
        try:
            yield
        finally:
            self._frozen = before


def periods_after(anchor: int, interval: str, count: int, number: int) -> int:
    """Return the moment `number` periods after the anchor.

    Months keep the anchor's day where the month has it and take the month's last day where not:
    31 January, 28 February, 31 March.
    """
    start = datetime.fromtimestamp(anchor, UTC)
    if interval in ("day", "week"):
        return int((start + timedelta(days=(7 if interval == "week" else 1) * count * number)).timestamp())
    months = start.month - 1 + (12 if interval == "year" else 1) * count * number
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())
