"""What choosing among a thousand live appeals costs beside a plain loop over the same candidates.

The loop does a page's work too: for each placement it goes through all candidates once, and looks at a few of the
things that the rules look at. It has no names, no reasons, no copies, and draws no words.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bench.lines import Line
from donate.appeals.campaign import Campaign, Presets, Words
from donate.appeals.choose import Index, choose_for_page
from donate.appeals.rules import PLACEMENTS, Rules
from donate.appeals.situation import PageFacts, ReaderFacts
from donate.money import Money

ROUNDS, GOAL = 9, 5.0
APPEALS = 1000
_SECONDS = 0.1
_DAY = date(2026, 3, 20)
_WORDS = Words("From us", "Headline", "Two. Sentences.", "<p>Letter</p>", "M. C.", "editor", "Give", "Title", "Thanks")
_PRESETS = ("USD", "month", Presets((Money(500, "USD"), Money(1500, "USD")), Money(1500, "USD")))
_LANGUAGES = (("en",), ("en",), ("ar",), ("he",), ("en", "ar"), ("en", "ar", "he"))
_PAGE = PageFacts(
    "en", _DAY, "USD", article="story-0", section="section-0", topics=frozenset({"topic-0", "topic-7"}), paragraphs=30
)
_READER = ReaderFacts(
    standing="donor",
    country="CA",
    read=4,
    views=(("appeal-7", _DAY), ("appeal-9", _DAY)),
    closes=(("appeal-5", _DAY),),
    source="newsletter",
    referrer="news.example",
    bucket=40,
)


def measure_choosing() -> list[Line]:
    """Measure an ordinary page, and the worst there can be: tied to every appeal, and every one refused at the last."""
    mixed = [_appeal(number) for number in range(APPEALS)]
    refusing = Rules(not_referrers=frozenset({_READER.referrer}))
    worst = [
        replace(each, texts=(("en", "a", _WORDS),), targets=frozenset({_TIES_OF_PAGE[at % 5]}), rules=refusing)
        for at, each in enumerate(mixed)
    ]
    return [
        _line("asks of a page, chosen among 1,000 live appeals", Index(mixed)),
        _line("the same, every appeal tied to the page and refused by its last rule", Index(worst)),
    ]


def _line(name: str, index: Index) -> Line:
    candidates = list(index.candidates(_PAGE))
    ratios = []
    for _ in range(ROUNDS):
        plain = _seconds_each(lambda: [look_through(candidates, _PAGE, _READER, place) for place in PLACEMENTS])
        ratios.append(_seconds_each(lambda: choose_for_page(index, _PAGE, _READER)) / plain)
    return Line(name, f"a plain loop over its {len(candidates):,} candidates, for each placement", GOAL, ratios)


def look_through(candidates: list[Campaign], page: PageFacts, reader: ReaderFacts, place: str) -> Campaign | None:
    """Find the first appeal for a placement as a loop without names would: state, dates, place and reader."""
    found: Campaign | None = None
    for each in candidates:
        if (
            each.status == "live"
            and (each.starts_on is None or each.starts_on <= page.on)
            and (each.ends_on is None or page.on <= each.ends_on)
            and place in each.placements
            and reader.standing in each.rules.audience
            and (not each.rules.countries or reader.country in each.rules.countries)
            and reader.referrer not in each.rules.not_referrers
            and (found is None or each.priority > found.priority)
        ):
            found = each
    return found


def _seconds_each(act: Callable[[], object]) -> float:
    """Give the CPU seconds of one call, over as many as fit a tenth of a second."""
    calls, began = 0, time.process_time()
    while (spent := time.process_time() - began) < _SECONDS:
        act()
        calls += 1
    return spent / calls


_TIES_OF_PAGE = (
    ("article", "story-0"), ("topic", "topic-0"), ("topic", "topic-7"), ("section", "section-0"), ("all", ""),
)  # fmt: skip


def _appeal(number: int) -> Campaign:
    """Make one of a realistic mix: most for single stories, some for sections and topics, few for all."""
    kind = number % 20
    if kind == 0:
        targets = {("all", "")}
    elif kind < 4:
        targets = {("section", f"section-{number % 8}")}
    elif kind < 8:
        targets = {("topic", f"topic-{number % 30}")}
    else:
        targets = {("article", f"story-{(number * 7 + step) % 400}") for step in range(3)}
    return Campaign(
        slug=f"appeal-{number}",
        status="live",
        is_evergreen=number == 0,
        starts_on=date(2026, 3, 1 + number % 31),
        ends_on=date(2026, 4, 1 + number % 30),
        priority=number % 5,
        paragraph=4,
        goal=None,
        targets=frozenset(targets),
        texts=tuple((language, "a", _WORDS) for language in _LANGUAGES[number % len(_LANGUAGES)]),
        presets=(_PRESETS,),
        rules=Rules(countries=frozenset({"JO", "PS"}) if number % 3 else frozenset(), views_most=3),
        share_b=50 if number % 10 == 5 else 0,
    )
