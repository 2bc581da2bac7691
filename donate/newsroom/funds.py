"""Funds in the newsroom's file: read, written, told; one that took gifts is closed and never taken out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from donate.db import db
from donate.errors import Unreadable
from donate.newsroom.models import Fund
from donate.newsroom.queries import find_fund, list_funds
from donate.newsroom.read_values import read_flag, read_text, read_words

RESTRICTIONS = ("none", "purpose", "time")
# A fund's product at Stripe is named by it.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def read_funds(items: Sequence[Any], language: str) -> list[dict[str, Any]]:
    """Read the funds.

    Args:
        items: Each with ``code``, ``name`` by language, ``gl_code``, ``restriction``, ``general`` and ``closed``.
        language: The newsroom's own, whose name the books use.

    Raises:
        Unreadable: ``key_missing`` (key) or ``value_wrong`` (key, value, should).
    """
    funds = [_read_fund(item, f"funds[{at}]", language) for at, item in enumerate(items, 1)]
    for at, fund in enumerate(funds, 1):
        if fund["code"] in {each["code"] for each in funds[: at - 1]}:
            raise Unreadable("value_wrong", key=f"funds[{at}].code", value=fund["code"], should="another for each fund")
    if sum(fund["is_general"] for fund in funds) != 1:
        raise Unreadable("value_wrong", key="funds", value="general", should="true for exactly one fund")
    return funds


def write_funds(funds: Sequence[Mapping[str, Any]]) -> None:
    """Write the funds, inside the caller's ``committed()``; what the file does not name stays as it is.

    Args:
        funds: What ``read_funds`` gave.
    """
    # The one that stops being general goes first: the database allows one at a time.
    for values in sorted(funds, key=lambda each: bool(each["is_general"])):
        fund = find_fund(values["code"])
        if fund is None:
            fund = Fund(code=values["code"])
            db.session.add(fund)
        for name, value in values.items():
            setattr(fund, name, value)
        db.session.flush()


def tell_funds() -> list[dict[str, Any]]:
    """Tell the funds as the file has them."""
    return [
        {
            "code": fund.code,
            "name": dict(fund.names) or {"en": fund.name},
            "gl_code": fund.gl_code,
            "restriction": fund.restriction,
            "general": fund.is_general,
            "closed": fund.is_closed,
        }
        for fund in list_funds()
    ]


def _read_fund(item: Any, key: str, language: str) -> dict[str, Any]:
    code = read_text(item, "code", key=f"{key}.code")
    if not _CODE.fullmatch(code):
        should = "letters a to z, digits and hyphens, such as water-desk"
        raise Unreadable("value_wrong", key=f"{key}.code", value=code, should=should)
    names = read_words(item, "name", key, most=120)
    restriction = read_text(item, "restriction", "none", key=f"{key}.restriction")
    if restriction not in RESTRICTIONS:
        raise Unreadable("value_wrong", key=f"{key}.restriction", value=restriction, should=" or ".join(RESTRICTIONS))
    fund = {
        "code": code,
        "name": names.get(language) or next(iter(names.values())),
        "names": names,
        "gl_code": read_text(item, "gl_code", "", key=f"{key}.gl_code", most=40),
        "restriction": restriction,
        # Only true itself: a file of before may have anything else here.
        "is_general": item.get("general") is True,
        "is_closed": read_flag(item, "closed", key=f"{key}.closed"),
    }
    if fund["is_general"] and fund["is_closed"]:
        raise Unreadable("value_wrong", key=f"{key}.closed", value=True, should="false for the general fund")
    return fund
