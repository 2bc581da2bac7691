"""Writing an appeal: what is typed is kept, wrong things are named, two people lose nothing, trying saves nothing."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.appeals.contents import contents_of, contents_to_json
from donate.appeals.models import Appeal, AppealVersion
from donate.appeals.queries import find_appeal, find_version, get_appeal, list_versions
from donate.db import db
from donate.team.models import History
from tests.make.fields import form_values
from tests.make.rows import count, every
from tests.make.signing_in import Comings

NEW = "/staff/appeals/new"
EDIT = "/staff/appeals/misinformation/edit"
HISTORY = "/staff/appeals/misinformation/history"

WORDS = {
    "text_en_a-kicker": "From the newsroom",
    "text_en_a-headline": "The archive burns if nobody pays for the roof.",
    "text_en_a-inline": "The roof leaks. Readers who give pay for slates.",
    "text_en_a-body_html": "First paragraph.\n\nSecond <mark>paragraph</mark>.<script>alert(1)</script>",
    "text_en_a-button": "Give to the roof",
    "text_en_a-form_title": "Pay for slates",
}
FILLED = {
    "name": "Roof",
    "slug": "roof",
    "fund": "general",
    "priority": "50",
    "paragraph": "3",
    "placements": ["inline", "end"],
    "sections": ["fact-desk"],
    "audience": ["guest", "none", "donor", "lapsed"],
    "offer_USD-once": "15 30 60", "offer_USD-once_default": "30",
    "offer_USD-month": "5 10", "offer_USD-month_default": "5",
    "offer_USD-year": "60 120", "offer_USD-year_default": "60",
    **WORDS,
}  # fmt: skip


@pytest.fixture
def fundraiser(comings: Comings) -> FlaskClient:
    """Return a fundraiser's browser, at the desk."""
    return comings.colleague("fundraising")


def send(browser: FlaskClient, path: str, **changes: Any) -> TestResponse:
    """Open a form, change some of its fields and press its button."""
    shown = browser.get(path)
    assert shown.status_code == 200
    return browser.post(path, data={**form_values(shown.text, "writing"), **changes})


def again(slug: str) -> Appeal:
    db.session.expire_all()
    return get_appeal(slug)


def errors(page: str) -> dict[str, str]:
    """Give the sentences beside the fields."""
    found = re.findall(r'<p class="error" id="([^"]+)-e">([^<]*)</p>', page)
    return {name: html.unescape(sentence) for name, sentence in found}


# -- a new one ------------------------------------------------------------------------------------------------------


def test_a_new_appeal_begins_as_a_draft_with_all_that_was_typed(fundraiser: FlaskClient) -> None:
    answer = send(
        fundraiser, NEW, **FILLED, starts_on="2026-04-01", ends_on="2026-04-30", goal="48,000", goal_currency="USD",
        articles="https://example.org/ar/articles/night-crew-amman?x=1\nflood-picture", topics="/topics/water",
        never_articles="bread-line-umbrella", holdback="10", countries="jo lb", read_least="3",
        referrers="https://News.Google.com/", sources="spring-letter", allowed_flags=["sensitive"],
    )  # fmt: skip
    assert answer.headers["Location"] == "/staff/appeals/roof?done=saved", errors(answer.text)
    found = contents_of(get_appeal("roof"))
    assert get_appeal("roof").status == "draft"
    assert (found.starts_on, found.ends_on, found.priority) == (date(2026, 4, 1), date(2026, 4, 30), 50)
    assert found.goal is not None
    assert found.goal.minor == 4_800_000
    assert found.targets == {("section", "fact-desk"), ("topic", "water"), ("article", "night-crew-amman"),
                             ("article", "flood-picture")}  # fmt: skip
    assert found.excluded == {("article", "bread-line-umbrella")}
    assert found.texts["en", "a"].body_html == "<p>First paragraph.</p><p>Second <mark>paragraph</mark>.</p>"
    assert found.amounts == {
        "USD": {
            "once": {"amounts": [1500, 3000, 6000], "default": 3000},
            "month": {"amounts": [500, 1000], "default": 500},
            "year": {"amounts": [6000, 12000], "default": 6000},
        }
    }
    assert (found.rules.countries, found.rules.read_least) == ({"JO", "LB"}, 3)
    assert (found.rules.referrers, found.rules.sources) == ({"news.google.com"}, {"spring-letter"})
    assert (found.holdback, found.rules.allowed_flags) == (10, {"sensitive"})
    assert every(History)[-1].act == "draft_appeal"
    assert len(list_versions(get_appeal("roof").id)) == 1


