"""Load the newsroom's facts and funds from its file; loading again updates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from donate.db import db
from donate.errors import Unreadable
from donate.money import is_currency
from donate.newsroom.models import Fund, Newsroom
from donate.newsroom.queries import find_fund, find_newsroom
from donate.newsroom.tax import read_tax

_RESTRICTIONS = ("none", "purpose", "time")
# The file's names of facts that are called otherwise here.
_OURS = {"fiscal_year_begins": "fiscal_month"}
# The file's name for each sentence, and ours.
_SENTENCES = {"mission": "mission", "support_line": "support_line", "footer_ask": "footer_ask", "legal_line": "legal"}


def load_newsroom(data: Mapping[str, Any]) -> None:
    """Write the newsroom's row and its funds, inside the caller's ``committed()``.

    Args:
        data: The file's contents.

    Raises:
        Unreadable: ``key_missing`` (key) or ``value_wrong`` (key, value, should).
    """
    facts = _facts(data)
    funds = [_fund(item, at, facts["language"]) for at, item in enumerate(_list(data, "funds"))]
    if sum(fund["is_general"] for fund in funds) != 1:
        raise Unreadable("value_wrong", key="funds", value="general", should="true for exactly one fund")
    row = find_newsroom()
    if row is None:
        row = Newsroom(id=1)
        db.session.add(row)
    for name, value in facts.items():
        setattr(row, name, value)
    # The one that stops being general goes first: the database allows one at a time.
    for fund in sorted(funds, key=lambda each: bool(each["is_general"])):
        _write_fund(fund)


def _facts(data: Mapping[str, Any]) -> dict[str, Any]:
    language = _text(data, "language")
    facts: dict[str, Any] = {
        name: _text(data, name)
        for name in ("name", "time_zone", "default_currency", "country", "statement_descriptor", "contact_name")
    }
    facts |= {"language": language, "phone": _text(data, "phone", ""), "reply_address": _text(data, "reply_address")}
    facts["currencies"] = [str(code) for code in _list(data, "currencies")]
    facts["statement_suffix"] = _text(data, "statement_suffix", "")
    facts["is_main_site"] = _flag(data, "main_site")
    facts["fiscal_month"] = data.get("fiscal_year_begins", 1)
    facts["counting"] = _text(data, "counting", "opt_in")
    facts["words"] = _words(data, language)
    facts["greetings"] = [_greeting(item, at) for at, item in enumerate(_list(data, "greetings", optional=True))]
    facts["where_it_goes"] = [
        {"words": _in_languages(item, "label", f"where_it_goes[{at + 1}]"), "percent": _percent(item, at)}
        for at, item in enumerate(_list(data, "where_it_goes", optional=True))
    ]
    facts["texts"] = _texts(data, language)
    facts["tax"] = read_tax(data)
    _check(facts)
    return facts


def _check(facts: Mapping[str, Any]) -> None:
    rules = (
        ("time_zone", facts["time_zone"] in available_timezones(), "an IANA zone such as Asia/Amman"),
        ("country", bool(re.fullmatch(r"[A-Z]{2}", facts["country"])), "two capital letters such as US"),
        ("currencies", all(map(is_currency, facts["currencies"])), "a list of ISO 4217 codes such as USD"),
        ("default_currency", facts["default_currency"] in facts["currencies"], "one of the currencies"),
        (
            "statement_descriptor",
            bool(re.fullmatch(r"(?=.*[A-Za-z])[ -~]{5,22}", facts["statement_descriptor"]))
            and not re.search(r"[<>\\'\"*]", facts["statement_descriptor"]),
            "5 to 22 plain Latin characters without < > \\ ' \" *",
        ),
        (
            "fiscal_year_begins",
            type(facts["fiscal_month"]) is int and 0 < facts["fiscal_month"] < 13,
            "a month by its number, 1 to 12",
        ),
        ("counting", facts["counting"] in ("off", "opt_in", "opt_out"), "off, opt_in or opt_out"),
        ("reply_address", bool(re.fullmatch(r"[^@\s]+@[^@\s]+", facts["reply_address"])), "an e-mail address"),
    )
    for key, is_right, should in rules:
        if not is_right:
            raise Unreadable("value_wrong", key=key, value=facts[_OURS.get(key, key)], should=should)
    shares = [item["percent"] for item in facts["where_it_goes"]]
    if shares and sum(shares) != 100:
        raise Unreadable("value_wrong", key="where_it_goes", value=sum(shares), should="shares that add up to 100")


def _words(data: Mapping[str, Any], language: str) -> dict[str, dict[str, str]]:
    words = {"name": {language: _text(data, "name"), **_in_languages(data, "names", "", optional=True)}}
    for key, ours in _SENTENCES.items():
        words[ours] = _in_languages(data, key, "", optional=True)
    for key in ("legal_name", "tax_number"):
        if key in data:
            words[key] = {language: _text(data, key)}
    return words


def _greeting(item: Any, at: int) -> dict[str, Any]:
    key = f"greetings[{at + 1}]"
    days = {side: _text(item, side, key=f"{key}.{side}") for side in ("from", "until")}
    for side, day in days.items():
        if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", day):
            raise Unreadable("value_wrong", key=f"{key}.{side}", value=day, should="a month and a day such as 12-24")
    return {**days, "words": _in_languages(item, "text", key)}


def _percent(item: Any, at: int) -> int:
    percent = item.get("percent") if isinstance(item, Mapping) else None
    if not isinstance(percent, int) or not 0 < percent <= 100:
        raise Unreadable("value_wrong", key=f"where_it_goes[{at + 1}].percent", value=percent, should="a whole number")
    return percent


def _texts(data: Mapping[str, Any], language: str) -> dict[str, dict[str, dict[str, str]]]:
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for slug, text in _table(data, "texts").items():
        # One language may stand alone; several stand under their codes.
        versions = {language: text} if isinstance(text, Mapping) and "title" in text else text
        if not isinstance(versions, Mapping):
            raise Unreadable("value_wrong", key=f"texts.{slug}", value=text, should="a table with title and body_html")
        texts[slug] = {
            code: {part: _text(version, part, key=f"texts.{slug}.{part}") for part in ("title", "body_html")}
            for code, version in versions.items()
        }
    return texts


def _fund(item: Any, at: int, language: str) -> dict[str, Any]:
    key = f"funds[{at + 1}]"
    names = _in_languages(item, "name", key)
    restriction = _text(item, "restriction", "none", key=f"{key}.restriction")
    if restriction not in _RESTRICTIONS:
        raise Unreadable("value_wrong", key=f"{key}.restriction", value=restriction, should=" or ".join(_RESTRICTIONS))
    return {
        "code": _text(item, "code", key=f"{key}.code"),
        "name": names.get(language) or next(iter(names.values())),
        "names": names,
        "gl_code": _text(item, "gl_code", "", key=f"{key}.gl_code"),
        "restriction": restriction,
        "is_general": item.get("general") is True,
    }


def _write_fund(values: Mapping[str, Any]) -> None:
    fund = find_fund(values["code"])
    if fund is None:
        fund = Fund(code=values["code"])
        db.session.add(fund)
    for name, value in values.items():
        setattr(fund, name, value)
    db.session.flush()


def _text(data: Any, name: str, default: str | None = None, *, key: str = "") -> str:
    value = data.get(name) if isinstance(data, Mapping) else None
    if value is None and default is not None:
        return default
    if value is None or value == "":
        raise Unreadable("key_missing", key=key or name)
    if not isinstance(value, str):
        raise Unreadable("value_wrong", key=key or name, value=value, should="text in quotes")
    return value


def _flag(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise Unreadable("value_wrong", key=name, value=value, should="true or false")
    return value


def _list(data: Mapping[str, Any], name: str, *, optional: bool = False) -> Sequence[Any]:
    value = data.get(name)
    if value is None and optional:
        return []
    if value is None:
        raise Unreadable("key_missing", key=name)
    if not isinstance(value, list):
        raise Unreadable("value_wrong", key=name, value=value, should="a list")
    return value


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name, {})
    if not isinstance(value, Mapping):
        raise Unreadable("value_wrong", key=name, value=value, should="a table")
    return value


def _in_languages(data: Any, name: str, within: str, *, optional: bool = False) -> dict[str, str]:
    key = f"{within}.{name}" if within else name
    value = data.get(name) if isinstance(data, Mapping) else None
    if value is None and optional:
        return {}
    if value is None:
        raise Unreadable("key_missing", key=key)
    if not isinstance(value, Mapping) or not value or not all(isinstance(text, str) for text in value.values()):
        raise Unreadable("value_wrong", key=key, value=value, should='words by language, such as { en = "…" }')
    return dict(value)
