"""The ``[accounts]`` table of the newsroom's file: what each account of the books is called in its own accounting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from donate.errors import Unreadable
from donate.money import is_currency
from donate.newsroom.models import Newsroom
from donate.newsroom.read_values import check_text

#: How a journal's days are written, by the name an accountant knows.
DATE_FORMATS = {"MM/DD/YYYY": "%m/%d/%Y", "DD/MM/YYYY": "%d/%m/%Y", "YYYY-MM-DD": "%Y-%m-%d"}
#: What a journal stands on besides the accounts of the ledger: benefits owed to members until they are given.
DEFERRED = "deferred_revenue"


@dataclass(frozen=True)
class Account:
    """An account as the newsroom's own accounting has it.

    Args:
        code: Such as ``4010``; may be empty where names are used.
        name: Such as ``Donations:Fact Desk``.
    """

    code: str
    name: str


@dataclass(frozen=True)
class Chart:
    """The newsroom's accounts, and how its accounting wants to be written to.

    Args:
        accounts: By our account's name.
        funds: Income accounts that differ from the common one, by the fund's code.
        classes: What a fund is called there, by its code; the code itself where it is not told.
        date_format: A ``strftime`` pattern.
        tax_rate: The full name of the rate that gifts bear, for Xero.
        home_currency: The one currency that some accountings take.
    """

    accounts: Mapping[str, Account]
    funds: Mapping[str, Account]
    classes: Mapping[str, str]
    date_format: str
    tax_rate: str
    home_currency: str


def read_accounts(data: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """Read the table; without it no journal can be written.

    Args:
        data: The file's contents.
        known: The names of accounts there are.

    Raises:
        Unreadable: ``value_wrong`` (key, value, should).
    """
    told = _table(data, "accounts")
    read: dict[str, Any] = {"map": {}, "funds": {}}
    codes = {fund.get("code") for fund in data.get("funds", []) if isinstance(fund, Mapping)}
    for name, value in told.items():
        key = f"accounts.{name}"
        if value == "" and name in ("tax_rate", "home_currency"):
            continue  # as if it were not there
        if name == "date_format":
            read[name] = _one_of(value, key, tuple(DATE_FORMATS))
        elif name == "home_currency":
            if not isinstance(value, str) or not is_currency(value):
                raise Unreadable("value_wrong", key=key, value=value, should="an ISO 4217 code such as USD")
            read[name] = value
        elif name == "tax_rate":
            read[name] = _text(value, key)
        elif name == "funds":
            for code, fund in _table(told, "funds", key).items():
                if code not in codes:
                    raise Unreadable("value_wrong", key=f"{key}.{code}", value=code, should="a fund’s code")
                read["funds"][code] = _account(fund, f"{key}.{code}", ("code", "name", "class"))
        elif name in known:
            read["map"][name] = _account(value, key, ("code", "name"))
        else:
            should = f"one of {', '.join(known)}, funds, date_format, tax_rate, home_currency"
            raise Unreadable("value_wrong", key=key, value=name, should=should)
    return read


def tell_accounts(newsroom: Newsroom) -> dict[str, Any]:
    """Tell the table as the file has it; empty where nothing was told.

    Args:
        newsroom: Its row.
    """
    told = dict(newsroom.accounts or {})
    accounts, funds = told.pop("map", {}), told.pop("funds", {})
    return {
        **told,
        **{name: dict(account) for name, account in accounts.items()},
        **({"funds": {code: dict(account) for code, account in funds.items()}} if funds else {}),
    }


def chart_of(newsroom: Newsroom) -> Chart:
    """Give the newsroom's accounts as they were loaded.

    Args:
        newsroom: Its row.
    """
    told = newsroom.accounts or {}
    funds = told.get("funds", {})
    return Chart(
        accounts={name: Account(each["code"], each["name"]) for name, each in told.get("map", {}).items()},
        funds={code: Account(each["code"], each["name"]) for code, each in funds.items() if each["name"]},
        classes={code: each["class"] for code, each in funds.items() if each["class"]},
        date_format=DATE_FORMATS[told.get("date_format", "YYYY-MM-DD")],
        tax_rate=told.get("tax_rate", "Tax Exempt"),
        home_currency=told.get("home_currency", newsroom.default_currency),
    )


def _account(value: Any, key: str, parts: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(value, Mapping) or not set(value) <= set(parts) or not value:
        should = 'a table such as { code = "1210", name = "Stripe clearing" }'
        raise Unreadable("value_wrong", key=key, value=value, should=should)
    account = {part: _text(value.get(part, ""), f"{key}.{part}") for part in parts}
    if "class" not in parts and not account["name"]:
        raise Unreadable("value_wrong", key=f"{key}.name", value="", should="the account’s name")
    return account


def _table(data: Mapping[str, Any], name: str, key: str = "") -> Mapping[str, Any]:
    told = data.get(name, {})
    if not isinstance(told, Mapping):
        raise Unreadable("value_wrong", key=key or name, value=told, should="a table")
    return told


def _text(value: Any, key: str) -> str:
    return check_text(value, key, 100).strip()


def _one_of(value: Any, key: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise Unreadable("value_wrong", key=key, value=value, should=" or ".join(choices))
    return str(value)
