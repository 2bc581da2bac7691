"""Read an appeal's rules, places and shares from the newsroom's file, with the name of whatever is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any

from donate.appeals.rules import FREQUENCIES, PLACEMENTS, STANDINGS, Rules
from donate.articles.slug import slug_from
from donate.errors import Unreadable

#: Flags of a story beside which an appeal may be allowed to stand.
ALLOWABLE_FLAGS = ("sensitive", "correction")

# What each rule may hold: one of these words, a country, a word of a link, or a number in a range.
_WORDS: dict[str, Collection[str]] = {
    "audience": STANDINGS,
    "given": FREQUENCIES,
    "allowed_flags": ALLOWABLE_FLAGS,
}
_COUNTRIES = frozenset({"countries", "not_countries"})
_NUMBERS = {"read_least": 1000, "read_most": 1000, "views_most": 1000, "rests_days": 3650}


def read_rules(table: Any, within: str) -> Rules:
    """Read the table ``rules`` of an appeal.

    Args:
        table: As the file has it; empty asks nothing.
        within: The key it stands under, for what is said of a wrong value.

    Raises:
        Unreadable: ``value_wrong`` (key, value, should).
    """
    if not isinstance(table, Mapping):
        raise _wrong(within, table, "a table of rules")
    known = {each.name for each in fields(Rules)}
    read: dict[str, Any] = {}
    for name, value in table.items():
        key = f"{within}.{name}"
        if name not in known:
            raise _wrong(key, value, f"left out, or one of {', '.join(sorted(known))}")
        if name in _NUMBERS:
            read[name] = read_number(value, key, _NUMBERS[name])
        else:
            read[name] = frozenset(_read_word(each, name, key) for each in read_list(value, key))
    return Rules(**read)


def _read_word(word: str, name: str, key: str) -> str:
    if name in _COUNTRIES:
        if len(word) != 2 or not word.isascii() or not word.isalpha():
            raise _wrong(key, word, "codes of countries in two letters, such as JO")
        return word.upper()
    if name in _WORDS and word not in _WORDS[name]:
        raise _wrong(key, word, f"of these words: {', '.join(_WORDS[name])}")
    return word.lower() if name in ("referrers", "not_referrers") else word


def read_placements(value: Any, key: str) -> frozenset[str]:
    """Read where an appeal may stand.

    Args:
        value: As the file has it.
        key: What it stands under.

    Raises:
        Unreadable: ``value_wrong`` (key, value, should).
    """
    for each in read_list(value, key):
        if each not in PLACEMENTS:
            raise _wrong(key, each, f"of these words: {', '.join(PLACEMENTS)}")
    return frozenset(value)


def read_places(table: Any, within: str) -> Iterable[tuple[str, str]]:
    """Read sections, topics and articles as (kind, slug).

    Args:
        table: The appeal itself, or its table ``never``.
        within: The key it stands under.

    Raises:
        Unreadable: ``value_wrong`` (key, value, should).
    """
    if not isinstance(table, Mapping):
        raise _wrong(within, table, "a table with sections, topics or articles")
    for kind in ("section", "topic", "article"):
        for each in read_list(table.get(f"{kind}s", []), f"{within}.{kind}s"):
            yield kind, slug_from(each) if kind == "topic" else each


def read_list(value: Any, key: str) -> list[str]:
    """Read a list of words.

    Raises:
        Unreadable: ``value_wrong`` (key, value, should).
    """
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise _wrong(key, value, "a list of words in quotes")
    return value


def read_number(value: Any, key: str, most: int) -> int:
    """Read a whole number from nought up.

    Raises:
        Unreadable: ``value_wrong`` (key, value, should).
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise _wrong(key, value, f"a whole number from 0 to {most}")
    return value


def _wrong(key: str, value: Any, should: str) -> Unreadable:
    return Unreadable("value_wrong", key=key, value=value, should=should)
