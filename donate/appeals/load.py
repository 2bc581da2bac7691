"""Load appeals from the newsroom's file; loading again updates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from donate import clock
from donate.appeals.campaign import Words
from donate.appeals.contents import WORDS, Contents, contents_of, write_contents
from donate.appeals.models import Appeal
from donate.appeals.queries import find_appeal, find_evergreen
from donate.appeals.read_rules import read_number, read_placements, read_places, read_rules
from donate.appeals.rules import FREQUENCIES, PLACEMENTS
from donate.appeals.snapshot import keep_first_version, keep_version
from donate.articles.sanitise import sanitise
from donate.db import db
from donate.errors import Unreadable
from donate.money import Money, from_major
from donate.newsroom.queries import find_fund
from donate.team.history import SYSTEM

#: What an appeal's address may be: it stands in links, on posters and in the history.
ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_ADDRESS = 80
#: A holdback group is a part of the readers, never most of them.
MOST_HELD_BACK = 50

_FURTHER_WORDS = frozenset({"signed_name", "signed_role", "thanks"})
# In the file 1 is asked first; in the row the higher goes first, so that a new appeal's 0 is last.
_LAST = 100


def load_appeals(data: Mapping[str, Any], today: date) -> None:
    """Write the appeals, inside the caller's ``committed()``.

    Args:
        data: The file's contents: a list ``appeals``.
        today: The newsroom's day, from which ``starts_days_ago`` and ``ends_days_ahead`` count.

    Raises:
        Unreadable: ``key_missing`` (key) or ``value_wrong`` (key, value, should).
    """
    items = data.get("appeals")
    if not isinstance(items, list):
        raise Unreadable("key_missing", key="appeals")
    for item in items:
        _load_appeal(item, today)


def _load_appeal(item: Mapping[str, Any], today: date) -> None:
    contents = _read_contents(item, today)
    appeal = find_appeal(contents.slug)
    is_new = appeal is None
    if appeal is None:
        appeal = Appeal(slug=contents.slug, status="live", checked_at=clock.now(), version=0)
    elif contents_of(appeal) != contents:
        keep_first_version(appeal, SYSTEM)
    is_changed = is_new or contents_of(appeal) != contents
    appeal.is_evergreen = _take_evergreen(appeal) if item.get("evergreen") is True else False
    if is_changed:
        write_contents(appeal, contents)
        appeal.version += 1
        db.session.add(appeal)
        keep_version(appeal, SYSTEM)
    db.session.flush()


def _read_contents(item: Mapping[str, Any], today: date) -> Contents:
    slug = _need(item, "slug", "appeals")
    if len(slug) > LONGEST_ADDRESS or not ADDRESS.fullmatch(slug):
        raise _wrong("appeals.slug", slug, "small letters a to z and digits, with hyphens between words")
    fund = _need(item, "fund", slug)
    if find_fund(fund) is None:
        raise _wrong(f"{slug}.fund", fund, "the code of a loaded fund")
    starts_on, ends_on = _window(item, today)
    goal = _goal(item, slug)
    texts = _texts(item, slug)
    targets, excluded = _targets(item, slug), frozenset(read_places(item.get("never", {}), f"{slug}.never"))
    if targets & excluded:
        raise _wrong(f"{slug}.never", sorted(place for _kind, place in targets & excluded), "what it is not tied to")
    share_b = read_number(item.get("share_b", 0), f"{slug}.share_b", 100)
    if share_b and not any(copy == "b" for _language, copy in texts):
        raise _wrong(f"{slug}.share_b", share_b, "0 without a table copies")
    return Contents(
        slug=slug,
        name=str(item.get("name", ""))[:120],
        fund=fund,
        starts_on=starts_on,
        ends_on=ends_on,
        priority=_LAST - read_number(item.get("priority", _LAST), f"{slug}.priority", _LAST),
        paragraph=read_number(item.get("paragraph", 4), f"{slug}.paragraph", 100),
        placements=read_placements(item.get("placements", [*PLACEMENTS]), f"{slug}.placements"),
        targets=targets,
        excluded=excluded,
        goal=goal,
        goal_counts_renewals=_flag(item, "goal_counts_renewals", slug),
        amounts=_amounts(_need(item, "amounts", slug), slug),
        texts=texts,
        share_b=share_b,
        holdback=read_number(item.get("holdback", 0), f"{slug}.holdback", MOST_HELD_BACK),
        rules=read_rules(item.get("rules", {}), f"{slug}.rules"),
    )


def _take_evergreen(appeal: Appeal) -> bool:
    """Make room for the new evergreen: the database allows one at a time."""
    former = find_evergreen()
    if former is not None and former is not appeal:
        former.is_evergreen = False
        db.session.flush()
    return True


def _window(item: Mapping[str, Any], today: date) -> tuple[date | None, date | None]:
    starts_on, ends_on = item.get("starts_on"), item.get("ends_on")
    if "starts_days_ago" in item:
        starts_on = today - timedelta(days=int(item["starts_days_ago"]))
    if "ends_days_ahead" in item:
        ends_on = today + timedelta(days=int(item["ends_days_ahead"]))
    return starts_on, ends_on


def _goal(item: Mapping[str, Any], slug: str) -> Money | None:
    goal = item.get("goal")
    return _money(_need(goal, "amount", f"{slug}.goal"), goal["currency"], f"{slug}.goal.amount") if goal else None


def _flag(item: Mapping[str, Any], name: str, slug: str) -> bool:
    value = item.get(name, True)
    if not isinstance(value, bool):
        raise _wrong(f"{slug}.{name}", value, "true or false")
    return value


def _amounts(table: Mapping[str, Any], slug: str) -> dict[str, dict[str, Any]]:
    amounts: dict[str, dict[str, Any]] = {}
    for currency, by_frequency in table.items():
        amounts[currency] = {}
        for frequency in FREQUENCIES:
            presets = _need(by_frequency, frequency, f"{slug}.amounts.{currency}")
            key = f"{slug}.amounts.{currency}.{frequency}"
            minor = [_money(text, currency, key).minor for text in presets["presets"]]
            default = _money(presets["default"], currency, key).minor
            if default not in minor:
                raise _wrong(f"{key}.default", presets["default"], "one of the presets")
            amounts[currency][frequency] = {"amounts": minor, "default": default}
    return amounts


def _money(text: Any, currency: str, key: str) -> Money:
    try:
        return from_major(text, currency)
    except (ArithmeticError, TypeError, ValueError) as problem:
        raise _wrong(key, text, f'an amount in {currency} in quotes, such as "25"') from problem


def _texts(item: Mapping[str, Any], slug: str) -> dict[tuple[str, str], Words]:
    texts = {
        (language, "a"): _words(words, f"{slug}.texts.{language}")
        for language, words in _need(item, "texts", slug).items()
    }
    for language, words in item.get("copies", {}).items():
        first = texts.get((language, "a"))
        if first is None:
            raise _wrong(f"{slug}.copies.{language}", language, "a language of its texts")
        # What the second copy leaves out is as in the first.
        said = {_of_row(name): str(value) for name, value in words.items()}
        unknown = sorted(said.keys() - set(WORDS))
        if unknown:
            raise _wrong(f"{slug}.copies.{language}", unknown[0], f"of these: {', '.join(map(_in_file, WORDS))}")
        if "body_html" in said:
            said["body_html"] = sanitise(said["body_html"])
        texts[language, "b"] = replace(first, **said)
    return texts


def _words(words: Mapping[str, str], within: str) -> Words:
    said = {
        name: words.get(name, "") if name in _FURTHER_WORDS else _need(words, _in_file(name), within) for name in WORDS
    }
    return Words(**{**said, "body_html": sanitise(said["body_html"])})


def _in_file(name: str) -> str:
    return "body" if name == "body_html" else name


def _of_row(name: str) -> str:
    return "body_html" if name == "body" else name


def _targets(item: Mapping[str, Any], slug: str) -> frozenset[tuple[str, str]]:
    everywhere = {("all", "")} if item.get("evergreen") is True or item.get("everywhere") is True else set()
    return frozenset(everywhere | set(read_places(item, slug)))


def _need(table: Any, name: str, within: str) -> Any:
    if not isinstance(table, Mapping) or not table.get(name):
        raise Unreadable("key_missing", key=f"{within}.{name}")
    return table[name]


def _wrong(key: str, value: Any, should: str) -> Unreadable:
    return Unreadable("value_wrong", key=key, value=value, should=should)
