"""Stories at the desk: an editor finds them, says what is to be said of each, and sees what that does to appeals."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.appeals.models import Appeal
from donate.appeals.pause import pause_appeal
from donate.appeals.queries import find_appeal
from donate.articles.flag_words import load_flag_words
from donate.articles.flags import FLAGS
from donate.articles.import_story import import_stories
from donate.articles.models import Article
from donate.articles.queries import find_article
from donate.articles.story import Story
from donate.db import committed, db, lock
from donate.team.history import SYSTEM
from donate.team.queries import get_staff, list_history
from tests.make.signing_in import Comings, hidden

Work = Callable[[], int]
PAGE = "/staff/articles/flood-picture"
STORY = Story(source="feed", guid="1", headline="Lost Water", body_html="<p>One.</p>")


@pytest.fixture
def editor(comings: Comings) -> FlaskClient:
    """Return the browser of an editor at the desk."""
    return comings.colleague("editor", "ines@newsroom.example")


def press(browser: FlaskClient, act: str, flag: str, page: str = PAGE) -> TestResponse:
    """Press a button of a story's page."""
    shown = browser.get(page).text
    assert f'value="{act}" id="{act}-{flag}"' in shown
    return browser.post(page, data={**hidden(shown), "act": act, "flag": flag})


def story(slug: str = "flood-picture") -> Article:
    """Give a story as it is now."""
    db.session.expire_all()
    found = find_article(slug)
    assert found is not None
    return found


def appeal(slug: str = "misinformation") -> Appeal:
    """Give an appeal as it is now."""
    db.session.expire_all()
    found = find_appeal(slug)
    assert found is not None
    return found


def listed(page: str) -> list[str]:
    """Read the addresses of the stories in a page's list."""
    part = page[page.index('id="stories"') :]
    return re.findall(r'href="/staff/articles/([^"]+)" lang', part)


# -- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_has_every_storys_newest_first_and_turns_its_pages(editor: FlaskClient) -> None:
    with committed():
        import_stories(
            replace(STORY, guid=str(at), headline=f"Story {at:02}", published_at=datetime(2020, 1, at, tzinfo=UTC))
            for at in range(1, 31)
        )
    first = editor.get("/staff/articles").text
    second = editor.get("/staff/articles?page=2").text
    assert len(listed(first)) == 25
    assert listed(second)[-1] == "story-01" or "page=3" in second
    assert 'rel="next" href="/staff/articles?page=2"' in first
    assert 'rel="prev" href="/staff/articles"' in second
    everything = [*listed(first), *listed(second), *listed(editor.get("/staff/articles?page=3").text)]
    assert len(set(everything)) == len(everything)
    assert [slug for slug in everything if slug.startswith("story-")][:2] == ["story-30", "story-29"]


@pytest.mark.parametrize("asked", ["picture flood", "FLOOD picture", "  flood  "])
def test_a_story_is_found_by_words_of_its_title(editor: FlaskClient, asked: str) -> None:
    with committed():
        import_stories([replace(STORY, headline="The Flood Picture Again")])
    found = listed(editor.get("/staff/articles", query_string={"q": asked}).text)
    assert "the-flood-picture-again" in found
    assert "night-crew-amman" not in found


def test_what_nobody_wrote_finds_nothing_and_says_what_to_do(editor: FlaskClient) -> None:
    page = editor.get("/staff/articles?q=zzzz<script>").text
    assert "No story is like that" in page
    assert "<script>" not in page


def test_stories_with_a_flag_can_be_listed_alone(editor: FlaskClient) -> None:
    assert "No story is like that" in editor.get("/staff/articles?show=flagged").text
    press(editor, "set", "sensitive")
    page = editor.get("/staff/articles?show=flagged").text
    assert listed(page) == ["flood-picture"]
    assert '<span class="badge badge--warn">Sensitive</span>' in page


def test_what_its_own_words_suggest_waits_above_the_list_until_it_is_decided(editor: FlaskClient) -> None:
    page = editor.get("/staff/articles").text
    assert page.index("Waiting for your word") < page.index("It was the third.") < page.index("All stories, the newest")
    press(editor, "wave_away", "correction")
    press(editor, "accept", "correction", "/staff/articles/alexandria-tide-tables")
    assert "Waiting for your word" not in editor.get("/staff/articles").text


# -- one story --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", FLAGS)
def test_an_editor_sets_a_flag_and_takes_it_off_and_the_page_says_who(editor: FlaskClient, flag: str) -> None:
    answer = press(editor, "set", flag)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = unescape(editor.get(PAGE).text)
    assert re.search(r"Since 2 March 2026 at 12:\d\d, set by <bdi class=\"ltr\">ines@newsroom.example</bdi>", page)
    press(editor, "clear", flag)
    assert story().flags == {}
    done = list_history("article", "flood-picture")
    assert [each.act for each in done] == ["set_flag", "clear_flag"]
    assert {each.who_id for each in done} == {get_staff("ines@newsroom.example").id}
    assert "set by" not in editor.get(PAGE).text


