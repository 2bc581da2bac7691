"""Count how often asks are seen, closed and pressed: in memory, and from there into the database in batches."""

from __future__ import annotations

import atexit
import re
import threading
from multiprocessing import util
from typing import Literal

import structlog
from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from donate.appeals.choose import COPY_A, COPY_B, HELD
from donate.appeals.count import Counted, Sums, count_asks
from donate.appeals.rules import PLACEMENTS
from donate.db import committed
from donate.web.shelf import OutNow, shelf

What = Literal["views", "closes", "presses"]

#: The database hears of what was counted this often at most; a crash loses no more than was counted meanwhile.
FLUSH_SECONDS = 10.0
#: Different sums kept at a time, some hundred bytes each; what comes beyond that is not counted.
MOST_KEYS = 5000
_COPIES = frozenset({"", COPY_A, COPY_B, HELD})
_SLUG = re.compile(r"[\w~.-]{0,200}")

# Who is no reader. Short on purpose: what runs no script sends no view, so this is for the few that do.
_BOTS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp"  # search engines name themselves so; Cubot is a maker of phones
    r"|facebookexternalhit|preview|embed"  # programs that draw a link's picture: chats, networks, mail
    r"|lighthouse|pagespeed|pingdom|uptime|monitor|gtmetrix|statuscake"  # programs that measure pages
    r"|archiver|wayback|heritrix"  # archives
    r"|headless|phantom|puppeteer|playwright|selenium"  # browsers that nobody sits before
    r"|curl|wget|python|java/|go-http|okhttp|libwww|httpclient|node-fetch|axios|scrapy",  # a programmer's tools
    re.IGNORECASE,
)


class Counts:
    """One process's sums that the database has not heard of; several threads use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._sums: dict[Counted, Sums] = {}

    def add(self, what: Counted, sums: Sums) -> None:
        """Add to a sum; where there are too many different ones already, nothing is added."""
        with self._lock:
            if what in self._sums or len(self._sums) < MOST_KEYS:
                self._sums[what] = self._sums.get(what, Sums()) + sums

    def waiting(self) -> dict[Counted, Sums]:
        """Tell what the database has not heard of."""
        with self._lock:
            return dict(self._sums)

    def flush(self) -> bool:
        """Hand over what was counted; where the database is away it waits for the next time.

        Returns:
            Whether everything is in the database now.
        """
        with self._flushing:
            with self._lock:
                handed, self._sums = self._sums, {}
            if not handed:
                return True
            try:
                with committed():
                    count_asks(handed)
            except SQLAlchemyError as error:
                _log.warning("asks_not_counted", error=repr(error))
                for what, sums in handed.items():
                    self.add(what, sums)
                return False
            return True


_log = structlog.get_logger("counting")


def put_up(app: Flask) -> None:
    """Give an application its sums."""
    app.extensions["counts"] = Counts()


def counts() -> Counts:
    """Give the sums of the application that answers."""
    found: Counts = current_app.extensions["counts"]
    return found


def note_ask(what: What, appeal: str, variant: str, placement: str, article: str) -> None:
    """Note that an ask was seen, closed or pressed; bots are left out, and so is what we do not know.

    Args:
        what: Which of the three.
        appeal: Its address.
        variant: Which copy; empty where there is only one.
        placement: Where it stood.
        article: The story's address; empty elsewhere.
    """
    out = shelf().out_now()
    if placement not in PLACEMENTS or variant not in _COPIES or not _SLUG.fullmatch(article) or _is_no_reader():
        return
    if is_live(out, appeal):
        counts().add(Counted(out.day, appeal, variant, placement, article), Sums(**{what: 1}))


def is_live(out: OutNow, appeal: str) -> bool:
    """Tell whether an appeal is one that may ask.

    Args:
        out: What is out.
        appeal: Its address.
    """
    return any(each.slug == appeal for each in out.index.campaigns)


def keep_time(app: Flask) -> None:
    """Hand over what was counted every few seconds, and once more when the process ends; call once, where it serves."""
    made: Counts = app.extensions["counts"]
    ending = threading.Event()

    def hand_over() -> None:
        with app.app_context():
            made.flush()

    def run() -> None:
        while not ending.wait(FLUSH_SECONDS):
            hand_over()

    def end() -> None:
        ending.set()
        hand_over()

    threading.Thread(target=run, name="counting", daemon=True).start()
    # The server's workers end without Python's own farewell, and by that of the library that started them.
    util.Finalize(None, end, exitpriority=10)
    atexit.register(end)


def _is_no_reader() -> bool:
    """Tell whether a request was made by a program, or by a browser for a page that nobody has opened yet."""
    asked_for = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    agent = request.headers.get("User-Agent", "")
    return "prefetch" in asked_for.lower() or not agent or _BOTS.search(agent[:500]) is not None
