"""Appeals from a file: loaded whole, loaded again without doubling."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from flask import Flask

from donate.appeals.load import load_appeals
from donate.appeals.queries import find_appeal, find_evergreen, list_live_campaigns
from donate.commands.newsroom import load_facts
from donate.commands.read_toml import read_toml
from donate.commands.samples import SAMPLE
from donate.db import committed
from donate.errors import Unreadable
from donate.money import Money

TODAY = date(2026, 3, 20)


@pytest.fixture
def appeals(app: Flask) -> dict[str, Any]:
    """Give the sample's appeals, its newsroom loaded."""
    load_facts(read_toml(SAMPLE / "newsroom.toml"))
    return read_toml(SAMPLE / "appeals.toml")


def load(data: dict[str, Any]) -> None:
    with committed():
        load_appeals(data, TODAY)


def test_loading_twice_changes_nothing(appeals: dict[str, Any]) -> None:
    load(appeals)
    first = list_live_campaigns()
    load(appeals)
    assert list_live_campaigns() == first
    assert len(first) == len(appeals["appeals"])


def test_what_was_taken_out_of_the_file_is_taken_out_here(appeals: dict[str, Any]) -> None:
    load(appeals)
    fewer = copy.deepcopy(appeals)
    named = next(item for item in fewer["appeals"] if item["slug"] == "misinformation")
    del named["texts"]["ar"]
    named["articles"], named["topics"] = [], ["Photography"]
    load(fewer)
    found = next(each for each in list_live_campaigns() if each.slug == "misinformation")
    assert found.words("ar") is None
    assert found.words("he") is not None
    assert found.targets == {("section", "fact-desk"), ("topic", "photography")}


def test_days_count_from_the_day_of_loading_and_amounts_are_minor_units(appeals: dict[str, Any]) -> None:
    load(appeals)
    found = next(each for each in list_live_campaigns() if each.slug == "misinformation")
    assert (found.starts_on, found.ends_on) == (date(2026, 2, 18), date(2026, 4, 29))
    assert found.goal == Money(4_800_000, "USD")
    row = find_appeal("misinformation")
    assert row is not None
    assert row.amounts["JOD"]["month"]["default"] % 1000 == 0


def test_another_appeal_can_become_the_evergreen_one(appeals: dict[str, Any]) -> None:
    load(appeals)
    moved = copy.deepcopy(appeals)
    for item in moved["appeals"]:
        item["evergreen"] = item["slug"] == "student-newsroom"
    load(moved)
    evergreen = find_evergreen()
    assert evergreen is not None
    assert evergreen.slug == "student-newsroom"


def test_an_appeals_letter_can_hold_no_script(appeals: dict[str, Any]) -> None:
    appeals["appeals"][0]["texts"]["en"]["body"] = "<p>Please<script>alert(1)</script> <mark>read</mark></p>"
    load(appeals)
    words = next(each for each in list_live_campaigns() if each.is_evergreen).words("en")
    assert words is not None
    assert words.body_html == "<p>Please <mark>read</mark></p>"


@pytest.mark.parametrize(("part", "value"), [("fund", "none-such"), ("texts", {}), ("amounts", {"USD": {}})])
def test_a_wrong_file_is_refused_by_the_name_of_what_is_wrong(appeals: dict[str, Any], part: str, value: Any) -> None:
    appeals["appeals"][0][part] = value
    with pytest.raises(Unreadable) as refused:
        load(appeals)
    assert part in refused.value.values["key"]