def test_a_proposal_shows_the_words_that_suggest_it_and_is_taken_up(editor: FlaskClient) -> None:
    page = editor.get(PAGE).text
    assert "Its own words suggest a flag" in page
    assert (
        "The first version said the picture was taken from a second floor." in page[: page.index("What is said of it")]
    )
    press(editor, "accept", "correction")
    assert [*story().flags] == ["correction"]
    assert "Its own words suggest a flag" not in editor.get(PAGE).text


def test_a_proposal_is_waved_away(editor: FlaskClient) -> None:
    press(editor, "wave_away", "correction")
    assert "Its own words suggest a flag" not in editor.get(PAGE).text
    assert story().flags == {}


def test_what_a_source_says_is_told_apart_and_can_be_kept(editor: FlaskClient) -> None:
    with committed():
        load_flag_words({})
        import_stories([replace(STORY, topics=("Embargo",))])
    page = "/staff/articles/lost-water"
    assert "its source says so. Taken off here only, it comes back" in editor.get(page).text
    press(editor, "set", "embargo", page)
    assert story("lost-water").flags["embargo"]["by"] == "editor"
    assert "Keep it whatever the source says" not in editor.get(page).text


def test_a_story_shows_its_appeals_how_they_stand_and_where_to_start_them(editor: FlaskClient, work: Work) -> None:
    page = editor.get(PAGE).text
    assert '<a href="/staff/appeals/misinformation">' in page
    assert '<span class="badge badge--good">Live</span>' in page
    press(editor, "set", "correction")
    assert "It comes to rest within a minute." in editor.get(PAGE).text
    work()
    page = editor.get(PAGE).text
    assert "It rests because of the flag “Corrected” on this story." in page
    assert '<span class="badge badge--warn">Resting</span>' in page
    other = editor.get("/staff/articles/night-crew-amman").text
    assert "It rests because" not in other
    assert '<span class="badge badge--warn">Resting</span>' in other


def test_a_story_without_appeals_of_its_own_says_so(editor: FlaskClient) -> None:
    assert "None. Appeals for its section, its topics or all stories" in editor.get("/staff/articles/erbil-hives").text


def test_a_story_in_arabic_is_shown_flagged_and_named(editor: FlaskClient) -> None:
    with committed():
        import_stories([replace(STORY, headline="قصة طويلة", language="ar")])
    page = "/staff/articles/قصة-طويلة"
    assert press(editor, "set", "retraction", page).status_code == 303
    shown = editor.get(page).text
    assert "ines@newsroom.example" in shown[shown.index("What is said of it") :]
    assert 'href="/ar/articles/%D9%82' in shown
    assert [each.act for each in list_history("article", f"article-{story('قصة-طويلة').id}")] == ["set_flag"]


@pytest.mark.parametrize("language", ["ar", "he"])
def test_the_pages_speak_the_other_languages(editor: FlaskClient, language: str) -> None:
    for path in ("/staff/articles", PAGE, "/staff"):
        page = editor.get(f"/{language}{path}")
        assert page.status_code == 200
        assert 'dir="rtl"' in page.text
    assert f'href="/{language}/staff/appeals/misinformation"' in editor.get(f"/{language}{PAGE}").text


def test_what_is_not_there_is_a_404_and_changes_nothing(editor: FlaskClient) -> None:
    sent = hidden(editor.get(PAGE).text)
    assert editor.get("/staff/articles/no-such-story").status_code == 404
    assert editor.post("/staff/articles/no-such-story", data={**sent, "act": "set"}).status_code == 404
    for act, flag in (("burn", "correction"), ("set", "boring"), ("", "")):
        assert editor.post(PAGE, data={**sent, "act": act, "flag": flag}).status_code == 404
    assert story().flags == {}


def test_without_its_token_or_its_role_nothing_is_flagged(comings: Comings, editor: FlaskClient) -> None:
    assert editor.post(PAGE, data={"act": "set", "flag": "embargo"}).status_code == 400
    for role in ("fundraising", "finance", "auditor", "support"):
        browser = comings.colleague(role)
        sent = {**hidden(browser.get("/staff").text), "act": "set", "flag": "embargo"}
        assert [browser.get(path).status_code for path in ("/staff/articles", PAGE)] == [403, 403]
        assert browser.post(PAGE, data=sent).status_code == 403
        assert "/staff/articles" not in browser.get("/staff").text
    assert story().flags == {}


# -- the desk's first page --------------------------------------------------------------------------------------------


def test_the_desks_first_page_tells_an_editor_what_waits(comings: Comings, editor: FlaskClient, work: Work) -> None:
    page = editor.get("/staff").text
    assert "2 stories say that they were corrected." in page
    assert "rests because a story changed" not in page
    press(editor, "accept", "correction")
    work()
    page = editor.get("/staff").text
    assert "1 story says that it was corrected." in page
    assert "1 appeal rests because a story changed." in page
    assert 'href="/staff/appeals/misinformation"' in page
    press(editor, "accept", "correction", "/staff/articles/alexandria-tide-tables")
    assert "corrected." not in editor.get("/staff").text
    others = comings.colleague("fundraising").get("/staff").text
    assert "notice--warn" not in others


def test_an_appeal_that_a_person_paused_is_nobodys_task(editor: FlaskClient) -> None:
    with committed():
        pause_appeal(lock(Appeal, appeal().id), SYSTEM)
    assert "rests because a story changed" not in editor.get("/staff").text
