"""The shelf: what every page of this process needs, and finished pages, kept for as long as an edition is out."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from donate import clock
from donate.appeals.choose import Index
from donate.appeals.queries import list_live_campaigns, list_switched_off, list_tallies
from donate.appeals.situation import PageFacts
from donate.appeals.tally import Tally
from donate.articles.models import Section
from donate.articles.queries import Recent, list_recent, list_sections
from donate.db import db, in_committed
from donate.errors import NotFound
from donate.newsroom.edition import local_changes
from donate.newsroom.models import Newsroom
from donate.newsroom.queries import edition_number, find_language, get_newsroom
from donate.web.language import FALLBACK, LANGUAGES

# Every process looks for a new edition this often, so a change is seen everywhere within 5 seconds.
LOOK_SECONDS = 2.0
# Finished pages kept, a few dozen kilobytes each.
MOST_PAGES = 1000


@dataclass(frozen=True)
class OutNow:
    """What is out: enough to frame every page and choose every ask without asking the database.

    Args:
        number: The edition's.
        day: The newsroom's.
        newsroom: Its row, apart from any session: to be read, never written.
        sections: In the newsroom's order, likewise.
        index: The live appeals, as they are chosen from.
        off: Placements that are switched off.
        recent: The newest stories by language.
        tallies: By appeal and currency.
        parts: What ``{% once %}`` has drawn since, by prefix and language: it is forgotten with the edition.
        reasons: Why which appeal asks on which pages, in words, likewise.
    """

    number: int
    day: date
    newsroom: Newsroom
    sections: tuple[Section, ...]
    index: Index
    off: frozenset[str]
    recent: Mapping[str, Sequence[Recent]]
    tallies: Mapping[tuple[str, str], Tally]
    parts: dict[tuple[str, str], dict[Any, tuple[str, bool]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    reasons: dict[Any, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def begins(self) -> datetime:
        """When its day begins in the newsroom's zone."""
        return clock.start_of(self.day, self.newsroom.time_zone)

    @cached_property
    def ends(self) -> datetime:
        """When the next day begins there."""
        return clock.start_of(self.day + timedelta(days=1), self.newsroom.time_zone)


@dataclass(frozen=True)
class Finished:
    """A page as it goes out, and what it was made from.

    Args:
        facts: What its asks were chosen by; None of a page that has none.
    """

    out: OutNow
    body: bytes
    mark: str
    content_type: str
    facts: PageFacts | None = None


def finish(out: OutNow, text: str, content_type: str, facts: PageFacts | None = None) -> Finished:
    """Make a page of what was drawn for what was out then."""
    body = text.encode()
    return Finished(out, body, hashlib.sha256(body).hexdigest()[:32], content_type, facts)


class Shelf:
    """One process's memory of public pages; several threads use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._changes = -1
        self._out: OutNow | None = None
        self._pages: OrderedDict[tuple[str, ...], Finished] = OrderedDict()

    def out_now(self) -> OutNow:
        """Tell what is out, looked up again when the last look is two seconds old or something changed here.

        Raises:
            NotFound: ``newsroom_missing``, before ``flask newsroom load``.
        """
        out = self._out
        if out is None or self._is_stale(out):
            # Set first: while one thread looks, the others go on with what they have.
            self._looked_at, self._changes = time.monotonic(), local_changes()
            self._out = out = _look(out)
        return out

    def main_language(self) -> str:
        """Tell the newsroom's own language; English before its facts are loaded."""
        if in_committed():  # a transaction's own rows are not to be refreshed and let go under its hands
            language = self._out.newsroom.language if self._out is not None else find_language()
        else:
            try:
                language = self.out_now().newsroom.language
            except (NotFound, SQLAlchemyError):  # the page that says so is drawn in some language too
                language = self._out.newsroom.language if self._out is not None else FALLBACK
        return language if language in LANGUAGES else FALLBACK

    def _is_stale(self, out: OutNow) -> bool:
        return (
            time.monotonic() - self._looked_at >= LOOK_SECONDS
            or local_changes() != self._changes
            or not out.begins <= clock.now() < out.ends
        )

    def find_ready(self, key: tuple[str, ...]) -> Finished | None:
        """Find a page that can go out at once; none where somebody has to look at the database first."""
        page, out = self._pages.get(key), self._out
        if page is None or out is None or page.out is not out or self._is_stale(out):
            return None
        return page

    def find(self, key: tuple[str, ...]) -> Finished | None:
        """Find a finished page that is still what would be drawn."""
        page = self._pages.get(key)
        return page if page is not None and page.out is self.out_now() else None

    def keep(self, key: tuple[str, ...], page: Finished) -> None:
        """Keep a page for as long as it is what would be drawn."""
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def _look(before: OutNow | None) -> OutNow:
    """Look at what is out; the same object as before where nothing has changed, which is what pages are kept by."""
    number, tallies = edition_number(), list_tallies()
    if before is not None and before.number == number:
        day = clock.today(before.newsroom.time_zone)
        if before.day == day and before.tallies == tallies:
            return before
        return replace(before, day=day, tallies=tallies)
    newsroom, sections = get_newsroom(), list_sections()
    for row in (newsroom, *sections):
        db.session.refresh(row)
        db.session.expunge(row)
    return OutNow(
        number=number,
        day=clock.today(newsroom.time_zone),
        newsroom=newsroom,
        sections=tuple(sections),
        index=Index(list_live_campaigns()),
        off=frozenset(list_switched_off()),
        recent={language: list_recent(language) for language in LANGUAGES},
        tallies=tallies,
    )


def put_up(app: Flask) -> None:
    """Give an application its shelf."""
    app.extensions["shelf"] = Shelf()


def shelf() -> Shelf:
    """Give the shelf of the application that answers."""
    found: Shelf = current_app.extensions["shelf"]
    return found
