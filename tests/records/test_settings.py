"""The settings as one file: told and loaded back unchanged, changed in parts, nobody's change lost, all set down."""

from __future__ import annotations

import base64
import copy
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from donate.appeals.models import Appeal
from donate.commands.newsroom import load_facts
from donate.commands.read_toml import explain, read_toml
from donate.commands.samples import SAMPLE
from donate.commands.write_toml import write_toml
from donate.db import committed
from donate.errors import SettingsRefused, Unreadable
from donate.members.models import Level
from donate.newsroom.edition import new_edition
from donate.newsroom.queries import edition_number, find_fund, get_general_fund, get_newsroom
from donate.queue.models import Job
from donate.records import change_settings as module
from donate.records.change_settings import PARTS, change_settings, part_of, plain, view
from donate.records.settings_differences import bring_together, flatten, list_differences
from donate.records.settings_file import tell_settings
from donate.team.history import Who, is_plain
from donate.team.models import History
from tests.make.race import Race
from tests.make.rows import every

OWNER = Who("staff", 1)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 24"><path d="M0 0h40v24H0z"/></svg>'


@pytest.fixture
def facts() -> dict[str, Any]:
    """Give the sample newsroom's file."""
    return copy.deepcopy(read_toml(SAMPLE / "newsroom.toml"))


def change(part: str, wanted: dict[str, Any], began: dict[str, Any] | None = None) -> list[str]:
    """Change one part as the desk does; give the keys that were changed."""
    began = began or view(tell_settings(), part)
    with committed():
        return [each.key for each in change_settings(began, wanted, OWNER)]


def test_what_is_shown_loads_back_unchanged(app: Flask, facts: dict[str, Any], tmp_path: Path) -> None:
    facts["look"] = {"accent": "#114488", "logo": data_address(SVG), "logo_has_name": True}
    load_facts(facts)
    before = tell_settings(is_whole=True)
    text = write_toml(before)
    assert tomllib.loads(text) == before
    path = tmp_path / "shown.toml"
    said = app.test_cli_runner().invoke(args=["newsroom", "show", "--out", str(path)])
    assert said.exit_code == 0, said.output
    again = app.test_cli_runner().invoke(args=["newsroom", "load", str(path)])
    assert again.exit_code == 0, again.output
    assert "->" not in again.output
    assert tell_settings(is_whole=True) == before
    assert app.test_cli_runner().invoke(args=["newsroom", "show"]).output == text


def data_address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        'say "so"',
        'three """ quotes\nand a line',
        'ends with\n"',
        "back\\slash\nline\\",
        "tab\there\n",
        "\x7f",
        "اثنان\nשניים",
    ],
)
def test_any_text_comes_back_from_the_file_as_it_was(text: str) -> None:
    data = {"a": text, "b": {"c d": [text]}, "e": [{"f": {"g": text, "h": 1}}, {"i": [{"j": {"k": text}}]}]}
    assert tomllib.loads(write_toml(data)) == data


