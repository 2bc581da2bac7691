"""What the newsroom's file says to readers: sentences, greetings, where gifts go, texts of its own pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from donate.errors import Unreadable
from donate.newsroom.models import Newsroom
from donate.newsroom.read_values import read_list, read_table, read_text, read_words

#: The file's name for each sentence, and ours.
SENTENCES = {"mission": "mission", "support_line": "support_line", "footer_ask": "footer_ask", "legal_line": "legal"}


def read_sayings(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Read the columns that hold words for readers.

    Args:
        data: The file's contents.
        language: The newsroom's own.

    Raises:
        Unreadable: ``key_missing`` (key) or ``value_wrong`` (key, value, should).
    """
    return {
        "words": _words(data, language),
        "greetings": [_greeting(item, at) for at, item in enumerate(read_list(data, "greetings", optional=True), 1)],
        "where_it_goes": _shares(data),
        "texts": _texts(data, language),
    }


def tell_sayings(row: Newsroom) -> dict[str, Any]:
    """Tell them as the file has them.

    Args:
        row: The newsroom's.
    """
    names = {code: text for code, text in row.words.get("name", {}).items() if code != row.language}
    return {
        "names": names,
        **{key: dict(row.words.get(ours, {})) for key, ours in SENTENCES.items()},
        "greetings": [
            {"from": each["from"], "until": each["until"], "text": dict(each["words"])} for each in row.greetings
        ],
        "where_it_goes": [{"percent": each["percent"], "label": dict(each["words"])} for each in row.where_it_goes],
        "texts": {
            slug: {code: dict(version) for code, version in versions.items()} for slug, versions in row.texts.items()
        },
    }


def _words(data: Mapping[str, Any], language: str) -> dict[str, dict[str, str]]:
    own = {language: read_text(data, "name", most=120)}
    words = {"name": {**own, **_some(data, "names", 120)}}
    for key, ours in SENTENCES.items():
        words[ours] = _some(data, key, 600)
    return words


def _some(data: Mapping[str, Any], name: str, most: int) -> dict[str, str]:
    """Read words that may be missing, also where their table is there and empty."""
    return read_words(data, name, optional=True, most=most) if data.get(name) != {} else {}


def _greeting(item: Any, at: int) -> dict[str, Any]:
    key = f"greetings[{at}]"
    days = {side: read_text(item, side, key=f"{key}.{side}") for side in ("from", "until")}
    for side, day in days.items():
        if not _is_day(day):
            raise Unreadable("value_wrong", key=f"{key}.{side}", value=day, should="a month and a day such as 12-24")
    return {**days, "words": read_words(item, "text", key, most=300)}


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"\d\d-\d\d", text):
        return False
    try:
        # A leap year, so that 29 February may begin or end something.
        date(2024, int(text[:2]), int(text[3:]))
    except ValueError:
        return False
    return True


def _shares(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    shares: list[dict[str, Any]] = []
    for at, item in enumerate(read_list(data, "where_it_goes", optional=True), 1):
        key = f"where_it_goes[{at}]"
        label = read_words(item, "label", key, most=120)
        percent = item.get("percent")
        if type(percent) is not int or not 0 < percent <= 100:
            raise Unreadable("value_wrong", key=f"{key}.percent", value=percent, should="a whole number from 1 to 100")
        shares.append({"words": label, "percent": percent})
    together = sum(each["percent"] for each in shares)
    if shares and together != 100:
        raise Unreadable("value_wrong", key="where_it_goes", value=together, should="shares that add up to 100")
    return shares


def _texts(data: Mapping[str, Any], language: str) -> dict[str, dict[str, dict[str, str]]]:
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for slug, text in read_table(data, "texts").items():
        # One language may stand alone; several stand under their codes.
        versions = {language: text} if isinstance(text, Mapping) and "title" in text else text
        if not isinstance(versions, Mapping):
            raise Unreadable("value_wrong", key=f"texts.{slug}", value=text, should="a table with title and body_html")
        texts[slug] = {
            code: {
                "title": read_text(version, "title", key=f"texts.{slug}.{code}.title", most=120),
                "body_html": read_text(version, "body_html", key=f"texts.{slug}.{code}.body_html", most=60_000),
            }
            for code, version in versions.items()
        }
    return texts
