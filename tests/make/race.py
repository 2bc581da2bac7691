"""Let two do something at the same moment, and wait for one another where it matters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from donate.db import db


class Race:
    """Two do something at once, each in a thread of its own, and wait for one another where a test says so."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.patch = monkeypatch
        self.running = False
        self.stumbled: list[Exception] = []

    def meet_after(self, place: Any, name: str) -> None:
        """Let neither go on from the first call of a function before both have made theirs.

        Args:
            place: The module that calls it.
            name: Its name there.
        """
        real, both, been = getattr(place, name), threading.Barrier(2), threading.local()

        def meet(*given: Any, **more: Any) -> Any:
            found = real(*given, **more)
            if self.running and not getattr(been, "here", False):
                been.here = True
                both.wait(timeout=60)
            return found

        self.patch.setattr(place, name, meet)

    def without_lock(self, place: Any) -> None:
        """Let a verb read its rows as they are, waiting for nobody."""
        self.patch.setattr(place, "lock", lambda model, row_id: db.session.get_one(model, row_id))

    def run(self, *acts: Callable[[], object]) -> list[Exception]:
        """Let all act; give what stumbled."""
        threads = [threading.Thread(target=self._act, args=(act,)) for act in acts]
        self.running = True
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.running = False
        db.session.expire_all()
        return self.stumbled

    def _act(self, act: Callable[[], object]) -> None:
        with self.app.app_context():
            try:
                act()
            except Exception as error:
                self.stumbled.append(error)


@pytest.fixture
def race(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Race:
    """Return a race that is still to be run."""
    return Race(app, monkeypatch)