def test_every_setting_belongs_to_one_part_of_the_desk(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    told = tell_settings()
    assert set(told) == {key for keys in PARTS.values() for key in keys if "." not in key}
    assert {part_of(key) for key in flatten(told)} <= set(PARTS)


def test_loading_over_the_desks_changes_names_each_key(app: Flask, facts: dict[str, Any], tmp_path: Path) -> None:
    load_facts(facts)
    change("facts", {**view(tell_settings(), "facts"), "phone": "+1 202 555 0199"})
    path = tmp_path / "newsroom.toml"
    path.write_text((SAMPLE / "newsroom.toml").read_text("utf-8"), "utf-8")
    tried = app.test_cli_runner().invoke(args=["newsroom", "load", str(path), "--dry-run"])
    assert "phone: “+1 202 555 0199” -> “+1 202 555 0147”" in tried.output
    assert "nothing was written" in tried.output
    assert get_newsroom().phone == "+1 202 555 0199"
    loaded = app.test_cli_runner().invoke(args=["newsroom", "load", str(path)])
    assert "phone: “+1 202 555 0199” -> “+1 202 555 0147”" in loaded.output
    assert get_newsroom().phone == "+1 202 555 0147"
    told = every(History)[-1]
    assert (told.act, told.who_kind, told.object_kind, told.object_reference) == (
        "load_settings", "system", "settings", "facts",
    )  # fmt: skip


def test_a_file_that_says_nothing_of_the_look_leaves_it(app: Flask, facts: dict[str, Any]) -> None:
    load_facts({**facts, "look": {"accent": "#114488"}})
    load_facts(facts)
    assert get_newsroom().look["accent"] == "#114488"


def test_a_change_writes_its_keys_alone_and_makes_one_new_edition(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    before = edition_number()
    assert change("fiscal", {"fiscal_year_begins": 7}) == ["fiscal_year_begins"]
    assert edition_number() == before + 1
    assert get_newsroom().fiscal_month == 7
    (told,) = every(History)
    assert (told.act, told.who_id, told.before, told.after) == (
        "change_settings", 1, {"fiscal_year_begins": 1}, {"fiscal_year_begins": 7},
    )  # fmt: skip
    assert change("fiscal", {"fiscal_year_begins": 7}) == []
    assert len(every(History)) == 1


def test_who_comes_second_changes_nothing_and_is_given_what_is_there(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    began = view(tell_settings(), "facts")
    change("facts", {**began, "phone": "1"}, began)
    with pytest.raises(SettingsRefused) as refused:
        change("facts", {**began, "contact_name": "Dana"}, began)
    assert refused.value.values["now"]["phone"] == "1"
    assert get_newsroom().contact_name == "Ines Abed"
    # Somebody else's part does not stand in the way.
    tax = view(tell_settings(), "tax")
    disclosures = view(tell_settings(), "disclosures")
    disclosures["tax"]["disclosures"].append({"region": "US-NY", "text": {"en": "New York."}})
    change("disclosures", disclosures)
    change("tax", {"tax": {**tax["tax"], "number": "11-1111111"}}, tax)
    assert [each["region"] for each in get_newsroom().tax["disclosures"]] == ["US-NJ", "US-NY"]


def two_at_once(race: Race) -> list[Exception]:
    """Let two people save what they began at the same moment, one the telephone and one the person."""
    began = view(tell_settings(), "facts")

    def save(**changed: str) -> Callable[[], object]:
        def act() -> None:
            with committed():
                change_settings(began, {**began, **changed}, OWNER)

        return act

    return race.run(save(phone="111"), save(contact_name="Dana"))


def test_of_two_who_save_at_once_one_is_told(app: Flask, facts: dict[str, Any], race: Race) -> None:
    load_facts(facts)
    (stumbled,) = two_at_once(race)
    assert isinstance(stumbled, SettingsRefused)
    row = get_newsroom()
    assert (row.phone == "111") is not (row.contact_name == "Dana")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_race_above_would_lose_a_change_without_the_lock(app: Flask, facts: dict[str, Any], race: Race) -> None:
    """A control: both read before either has written; on SQLite the one writer at a time is the lock."""
    load_facts(facts)
    race.without_lock(module)
    race.meet_after(module, "tell_settings")
    assert two_at_once(race) == [], "nobody is told that the other was there"


def test_both_changes_come_together_and_the_same_field_is_named(app: Flask) -> None:
    base = {"phone": "1", "name": "A", "funds": [{"code": "a", "gl": "1"}, {"code": "b", "gl": "2"}], "list": [1]}
    mine = {**base, "phone": "2", "funds": [{"code": "a", "gl": "9"}, {"code": "b", "gl": "2"}, {"code": "c"}]}
    theirs = {**base, "phone": "3", "name": "B", "funds": [{"code": "a", "gl": "1"}, {"code": "b", "gl": "8"}]}
    together = bring_together(base, mine, theirs)
    assert together.settings == {
        "phone": "2", "name": "B", "list": [1],
        "funds": [{"code": "a", "gl": "9"}, {"code": "b", "gl": "8"}, {"code": "c"}],
    }  # fmt: skip
    assert together.both == ["phone"]


def test_history_holds_plain_values_and_marks_of_all_others(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    wanted = copy.deepcopy(facts)
    wanted |= {"contact_name": "Dana", "phone": "12345", "currencies": ["USD", "EUR"], "name": "Level"}
    wanted["funds"][0]["gl_code"] = "4999"
    wanted["texts"]["terms"]["title"] = "Terms"
    with committed():
        new_edition(app.extensions["sqlalchemy"].session())
    load_facts(wanted)
    told = {key: value for row in every(History) for key, value in row.after.items()}
    assert told["funds.general.gl_code"] == "4999"
    assert told["currencies"] == "USD+EUR"
    for key in ("contact_name", "phone", "name"):
        assert str(told[key]).startswith("mark:"), key
    assert all(is_plain(value) for value in told.values() if isinstance(value, str))
    assert plain("mission.en", "Some words") != plain("mission.en", "Other words")


def test_a_fund_is_closed_and_never_taken_out(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    funds = tell_settings()["funds"]
    with pytest.raises(Unreadable, match="value_wrong") as general:
        change("funds", {"funds": [{**each, "closed": each["general"]} for each in funds]})
    assert general.value.values["key"] == "funds[1].closed"
    change("funds", {"funds": [{**each, "closed": each["code"] == "fact-desk"} for each in funds]})
    fund = find_fund("fact-desk")
    assert fund is not None
    assert fund.is_closed
    load_facts({**facts, "funds": [each for each in facts["funds"] if each["code"] == "general"], "accounts": {}})
    assert find_fund("student-newsroom") is not None


def test_a_fund_that_an_appeal_asks_for_is_not_closed(app: Flask, newsroom: None) -> None:
    funds, general = tell_settings()["funds"], get_general_fund()
    appeal = next(each for each in every(Appeal) if each.status == "live" and each.fund_id != general.id)
    code = next(each["code"] for each in funds if (fund := find_fund(each["code"])) and fund.id == appeal.fund_id)
    with pytest.raises(Unreadable, match="fund_in_use") as refused:
        change("funds", {"funds": [{**each, "closed": each["code"] == code} for each in funds]})
    assert appeal.slug in refused.value.values["appeals"]
    assert code in explain(refused.value, Path("newsroom.toml"))


def test_a_new_fund_and_a_new_name_ask_for_a_product_and_nothing_else_does(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    assert [job.name for job in every(Job)] == []
    funds = tell_settings()["funds"]
    change("funds", {"funds": [{**each, "gl_code": "1"} for each in funds]})
    assert [job.name for job in every(Job)] == []
    change("funds", {"funds": [*tell_settings()["funds"], {"code": "water", "name": {"en": "Water"}}]})
    assert [job.name for job in every(Job)] == ["fund_products"]


def test_a_currency_that_is_no_longer_taken_keeps_its_levels(app: Flask, facts: dict[str, Any]) -> None:
    load_facts(facts)
    change("currencies", {"currencies": ["USD", "EUR"], "default_currency": "USD"})
    assert every(Level)[0].yearly["JOD"] == 42000
    with pytest.raises(Unreadable) as missing:
        change("currencies", {"currencies": ["USD", "EUR", "GBP"], "default_currency": "USD"})
    assert missing.value.values["key"] == "levels[1].yearly.GBP"


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("name", "x" * 121, "name"),
        ("phone", "1" * 41, "phone"),
        ("name", "a\x00b", "name"),
        ("statement_suffix", "<GIFT>", "statement_suffix"),
        ("currencies", [], "currencies"),
        ("currencies", ["USD", "USD"], "currencies"),
        ("languages", ["ar"], "languages"),
        ("languages", ["en", "en"], "languages"),
        ("fiscal_year_begins", 13, "fiscal_year_begins"),
        ("greetings", [{"from": "02-30", "until": "03-01", "text": {"en": "x"}}], "greetings[1].from"),
        ("greetings", [{"from": "02-20", "until": "03-01", "text": {}}], "greetings[1].text"),
        ("where_it_goes", [{"percent": 99, "label": {"en": "x"}}], "where_it_goes"),
        ("where_it_goes", [{"percent": True, "label": {"en": "x"}}], "where_it_goes[1].percent"),
        ("sections", [{"slug": "a/b", "name": {"en": "x"}}], "sections[1].slug"),
        ("sections", [{"slug": "a", "name": {"en": "x"}}, {"slug": "a", "name": {"en": "y"}}], "sections[2].slug"),
        ("look", {"accent": "red"}, "look.accent"),
        ("look", {"accent": "#ffcc00"}, "look.accent"),
        ("look", {"logo": "https://example.org/logo.png"}, "look.logo"),
        ("look", {"logo": "data:image/png;base64,?"}, "look.logo"),
    ],
)
def test_each_wrong_value_is_named_by_its_key(
    app: Flask, facts: dict[str, Any], key: str, value: Any, named: str
) -> None:
    load_facts(facts)
    with pytest.raises(Unreadable) as refused:
        load_facts({**facts, key: value})
    assert refused.value.values["key"] == named
    assert explain(refused.value, Path("newsroom.toml"))


@pytest.mark.parametrize(
    ("change_of", "named"),
    [
        ({"code": "water desk"}, "funds[2].code"),
        ({"code": "general"}, "funds[2].code"),
        ({"gl_code": "4" * 41}, "funds[2].gl_code"),
        ({"restriction": "some"}, "funds[2].restriction"),
        ({"closed": "yes"}, "funds[2].closed"),
        ({"general": True}, "funds"),
        ({"name": {}}, "funds[2].name"),
    ],
)
def test_each_wrong_value_of_a_fund_is_named(
    app: Flask, facts: dict[str, Any], change_of: dict[str, Any], named: str
) -> None:
    facts["funds"][1] |= change_of
    with pytest.raises(Unreadable) as refused:
        load_facts({**facts, "accounts": {}})
    assert refused.value.values["key"] == named


def test_differences_are_listed_by_what_tells_tables_apart() -> None:
    before = {"funds": [{"code": "a", "gl_code": "1"}], "list": ["x"], "flag": False}
    after = {"funds": [{"code": "b", "gl_code": "1"}, {"code": "a", "gl_code": "2"}], "list": ["x", "y"], "flag": True}
    found = {each.key: (each.before, each.after) for each in list_differences(before, after)}
    assert found == {
        "funds.b.code": (None, "b"), "funds.b.gl_code": (None, "1"), "funds.a.gl_code": ("1", "2"),
        "list": ("x", "x, y"), "flag": (False, True),
    }  # fmt: skip