WRONG = [
    ("name", {"name": ""}),
    ("name", {"name": "a" * 121}),
    ("slug", {"slug": "Roof!"}),
    ("slug", {"slug": "new"}),
    ("slug", {"slug": "misinformation"}),
    ("fund", {"fund": "none-such"}),
    ("starts_on", {"starts_on": "1 April"}),
    ("ends_on", {"ends_on": "2026-02-30"}),
    ("ends_on", {"starts_on": "2026-04-02", "ends_on": "2026-04-01"}),
    ("priority", {"priority": "first"}),
    ("paragraph", {"paragraph": "0"}),
    ("placements", {"placements": []}),
    ("topics", {"topics": "no-such-topic"}),
    ("articles", {"articles": "no-such-story"}),
    ("never_sections", {"never_sections": ["fact-desk"]}),
    ("goal", {"goal": "much"}),
    ("goal_currency", {"goal": "100", "goal_currency": "XXX"}),
    ("offer_USD-once", {"offer_USD-once": ""}),
    ("offer_USD-once", {"offer_USD-once": "15 lots"}),
    ("offer_USD-once", {"offer_USD-once": "15 15"}),
    ("offer_USD-once", {"offer_USD-once": "1 2 3 4 5 6 7 8 9"}),
    ("offer_USD-once_default", {"offer_USD-once_default": "31"}),
    ("audience", {"audience": []}),
    ("countries", {"countries": "Jordan"}),
    ("read_most", {"read_least": "5", "read_most": "3"}),
    ("views_most", {"views_most": "-1"}),
    ("sources", {"sources": "a/b"}),
    ("share_b", {"share_b": "50"}),
    ("share_b", {"share_b": "101"}),
    ("holdback", {"holdback": "51"}),
    ("text_en_a-button", {"text_en_a-button": ""}),
    ("text_en_a-headline", {"text_en_a-headline": "a" * 301}),
    ("text_ar_a-button", {name.replace("_en_", "_ar_"): "سقف" for name in WORDS if name != "text_en_a-button"}),
    ("text_he_b-headline", {"text_he_b-headline": "גג"}),
]


def test_every_wrong_thing_is_named_at_its_field_and_nothing_typed_is_lost(fundraiser: FlaskClient) -> None:
    token = form_values(fundraiser.get(NEW).text, "writing")
    for name, changes in WRONG:
        typed = {**token, **FILLED, **changes}
        answer = fundraiser.post(NEW, data=typed)
        assert answer.status_code == 422, name
        assert list(errors(answer.text)) == [name], (changes, errors(answer.text))
        assert f'<a href="#{name}">' in answer.text
        back = form_values(answer.text, "writing")
        for kept in ("slug", "text_en_a-headline", "text_en_a-inline", "topics", "articles", "offer_USD-once", "goal"):
            assert back.get(kept, "") == typed.get(kept, ""), (name, kept)
    assert find_appeal("roof") is None


def test_several_wrong_things_are_named_together(fundraiser: FlaskClient) -> None:
    answer = send(fundraiser, NEW)
    assert answer.status_code == 422
    assert {"name", "slug"} <= set(errors(answer.text))
    assert "things to put right" in answer.text


# -- changing -------------------------------------------------------------------------------------------------------


def test_saving_what_was_not_changed_changes_nothing(fundraiser: FlaskClient) -> None:
    before = contents_of(get_appeal("misinformation"))
    assert send(fundraiser, EDIT).status_code == 303
    assert contents_of(again("misinformation")) == before
    assert again("misinformation").version == 1
    assert count(AppealVersion) == 3


