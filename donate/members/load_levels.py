"""Load the levels from the newsroom's file; loading again updates, and what left the file is earned no more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import InvalidOperation
from itertools import pairwise
from typing import Any

from donate.db import db
from donate.errors import Unreadable
from donate.members.models import Level
from donate.members.queries import has_gifts, list_all_levels, list_levels
from donate.money import Money, from_major, is_currency
from donate.newsroom.read_values import read_words
from donate.queue.enqueue import enqueue
from donate.references import new_reference

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def load_levels(items: Any, currencies: Sequence[str]) -> None:
    """Write the levels, lowest first as in the file, inside the caller's ``committed()``.

    Where something changed, gifts that had earned nothing are looked at again by a job; what one earned stays earned.

    Args:
        items: Each with ``code``, ``name``, ``yearly`` (major units by currency) and ``benefits``, each of these with
            ``name`` and, where it is worth something, ``fair_market_value`` (likewise).
        currencies: Those the newsroom takes; each level names its sum in every one.

    Raises:
        Unreadable: ``key_missing`` (key) or ``value_wrong`` (key, value, should).
    """
    if not isinstance(items, list):
        raise Unreadable("value_wrong", key="levels", value=items, should="a list")
    wanted = [_level(item, at, currencies) for at, item in enumerate(items, 1)]
    _check_rising(wanted)
    known = {level.code: level for level in list_all_levels()}
    before = _told(list(known.values()))
    for values in wanted:
        level = known.pop(values["code"], None) or _new(values["code"])
        for name, value in values.items():
            setattr(level, name, value)
        level.is_offered = True
        db.session.add(level)
    for gone in known.values():
        gone.is_offered = False
    db.session.flush()
    after = _told(list_all_levels())
    if after != before and has_gifts():
        enqueue("renew_memberships", f"levels:{new_reference()}")


def _new(code: str) -> Level:
    return Level(code=code)


def _told(levels: Sequence[Level]) -> str:
    return repr([(each.code, each.rank, each.is_offered, sorted(each.yearly.items())) for each in levels])


def _level(item: Any, at: int, currencies: Sequence[str]) -> dict[str, Any]:
    key = f"levels[{at}]"
    code = item.get("code") if isinstance(item, Mapping) else None
    if not isinstance(code, str) or not code:
        raise Unreadable("key_missing", key=f"{key}.code")
    if not _CODE.fullmatch(code):
        should = "letters a to z, digits and hyphens, such as friend"
        raise Unreadable("value_wrong", key=f"{key}.code", value=code, should=should)
    return {
        "code": code,
        "rank": at,
        "names": read_words(item, "name", key, most=120),
        "yearly": _sums(item.get("yearly"), f"{key}.yearly", currencies),
        "benefits": [
            _benefit(each, f"{key}.benefits[{number}]", currencies)
            for number, each in enumerate(item.get("benefits", []), 1)
        ],
    }


def _benefit(item: Any, key: str, currencies: Sequence[str]) -> dict[str, Any]:
    value = item.get("fair_market_value") if isinstance(item, Mapping) else None
    return {
        "names": read_words(item, "name", key, most=300),
        "value": _sums(value, f"{key}.fair_market_value", currencies) if value is not None else {},
    }


def tell_levels() -> list[dict[str, Any]]:
    """Tell the levels that are offered as the file has them, the lowest first."""
    return [
        {
            "code": level.code,
            "name": dict(level.names),
            "yearly": _told_sums(level.yearly),
            "benefits": [
                {
                    "name": dict(each["names"]),
                    **({"fair_market_value": _told_sums(each["value"])} if each["value"] else {}),
                }
                for each in level.benefits
            ],
        }
        for level in list_levels()
    ]


def _told_sums(sums: Mapping[str, int]) -> dict[str, str]:
    return {currency: Money(minor, currency).plain() for currency, minor in sums.items()}


def _sums(table: Any, key: str, currencies: Sequence[str]) -> dict[str, int]:
    if table is None:
        raise Unreadable("key_missing", key=key)
    sums = {}
    # What stands in a currency that is no longer taken stays: promises in it go on.
    others = [code for code in table if code not in currencies and is_currency(code)] if isinstance(table, dict) else []
    for currency in (*currencies, *others):
        text = table.get(currency) if isinstance(table, Mapping) else None
        if text is None:
            raise Unreadable("key_missing", key=f"{key}.{currency}")
        try:
            sums[currency] = from_major(text, currency).minor
        except (InvalidOperation, TypeError, ValueError):
            sums[currency] = 0
        if sums[currency] <= 0:
            raise Unreadable("value_wrong", key=f"{key}.{currency}", value=text, should='an amount such as "120.00"')
    return sums


def _check_rising(levels: Sequence[dict[str, Any]]) -> None:
    if len({level["code"] for level in levels}) != len(levels):
        raise Unreadable("value_wrong", key="levels", value="code", should="different for each level")
    for at, (lower, higher) in enumerate(pairwise(levels), 2):
        for currency, minor in higher["yearly"].items():
            if minor <= lower["yearly"].get(currency, 0):
                raise Unreadable(
                    "value_wrong",
                    key=f"levels[{at}].yearly.{currency}",
                    value=minor,
                    should="more than the level before it",
                )
