"""Appeals from a file: loaded whole, loaded again without doubling."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from flask import Flask

from donate.appeals.load import load_appeals
from donate.appeals.queries import find_appeal, find_evergreen, list_live_campaigns, list_versions
from donate.appeals.rules import Rules
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


def first(appeals: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = appeals["appeals"][0]
    return item


def test_places_rules_copies_and_shares_come_from_the_file_too(appeals: dict[str, Any]) -> None:
    first(appeals).update(
        placements=["inline", "end"],
        rules={"audience": ["guest", "member"], "countries": ["jo"], "read_least": 3, "allowed_flags": ["sensitive"]},
        never={"sections": ["culture"], "topics": ["Water"], "articles": ["flood-picture"]},
        copies={"en": {"headline": "Another headline.", "body": "<p>Other<script>x</script></p>"}},
        share_b=40,
        holdback=10,
        goal_counts_renewals=False,
    )
    load(appeals)
    found = next(each for each in list_live_campaigns() if each.is_evergreen)
    assert found.placements == {"inline", "end"}
    assert found.rules == Rules(
        audience=frozenset({"guest", "member"}), countries=frozenset({"JO"}), read_least=3,
        allowed_flags=frozenset({"sensitive"}),
    )  # fmt: skip
    assert found.excluded == {("section", "culture"), ("topic", "water"), ("article", "flood-picture")}
    assert (found.share_b, found.holdback) == (40, 10)
    row = find_appeal(found.slug)
    assert row is not None
    assert not row.goal_counts_renewals
    one, two = found.words("en"), found.words("en", "b")
    assert one is not None
    assert two is not None
    assert (two.headline, two.body_html, two.inline) == ("Another headline.", "<p>Other</p>", one.inline)


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("placements", {"placements": ["inline", "popup"]}),
        ("placements", {"placements": "inline"}),
        ("rules", {"rules": ["guest"]}),
        ("rules.audience", {"rules": {"audience": ["nobody"]}}),
        ("rules.countries", {"rules": {"countries": ["Jordan"]}}),
        ("rules.allowed_flags", {"rules": {"allowed_flags": ["retraction"]}}),
        ("rules.views_most", {"rules": {"views_most": -1}}),
        ("rules.views_most", {"rules": {"views_most": True}}),
        ("rules.weather", {"rules": {"weather": ["rain"]}}),
        ("never", {"never": ["culture"]}),
        ("never.sections", {"never": {"sections": [1]}}),
        ("never", {"sections": ["culture"], "never": {"sections": ["culture"]}}),
        ("copies.fr", {"copies": {"fr": {"headline": "Bonjour"}}}),
        ("copies.en", {"copies": {"en": {"heading": "Hello"}}}),
        ("share_b", {"share_b": 101}),
        ("share_b", {"share_b": 50}),
        ("holdback", {"holdback": 51}),
        ("goal.amount", {"goal": {"amount": "much", "currency": "USD"}}),
        ("goal_counts_renewals", {"goal_counts_renewals": "yes"}),
        ("priority", {"priority": 101}),
    ],
)
def test_a_wrong_value_is_named_by_its_key(appeals: dict[str, Any], key: str, values: dict[str, Any]) -> None:
    first(appeals).update(values)
    with pytest.raises(Unreadable) as refused:
        load(appeals)
    assert refused.value.message == "value_wrong"
    assert refused.value.values["key"] == f"evergreen.{key}"


@pytest.mark.parametrize("slug", ["Two Words", "über", "a" * 81])
def test_an_address_is_plain(appeals: dict[str, Any], slug: str) -> None:
    first(appeals)["slug"] = slug
    with pytest.raises(Unreadable) as refused:
        load(appeals)
    assert refused.value.values["key"] == "appeals.slug"


def test_each_change_by_file_is_kept_as_a_version_and_the_same_file_as_none(appeals: dict[str, Any]) -> None:
    load(appeals)
    load(appeals)
    row = find_appeal("evergreen")
    assert row is not None
    first(appeals)["paragraph"] = 6
    load(appeals)
    kept = list_versions(row.id)
    assert [(each.number, each.staff_id, each.contents["paragraph"]) for each in kept] == [(2, None, 6), (1, None, 4)]
