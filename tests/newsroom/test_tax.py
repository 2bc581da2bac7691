"""What the newsroom is in the eyes of its tax office: told in its file, refused with the key that is wrong."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask import Flask

from donate.commands.newsroom import load_facts
from donate.commands.read_toml import read_toml
from donate.commands.samples import SAMPLE
from donate.errors import Unreadable
from donate.newsroom.queries import get_newsroom
from donate.newsroom.tax import disclosures_of
from donate.receipts.tax_status import tax_status_of
from donate.receipts.wording import TaxStatus


@pytest.fixture
def facts() -> dict[str, Any]:
    """Give the sample newsroom's file."""
    return copy.deepcopy(read_toml(SAMPLE / "newsroom.toml"))


def test_the_sample_is_a_charity_with_its_number_and_a_states_sentence(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    row = get_newsroom()
    address = ("14 Sample Street", "Washington, DC 20001", "United States")
    assert tax_status_of(row) == TaxStatus("charity", "US", "The Plumb Line", "00-0000000", address=address)
    (english,) = disclosures_of(row, "en")
    assert english.startswith("New Jersey")
    assert disclosures_of(row, "he") != [english]
    assert disclosures_of(row, "fr") == [english], (
        "the newsroom's own language where it was not written in the reader's"
    )


def test_without_the_table_nothing_is_deductible(app: Flask, facts: dict[str, Any]) -> None:
    del facts["tax"]
    load_facts(facts)
    assert tax_status_of(get_newsroom()).standing == "none"
    assert disclosures_of(get_newsroom(), "en") == []


def test_the_number_at_the_files_top_is_the_charitys(app: Flask, facts: dict[str, Any]) -> None:
    facts["tax"] = {"standing": "charity"}
    load_facts(facts)
    assert tax_status_of(get_newsroom()).number == "00-0000000"


@pytest.mark.parametrize(
    ("table", "message", "key"),
    [
        ("charity", "value_wrong", "tax"),
        ({"standing": "church"}, "value_wrong", "tax.standing"),
        ({"standing": "charity", "number": " "}, "key_missing", "tax.number"),
        ({"standing": "charity", "number": 7}, "value_wrong", "tax.number"),
        ({"standing": "sponsored", "sponsor_name": "The Level Fund"}, "key_missing", "tax.sponsor_number"),
        ({"standing": "sponsored", "sponsor_number": "1"}, "key_missing", "tax.sponsor_name"),
        ({"address": "14 Sample Street"}, "value_wrong", "tax.address"),
        ({"disclosures": 7}, "value_wrong", "tax.disclosures"),
        ({"disclosures": {"text": {"en": "Words"}}}, "value_wrong", "tax.disclosures"),
        ({"disclosures": [{"text": "Words"}]}, "value_wrong", "tax.disclosures[1].text"),
        ({"disclosures": [{"text": {"en": "Words"}, "region": 7}]}, "value_wrong", "tax.disclosures[1].region"),
        ({"disclosures": [{"text": {"en": "Words"}}, {}]}, "value_wrong", "tax.disclosures[2].text"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(
    app: Flask, facts: dict[str, Any], table: Any, message: str, key: str
) -> None:
    facts.pop("tax_number", None)
    facts["tax"] = table
    with pytest.raises(Unreadable) as refused:
        load_facts(facts)
    assert (refused.value.message, refused.value.values["key"]) == (message, key)
