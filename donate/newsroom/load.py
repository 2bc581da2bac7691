"""Load the newsroom's facts and funds from its file, and tell them as the file has them; loading again updates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from donate.db import db
from donate.errors import Unreadable
from donate.money import is_currency
from donate.newsroom.funds import read_funds, tell_funds, write_funds
from donate.newsroom.look import read_look, tell_look
from donate.newsroom.models import Newsroom
from donate.newsroom.queries import find_newsroom, get_newsroom
from donate.newsroom.read_values import read_flag, read_list, read_text
from donate.newsroom.sayings import read_sayings, tell_sayings
from donate.newsroom.tax import read_tax, tell_tax

# The file's names of facts that are called otherwise here.
_OURS = {"fiscal_year_begins": "fiscal_month", "main_site": "is_main_site"}
_LONGEST = {"name": 120, "time_zone": 60, "statement_descriptor": 22, "contact_name": 120}


def load_newsroom(data: Mapping[str, Any]) -> None:
    """Write the newsroom's row and its funds, inside the caller's ``committed()``.

    Args:
        data: The file's contents. A file that does not speak of the look leaves it as it is.

    Raises:
        Unreadable: ``key_missing`` (key) or ``value_wrong`` (key, value, should).
    """
    facts = _facts(data)
    funds = read_funds(read_list(data, "funds"), facts["language"])
    if "look" in data:
        facts["look"] = read_look(data)
    row = find_newsroom()
    if row is None:
        row = Newsroom(id=1)
        db.session.add(row)
    for name, value in facts.items():
        setattr(row, name, value)
    write_funds(funds)


def tell_newsroom() -> dict[str, Any]:
    """Tell the newsroom's facts and funds as the file has them.

    Raises:
        NotFound: ``newsroom_missing``.
    """
    row = get_newsroom()
    plain = ("name", "country", "language", "time_zone", "default_currency", "statement_descriptor",
             "statement_suffix", "contact_name", "phone", "reply_address", "counting")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in plain},
        **{name: getattr(row, ours) for name, ours in _OURS.items()},
        "languages": list(row.languages or []),
        "currencies": list(row.currencies),
        **tell_sayings(row),
        "tax": tell_tax(row),
        "look": tell_look(row),
        "funds": tell_funds(),
    }


def _facts(data: Mapping[str, Any]) -> dict[str, Any]:
    language = read_text(data, "language", most=8)
    facts: dict[str, Any] = {
        name: read_text(data, name, most=_LONGEST.get(name, 0))
        for name in ("name", "time_zone", "default_currency", "country", "statement_descriptor", "contact_name")
    }
    facts |= {"language": language, "phone": read_text(data, "phone", "", most=40)}
    facts["reply_address"] = read_text(data, "reply_address", most=254)
    facts["languages"] = [str(code) for code in read_list(data, "languages", optional=True)]
    facts["currencies"] = [str(code) for code in read_list(data, "currencies")]
    facts["statement_suffix"] = read_text(data, "statement_suffix", "")
    facts["is_main_site"] = read_flag(data, "main_site")
    facts["fiscal_month"] = data.get("fiscal_year_begins", 1)
    facts["counting"] = read_text(data, "counting", "opt_in")
    facts |= read_sayings(data, language)
    facts["tax"] = read_tax(data)
    _check(facts)
    return facts


def _check(facts: Mapping[str, Any]) -> None:
    languages, currencies = facts["languages"], facts["currencies"]
    rules = (
        ("time_zone", facts["time_zone"] in available_timezones(), "an IANA zone such as Asia/Amman"),
        ("country", bool(re.fullmatch(r"[A-Z]{2}", facts["country"])), "two capital letters such as US"),
        ("languages", not languages or facts["language"] in languages, "a list with the newsroom’s own language in it"),
        ("languages", len(set(languages)) == len(languages), "a list that names each language once"),
        (
            "currencies",
            all(map(is_currency, currencies)) and bool(currencies) and len(set(currencies)) == len(currencies),
            "a list of ISO 4217 codes such as USD, each once",
        ),
        ("default_currency", facts["default_currency"] in currencies, "one of the currencies"),
        (
            "statement_descriptor",
            bool(re.fullmatch(r"(?=.*[A-Za-z])[ -~]{5,22}", facts["statement_descriptor"]))
            and not re.search(r"[<>\\'\"*]", facts["statement_descriptor"]),
            "5 to 22 plain Latin characters without < > \\ ' \" *",
        ),
        (
            "statement_suffix",
            bool(re.fullmatch(r"[ -~]{0,16}", facts["statement_suffix"]))
            and not re.search(r"[<>\\'\"*]", facts["statement_suffix"]),
            "at most 16 plain Latin characters without < > \\ ' \" *",
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
