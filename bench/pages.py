"""What a page costs beside a bare hello on the same server."""

from __future__ import annotations

import itertools
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.newsroom import furnish, serve_environment
from bench.server import Server

ROUNDS = 5
ASKED = 1000
FIRST_TIME = 200


@dataclass(frozen=True)
class Line:
    """One measured thing: its goal and what came of it, as ratios to the yardstick of the same round."""

    name: str
    goal: float
    ratios: list[float]

    @property
    def median(self) -> float:
        """The middle ratio."""
        return statistics.median(self.ratios)


def measure_pages() -> list[Line]:
    """Measure the pages' CPU a request, each round beside a bare hello."""
    with tempfile.TemporaryDirectory() as folder:
        environ = serve_environment(Path(folder))
        slug = furnish(environ)
        hello, site = Server("bench.hello:app"), Server("wsgi:app", environ)
        try:
            return _rounds(hello, site, f"/articles/{slug}")
        finally:
            hello.end()
            site.end()


def _rounds(hello: Server, site: Server, article: str) -> list[Line]:
    seen = itertools.count()
    mark = site.get(article).headers["ETag"]
    acts: list[tuple[str, float, Callable[[], float]]] = [
        ("article page with its ask", 1.7, lambda: site.spend(article, ASKED)),
        ("the same, nothing new (304)", 1.2, lambda: site.spend(article, ASKED, {"If-None-Match": mark}, 304)),
        ("front page", 1.7, lambda: site.spend("/", ASKED)),
        ("donation form", 2.5, lambda: site.spend("/donate", ASKED)),
        # Each asked for once: nothing kept serves it.
        ("article page, drawn for the first time", 6.0, lambda: site.spend_on(_unseen(seen))),
    ]
    ratios: dict[str, list[float]] = {name: [] for name, _, _ in acts}
    for _, _, spend in acts:
        spend()  # warm
    for _ in range(ROUNDS):
        for name, _, spend in acts:
            # The yardstick stands right beside each: another program on the machine then weighs on both.
            yard = hello.spend("/", ASKED)
            ratios[name].append(spend() / yard)
    return [Line(name, goal, ratios[name]) for name, goal, _ in acts]


def _unseen(seen: Iterator[int]) -> list[str]:
    return [f"/articles/bench-{next(seen)}" for _ in range(FIRST_TIME)]
