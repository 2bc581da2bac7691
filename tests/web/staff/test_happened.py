"""What happened to something stands on its own page in words, and every act of the code has some."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from flask import Flask

from donate.db import committed
from donate.donors.preferences import KINDS as LETTERS
from donate.reports.export import KINDS
from donate.team.history import SYSTEM, Plain, Who, record_history
from donate.team.queries import get_staff
from donate.web.staff.happened import say_changes
from donate.web.staff.happened_acts import acts_in_words, say_act
from donate.web.staff.happened_words import KINDS_OF_OBJECTS, say_field, say_kind_of_object, say_value
from tests.house.code import Module, dotted, modules
from tests.make.in_the_books import Booked
from tests.make.signing_in import Comings

#: Where the act is not written out, and which ones it can be. A new such place is added here with its acts.
BUILT = {
    "donate/fulfillment/change_promise.py": {
        f"{act}_promise" for act in ("change", "skip", "pause", "resume", "cancel", "cancel_now", "reactivate")
    },
    "donate/reports/order.py": {f"export_{kind}" for kind in KINDS},
    "donate/appeals/edit.py": {"edit_appeal", "revert_appeal"},
    "donate/giving/offline/batch.py": {
        "add_offline_line",
        "change_offline_line",
        "remove_offline_line",
        "choose_offline_donor",
    },
    "donate/records/change_settings.py": {"change_settings", "load_settings"},
}


def records() -> Iterator[tuple[Module, ast.Call]]:
    """Give every place in the code that writes history."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "record_history":
                yield module, node


def acts() -> set[str]:
    """Give every act the code can write into the history."""
    found = set[str]()
    for module, call in records():
        act = call.args[1]
        if isinstance(act, ast.Constant):
            found.add(str(act.value))
        else:
            assert module.path in BUILT, (
                f"{module.path}:{call.lineno} builds its act: say in BUILT which ones it can be"
            )
            found |= BUILT[module.path]
    return found


def fields() -> set[str]:
    """Give every name of a value that the code writes out beside an act."""
    return {
        str(key.value)
        for _module, call in records()
        for given in call.keywords
        if isinstance(given.value, ast.Dict)
        for key in given.value.keys
        if isinstance(key, ast.Constant)
    }


def test_the_search_for_acts_finds_them() -> None:
    assert len(acts()) > 40
    assert {"close_period", "export_ledger", "revert_appeal", "skip_promise"} <= acts()
    assert {"role", "ends_on", "flag"} <= fields()


@pytest.mark.usefixtures("words")
def test_every_act_of_the_code_is_said_in_words() -> None:
    assert sorted(acts() - set(acts_in_words())) == [], "say these in web/staff/happened_words.py"
    for act in acts():
        assert say_act(act)[0].isupper(), act
        assert "_" not in say_act(act)


@pytest.mark.usefixtures("words")
def test_no_words_stand_for_an_act_that_nothing_writes() -> None:
    # Loaded from a file is said by the versions of an appeal, which the history knows nothing of.
    assert sorted(set(acts_in_words()) - acts() - {"load_appeal"}) == []


@pytest.mark.usefixtures("words")
def test_every_kind_of_object_is_said_and_searched_for() -> None:
    kinds = {str(call.args[2].value) for _module, call in records() if isinstance(call.args[2], ast.Constant)}
    assert sorted(kinds - set(KINDS_OF_OBJECTS)) == []
    assert [kind for kind in kinds if say_kind_of_object(kind)[0].islower()] == []


@pytest.mark.usefixtures("words")
def test_every_value_beside_an_act_has_a_name() -> None:
    assert [name for name in sorted(fields()) if say_field(name)[0].islower()] == []
    assert [kind for kind in LETTERS if say_field(kind)[0].islower()] == []


@pytest.mark.usefixtures("words")
def test_an_act_without_words_keeps_its_own_name() -> None:
    assert say_act("paint_the_roof") == "paint the roof"
    assert say_kind_of_object("night_train") == "night train"


@pytest.mark.usefixtures("newsroom")
def test_what_changed_is_said_and_what_stayed_is_left_out(app: Flask) -> None:
    before: dict[str, Plain] = {"role": "editor", "disabled": False, "ends_on": None}
    after: dict[str, Plain] = {"role": "owner", "disabled": False, "ends_on": "2026-03-31"}
    with app.test_request_context("/staff"):
        role, last = say_changes(before, after)
        assert (role.name, role.before, role.after) == ("Role", "Editor", "Owner")
        assert (last.name, last.before, last.after) == ("Last day", "none", "31 March 2026")
        assert [say_value("disabled", value) for value in (True, False)] == ["yes", "no"]
        assert say_value("role", "emperor") == "emperor"
        assert say_value("flag", "no such flag") == "no such flag"


def test_a_month_an_appeal_and_a_story_tell_what_happened_to_them(comings: Comings, booked: Booked) -> None:
    booked.give()
    browser = comings.colleague("owner")
    owner = Who("staff", get_staff("owner@newsroom.example").id)
    with committed():
        record_history(owner, "close_period", "period", "2026-03")
        record_history(owner, "set_flag", "article", "flood-picture", after={"flag": "sensitive"})
        record_history(SYSTEM, "pause_appeal", "appeal", "misinformation", before={"status": "live"})
    month = browser.get("/staff/finance/periods/2026-03").text
    assert "What happened to this" in month
    assert "Closed the month" in month
    assert "owner@newsroom.example" in month[month.index('id="happened"') :]
    story = browser.get("/staff/articles/flood-picture").text
    assert "Flag: Sensitive" in story
    appeal = browser.get("/staff/appeals/misinformation").text
    assert "State: was Live" in appeal
    assert "the system" in appeal


def test_more_than_a_page_holds_leads_to_all_of_it_for_who_may_see_it(comings: Comings, booked: Booked) -> None:
    booked.give()
    with committed():
        for _time in range(21):
            record_history(SYSTEM, "close_period", "period", "2026-03")
        for _time in range(21):
            record_history(SYSTEM, "set_flag", "article", "flood-picture", after={"flag": "sensitive"})
    page = comings.colleague("owner").get("/staff/finance/periods/2026-03").text
    assert page.count("Closed the month") == 20
    assert "/staff/history?kind=period&amp;reference=2026-03" in page
    assert "/staff/history" not in comings.colleague("editor").get("/staff/articles/flood-picture").text
