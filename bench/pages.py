"""What a page costs beside a bare hello on the same server."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.lines import Line
from bench.newsroom import STORIES, STORY, furnish, serve_environment
from bench.server import Server

ROUNDS = 7
ASKED = 1500
#: Stories of a line whose pages must be drawn: each is asked for once and never again.
DRAWN = 300

Act = tuple[str, float, Callable[[], float]]


def measure_pages() -> list[Line]:
    """Measure the pages' CPU a request, each round beside a bare hello."""
    with tempfile.TemporaryDirectory() as folder:
        environ = serve_environment(Path(folder))
        secret = furnish(environ)
        hello, site = Server("bench.hello:app"), Server("wsgi:app", environ)
        try:
            return _rounds(hello, _acts(site, secret))
        finally:
            hello.end()
            site.end()


def _acts(site: Server, secret: str) -> list[Act]:
    article, unseen = f"/articles/{STORY}", itertools.count()
    mark, member = {"If-None-Match": site.get(article).headers["ETag"]}, {"Cookie": f"donate_session={secret}"}
    return [
        ("article page with its ask, kept", 1.7, lambda: site.spend(article, ASKED)),
        ("the same, nothing new (304)", 1.2, lambda: site.spend(article, ASKED, mark, 304)),
        ("front page, kept", 1.7, lambda: site.spend("/", ASKED)),
        ("donation form", 2.5, lambda: site.spend("/donate", ASKED)),
        ("article page, drawn for each request", 6.0, lambda: site.spend_on(_unseen(unseen))),
        ("the same for a signed-in member", 6.0, lambda: site.spend_on(_unseen(unseen), member)),
        ("article page, kept, for a signed-in member", 6.0, lambda: site.spend(article, ASKED, member)),
        ("front page for a signed-in member", 6.0, lambda: site.spend("/", ASKED, member)),
    ]


def _rounds(hello: Server, acts: list[Act]) -> list[Line]:
    ratios: dict[str, list[float]] = {name: [] for name, _, _ in acts}
    for _, _, spend in acts:
        spend()  # warm
    for _ in range(ROUNDS):
        for name, _, spend in acts:
            # The yardstick stands right beside each: another program on the machine then weighs on both.
            yard = hello.spend("/", ASKED)
            ratios[name].append(spend() / yard)
    return [Line(name, "CPU of a bare hello", goal, ratios[name]) for name, goal, _ in acts]


def _unseen(numbers: Iterator[int]) -> list[str]:
    asked = list(itertools.islice(numbers, DRAWN))
    if asked[-1] >= STORIES:
        raise RuntimeError("no story is left that was not drawn before")
    return [f"/articles/bench-{number}" for number in asked]
