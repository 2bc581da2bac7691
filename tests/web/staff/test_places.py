"""The switches: where a place is off no ask stands, on any page and at once, and who may press is asked first."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from donate.appeals.models import AskSwitch
from donate.appeals.rules import PLACEMENTS
from donate.team.models import History
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden

PLACES, STORY = "/staff/appeals/places", "/articles/flood-picture"
#: What only an ask of a place shows.
MARKS = {"header": "placement=header", "inline": "ask--inline", "end": "ask--end", "footer": "placement=footer"}


@pytest.fixture
def editor(comings: Comings) -> FlaskClient:
    """Return the browser of an editor, who may stop asks and let them run again."""
    return comings.colleague("editor")


def press(browser: FlaskClient, place: str, way: str, **typed: str) -> int:
    token = hidden(browser.get("/staff/sign-in").text)
    return browser.post(f"{PLACES}/{place}/{way}", data={**token, **typed}).status_code


def stand(client: FlaskClient, path: str = STORY) -> set[str]:
    """Tell in which places asks stand on a page."""
    page = client.get(path).text
    return {place for place, mark in MARKS.items() if mark in page}


def test_with_the_end_off_no_letter_stands_and_what_is_within_the_story_stays(
    editor: FlaskClient, client: FlaskClient
) -> None:
    assert stand(client) == {"header", "inline", "end"}
    assert press(editor, "end", "off") == 303
    # Nothing is below a letter; where none stands, the foot has its line.
    assert stand(client) == {"header", "inline", "footer"}
    assert press(editor, "end", "on") == 303
    assert stand(client) == {"header", "inline", "end"}


def test_with_all_four_off_nothing_asks_anywhere(editor: FlaskClient, client: FlaskClient) -> None:
    for place in PLACEMENTS:
        press(editor, place, "off")
    for path in (STORY, "/", "/sections/culture", "/ar/"):
        assert stand(client, path) == set(), path
    assert "Every place is switched off" in editor.get(PLACES).text
    assert "ask--end" in client.get("/appeals/misinformation").text, "an appeal's own page stays"


def test_each_press_is_in_the_history_and_a_second_one_changes_nothing(editor: FlaskClient) -> None:
    for way in ("off", "off", "on", "on"):
        press(editor, "inline", way)
    told = [(row.act, row.object_reference, row.before, row.after) for row in every(History) if "switch" in row.act]
    assert told == [
        ("switch_off_placement", "inline", {"on": True}, {"on": False}),
        ("switch_on_placement", "inline", {"on": False}, {"on": True}),
    ]
    assert every(AskSwitch) == []


def test_fundraising_may_stop_and_only_editor_or_owner_start_again(comings: Comings) -> None:
    fundraising = comings.colleague("fundraising")
    assert press(fundraising, "footer", "off") == 303
    assert press(fundraising, "footer", "on") == 403
    page = fundraising.get(PLACES).text
    assert "An editor or an owner switches a place on again." in page
    assert "/footer/on" not in page
    assert "/header/off" in page
    assert press(comings.colleague("owner"), "footer", "on") == 303


def test_an_auditor_sees_and_presses_nothing(comings: Comings) -> None:
    auditor = comings.colleague("auditor")
    page = auditor.get(PLACES).text
    assert "End of the story" in page
    assert "/off" not in page
    assert press(auditor, "end", "off") == 403
    assert every(AskSwitch) == []


def test_a_place_that_is_none_is_not_found_and_without_its_token_nothing_is_pressed(editor: FlaskClient) -> None:
    assert press(editor, "sidebar", "off") == 404
    assert press(editor, "sidebar", "on") == 404
    assert editor.post(f"{PLACES}/end/off").status_code == 400
    assert every(AskSwitch) == []


def test_the_simulator_has_the_same_switch_and_leads_back_to_its_question(editor: FlaskClient) -> None:
    here = "/staff/appeals/simulator?page=/articles/flood-picture"
    page = editor.get(here).text
    assert "Stop all asks at the end of stories" in page
    token = hidden(editor.get("/staff/sign-in").text)
    answer = editor.post(f"{PLACES}/end/off", data={**token, "next": here})
    assert answer.headers["Location"] == here
    assert "The newsroom has switched off this place." in editor.get(here).text
    answer = editor.post(f"{PLACES}/end/on", data={**token, "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == PLACES