def test_a_change_shows_to_readers_and_keeps_what_was_before(fundraiser: FlaskClient, client: FlaskClient) -> None:
    words = "Tracing a picture takes us two days and a telephone."
    assert words not in client.get("/articles/flood-picture").text
    assert send(fundraiser, EDIT, **{"text_en_a-headline": words}).status_code == 303
    assert words in client.get("/articles/flood-picture").text
    row = again("misinformation")
    assert [each.number for each in list_versions(row.id)] == [2, 1]
    entry = every(History)[-1]
    assert (entry.act, entry.before, entry.after) == ("edit_appeal", {"version": 1}, {"version": 2})


def test_a_published_appeals_address_stays(fundraiser: FlaskClient) -> None:
    assert 'name="slug"' not in fundraiser.get(EDIT).text
    assert send(fundraiser, EDIT, slug="elsewhere", name="Pictures").status_code == 303
    assert again("misinformation").name == "Pictures"
    assert find_appeal("elsewhere") is None


def test_a_drafts_address_may_change_but_not_to_another_appeals(fundraiser: FlaskClient) -> None:
    send(fundraiser, NEW, **FILLED)
    answer = send(fundraiser, "/staff/appeals/roof/edit", slug="misinformation")
    assert answer.status_code == 422
    assert list(errors(answer.text)) == ["slug"]
    answer = send(fundraiser, "/staff/appeals/roof/edit", slug="slates")
    assert answer.headers["Location"] == "/staff/appeals/slates?done=saved"
    assert find_appeal("roof") is None


def test_the_second_copy_takes_from_the_first_what_it_leaves_out(fundraiser: FlaskClient) -> None:
    answer = send(fundraiser, EDIT, **{"text_en_b-headline": "Somebody has to telephone.", "share_b": "50"})
    assert answer.status_code == 303, errors(answer.text)
    texts = contents_of(again("misinformation")).texts
    assert texts["en", "b"].headline == "Somebody has to telephone."
    assert texts["en", "b"].body_html == texts["en", "a"].body_html


def test_two_people_at_once_lose_nothing(comings: Comings) -> None:
    ines, omar = comings.colleague("fundraising"), comings.colleague("owner")
    mine = form_values(ines.get(EDIT).text, "writing")
    assert send(omar, EDIT, name="Pictures", priority="7").status_code == 303
    typed = {**mine, "name": "Telephones", "text_en_a-button": "Give to who telephones"}
    answer = ines.post(EDIT, data=typed)
    assert answer.status_code == 409
    assert "owner@newsroom.example" in answer.text
    assert "<ins>" in answer.text
    assert "You both changed: Name at the desk." in answer.text
    assert again("misinformation").name == "Pictures"
    back = form_values(answer.text, "writing")
    assert (back["name"], back["priority"], back["text_en_a-button"]) == ("Telephones", "7", "Give to who telephones")
    assert ines.post(EDIT, data=back).status_code == 303
    row = again("misinformation")
    assert (row.name, row.priority) == ("Telephones", 7)
    kept = find_version(row.id, 2)
    assert kept is not None
    assert kept.contents["name"] == "Pictures"


def test_a_pause_meanwhile_stands_in_nobodys_way(comings: Comings) -> None:
    ines, editor = comings.colleague("fundraising"), comings.colleague("editor")
    mine = form_values(ines.get(EDIT).text, "writing")
    token = {"csrf_token": form_values(ines.get(EDIT).text, "writing")["csrf_token"]}
    assert ines.post("/staff/appeals/misinformation/pause", data=token).status_code == 303
    assert editor.get(EDIT).status_code == 403
    assert ines.post(EDIT, data={**mine, "name": "Pictures"}).status_code == 303
    assert (again("misinformation").name, again("misinformation").status) == ("Pictures", "paused")


@pytest.mark.parametrize("version", ["", "none", "99", "0"])
def test_a_form_of_no_known_version_overwrites_nobody(fundraiser: FlaskClient, version: str) -> None:
    answer = send(fundraiser, EDIT, version=version, name="Pictures")
    assert answer.status_code in (303, 409)
    if version != "99":
        assert again("misinformation").name != "Pictures"


