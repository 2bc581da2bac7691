"""The newsroom's own accounts: told in its file, refused with the key that is wrong."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask import Flask

from donate.commands.newsroom import load_facts
from donate.commands.read_toml import read_toml
from donate.commands.samples import SAMPLE
from donate.errors import Unreadable
from donate.ledger.accounts import ACCOUNTS
from donate.newsroom.accounts import DEFERRED, Account, chart_of
from donate.newsroom.queries import get_newsroom


@pytest.fixture
def facts() -> dict[str, Any]:
    """Give the sample newsroom's file."""
    return copy.deepcopy(read_toml(SAMPLE / "newsroom.toml"))


def test_the_sample_names_every_account_that_a_sound_book_has(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    chart = chart_of(get_newsroom())
    assert set(chart.accounts) == {*ACCOUNTS, DEFERRED} - {"unclassified"}
    assert chart.funds["fact-desk"] == Account("4110", "Donations:Fact Desk")
    assert (chart.classes["general"], "general" in chart.funds) == ("General", False)
    assert (chart.date_format, chart.home_currency) == ("%m/%d/%Y", "USD")


def test_without_the_table_nothing_is_mapped(app: Flask, facts: dict[str, Any]) -> None:
    del facts["accounts"]
    load_facts(facts)
    assert chart_of(get_newsroom()).accounts == {}


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("accounts", "all of them"),
        ("accounts.cash", {"name": "Cash"}),
        ("accounts.clearing", "1210"),
        ("accounts.clearing", {}),
        ("accounts.clearing", {"name": "Clearing", "type": "asset"}),
        ("accounts.clearing.name", {"code": "1210"}),
        ("accounts.clearing.code", {"code": 1210, "name": "Clearing"}),
        ("accounts.date_format", "D.M.Y"),
        ("accounts.home_currency", "dollars"),
        ("accounts.tax_rate", 0),
        ("accounts.funds.nothing", {"name": "Nothing"}),
    ],
)
def test_what_is_wrong_is_named(app: Flask, facts: dict[str, Any], key: str, wrong: Any) -> None:
    parts = key.split(".")
    if len(parts) == 1:
        facts["accounts"] = wrong
    elif parts[1] == "funds":
        facts["accounts"]["funds"][parts[2]] = wrong
    else:
        facts["accounts"][parts[1]] = wrong
    with pytest.raises(Unreadable) as refused:
        load_facts(facts)
    assert refused.value.values["key"] == key
