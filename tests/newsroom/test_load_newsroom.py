"""The newsroom's own file: loaded whole or not at all, loaded again without doubling."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from donate.articles.queries import find_topic, list_sections
from donate.commands.newsroom import load_facts
from donate.commands.read_toml import explain, read_toml
from donate.commands.samples import SAMPLE
from donate.errors import Unreadable
from donate.newsroom.greet import greeting_on
from donate.newsroom.queries import find_newsroom, get_general_fund, get_newsroom, list_funds


@pytest.fixture
def facts() -> dict[str, Any]:
    """Give the sample newsroom's file."""
    return read_toml(SAMPLE / "newsroom.toml")


def test_loading_twice_leaves_one_newsroom(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    load_facts(facts)
    row = get_newsroom()
    assert row.words["name"] == {"en": "The Plumb Line", **facts["names"]}
    assert row.texts["privacy"]["en"]["title"] == "Privacy"
    assert next(fund.code for fund in list_funds()) == get_general_fund().code == "general"
    assert [section.slug for section in list_sections()] == [item["slug"] for item in facts["sections"]]
    topic = find_topic("water")
    assert topic is not None
    assert topic.names["ar"] == "المياه"


def test_a_newsroom_is_the_main_site_only_where_it_says_so(app: Flask, facts: dict[str, Any]) -> None:
    load_facts({**facts, "main_site": True})
    assert get_newsroom().is_main_site is True
    load_facts({key: value for key, value in facts.items() if key != "main_site"})
    assert get_newsroom().is_main_site is False


def test_another_fund_can_become_the_general_one(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    moved = copy.deepcopy(facts)
    for fund in moved["funds"]:
        fund["general"] = fund["code"] == "fact-desk"
    load_facts(moved)
    assert get_general_fund().code == "fact-desk"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("time_zone", "Mars/Base"),
        ("currencies", ["XXZ"]),
        ("default_currency", "GBP"),
        ("country", "Jordan"),
        ("statement_descriptor", "A*B"),
        ("counting", "always"),
        ("reply_address", "nobody"),
        ("name", 7),
        ("funds", []),
        ("main_site", "yes"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_loaded(app: Flask, facts: dict[str, Any], key: str, value: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        load_facts({**facts, key: value})
    assert refused.value.values["key"] == key
    assert key in explain(refused.value, Path("newsroom.toml"))
    assert find_newsroom() is None


@pytest.mark.parametrize("key", ["name", "time_zone", "currencies", "funds"])
def test_a_missing_key_is_named(app: Flask, facts: dict[str, Any], key: str) -> None:
    with pytest.raises(Unreadable, match="key_missing") as refused:
        load_facts({name: value for name, value in facts.items() if name != key})
    assert refused.value.values["key"] == key


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"name = ", "not valid TOML"), (b"\xff\xfe", "not UTF-8"), (b"", "lacks"), (None, "no file")],
)
def test_the_command_answers_a_wrong_file_with_one_sentence(
    app: Flask, tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "file.toml"
    if content is not None:
        path.write_bytes(content)
    answer = app.test_cli_runner().invoke(args=["newsroom", "load", str(path)])
    assert answer.exit_code == 1
    assert words in answer.output
    assert len(answer.output.splitlines()) == 1


def test_texts_lose_what_could_run(app: Flask, facts: dict[str, Any]) -> None:
    facts["texts"]["privacy"]["body_html"] = "<p>Hi<script>x</script></p>"
    load_facts(facts)
    assert get_newsroom().texts["privacy"]["en"]["body_html"] == "<p>Hi</p>"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-23", {}),
        ("2026-12-24", {"en": "feast"}),
        ("2026-12-31", {"en": "season"}),
        ("2027-01-02", {"en": "season"}),
    ],
)
def test_a_greeting_stands_only_inside_its_dates_and_a_feast_before_its_season(
    day: str, expected: dict[str, str]
) -> None:
    greetings = [
        {"from": "12-24", "until": "01-02", "words": {"en": "season"}},
        {"from": "12-24", "until": "12-25", "words": {"en": "feast"}},
    ]
    assert greeting_on(greetings, date.fromisoformat(day)) == expected


def test_flag_words_are_kept_as_searching_folds_them_and_a_wrong_one_is_named(
    app: Flask, facts: dict[str, Any]
) -> None:
    load_facts({**facts, "flag_words": {"Harbour-Desk Only": "do_not_ask", "obituary": False}})
    assert get_newsroom().flag_words == {"harbour desk only": "do_not_ask", "obituary": ""}
    with pytest.raises(Unreadable) as refused:
        load_facts({**facts, "flag_words": {"grief": "sad"}})
    said = explain(refused.value, Path("newsroom.toml"))
    assert said == (
        "newsroom.toml: “flag_words.grief” should be do_not_ask, sensitive, correction, retraction, embargo, or false; "
        "it is 'sad'."
    )
    assert get_newsroom().flag_words == {"harbour desk only": "do_not_ask", "obituary": ""}
    load_facts({key: value for key, value in facts.items() if key != "flag_words"})
    assert get_newsroom().flag_words == {}