@pytest.mark.parametrize("role", ["editor", "auditor", "finance", "support"])
def test_only_who_may_edit_writes(comings: Comings, role: str) -> None:
    browser = comings.colleague(role)
    for path in (NEW, EDIT):
        assert browser.get(path).status_code == 403
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/staff").text)
        assert token is not None
        assert browser.post(path, data={"csrf_token": token[1], **FILLED}).status_code == 403


# -- trying ---------------------------------------------------------------------------------------------------------


def test_trying_draws_the_ask_beside_a_real_story_and_saves_nothing(fundraiser: FlaskClient) -> None:
    before = (count(Appeal), count(AppealVersion), count(History))
    answer = send(fundraiser, NEW, **FILLED, preview="1", preview_article="/articles/night-crew-amman")
    assert answer.status_code == 200
    drawn = answer.text[answer.text.index('id="preview"') :]
    assert "The archive burns if nobody pays for the roof." in drawn
    assert 'class="ask ask--end bracket"' in drawn
    assert 'class="ask ask--inline bracket"' in drawn
    assert "alert(1)" not in drawn
    assert 'value="30"' in drawn or "$5" in drawn
    assert form_values(answer.text, "writing")["text_en_a-headline"] == WORDS["text_en_a-headline"]
    assert (count(Appeal), count(AppealVersion), count(History)) == before


def test_trying_leaves_out_the_places_where_it_does_not_stand(fundraiser: FlaskClient) -> None:
    answer = send(fundraiser, NEW, **{**FILLED, "placements": ["footer"]}, preview="1")
    drawn = answer.text[answer.text.index('id="preview"') :]
    assert "ask--end" not in drawn
    assert "ask--inline" not in drawn
    assert "Foot of the page" in drawn


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"preview_article": "no-such-story"}, "There is no story with this address: no-such-story"),
        ({"preview_language": "ar"}, "the appeal has no words in it yet"),
    ],
)
def test_what_can_not_be_tried_is_said(fundraiser: FlaskClient, changes: dict[str, str], sentence: str) -> None:
    answer = send(fundraiser, NEW, **FILLED, preview="1", **changes)
    assert answer.status_code == 200
    assert sentence in answer.text


def test_a_half_written_appeal_can_be_tried(fundraiser: FlaskClient) -> None:
    answer = send(fundraiser, NEW, preview="1", **{"text_en_a-headline": "Half"})
    assert answer.status_code == 200
    assert errors(answer.text) == {}


# -- the history ----------------------------------------------------------------------------------------------------


def test_versions_are_compared_word_by_word_and_gone_back_to(fundraiser: FlaskClient) -> None:
    first = contents_of(get_appeal("misinformation"))
    send(fundraiser, EDIT, **{"text_en_a-headline": "A false picture travels in a second.", "priority": "5"})
    page = fundraiser.get(HISTORY).text
    assert re.search(r"<del>.*minute\.", page)
    assert re.search(r"<ins>.*second\.", page)
    assert "fundraising@newsroom.example" in page
    same = fundraiser.get(f"{HISTORY}?old=2&new=2").text
    assert "These two say the same." in same
    answer = send_back(fundraiser, "1")
    assert answer.headers["Location"] == f"{HISTORY}?done=1"
    assert contents_to_json(contents_of(again("misinformation"))) == contents_to_json(first)
    assert [each.number for each in list_versions(get_appeal("misinformation").id)] == [3, 2, 1]
    assert every(History)[-1].after == {"version": 3, "back_to": 1}


def send_back(browser: FlaskClient, number: str) -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(HISTORY).text)
    assert token is not None
    return browser.post(HISTORY, data={"csrf_token": token[1], "number": number})


@pytest.mark.parametrize("number", ["99", "", "one", "1" * 30])
def test_a_version_that_is_not_there_is_not_found(fundraiser: FlaskClient, number: str) -> None:
    assert send_back(fundraiser, number).status_code == 404
    assert fundraiser.get(f"{HISTORY}?old={number}&new=1").status_code == 404


def test_who_may_only_look_goes_back_to_nothing(comings: Comings) -> None:
    assert send_back(comings.colleague("auditor"), "1").status_code == 403


def test_going_back_to_what_it_is_changes_nothing(fundraiser: FlaskClient) -> None:
    send_back(fundraiser, "1")
    assert again("misinformation").version == 1
