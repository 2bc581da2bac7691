"""Flags on a story: an editor's and a source's, what its own words suggest, and what each does to another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from donate.articles.flag import accept_proposal, clear_flag, set_flag, wave_away_proposal
from donate.articles.flag_words import load_flag_words
from donate.articles.import_story import import_stories
from donate.articles.models import Article, Topic
from donate.articles.propose import correcting_words
from donate.articles.queries import find_article, list_sections, lock_article
from donate.articles.story import Story
from donate.db import committed, db
from donate.errors import NotFound, Unreadable
from donate.newsroom.queries import edition_number
from donate.queue.models import Job
from donate.team.history import Who
from donate.team.queries import list_history
from tests.make.rows import every

EDITOR = Who("staff", 7)
STORY = Story(source="feed", guid="1", headline="Lost Water", body_html="<p>One.</p>", topics=("Water",))
MENDED = "<p>One.</p><p><em>Correction:</em> It was two.</p>"


def bring_in(**changes: Any) -> Article:
    """Bring the story in, and give it as it is now."""
    with committed():
        result = import_stories([replace(STORY, **changes)])
        assert result.skipped == []
    return story()


def story() -> Article:
    """Give the story as it is now."""
    db.session.expire_all()
    found = find_article("lost-water")
    assert found is not None
    return found


def do(act: Any, flag: str = "correction") -> Article:
    """Let the editor do something to the story, and give it as it is then."""
    with committed():
        article = lock_article("lost-water")
        assert article is not None
        act(article, flag, EDITOR)
    return story()


def told() -> list[tuple[str, str]]:
    """List the jobs that were asked for: which story, which flag."""
    return [(each.args["article"], each.args["flag"]) for each in every(Job) if each.name == "article_changed"]


def done() -> list[str]:
    """List what the history says was done to the story."""
    return [each.act for each in list_history("article", "lost-water")]


# -- by an editor -----------------------------------------------------------------------------------------------------


def test_an_editor_sets_a_flag_and_takes_it_off(app: Flask) -> None:
    bring_in()
    before = edition_number()
    flagged = do(set_flag)
    assert [(flag, how["by"]) for flag, how in flagged.flags.items()] == [("correction", "editor")]
    assert edition_number() > before, "every process looks again"
    assert do(clear_flag).flags == {}
    assert done() == ["set_flag", "clear_flag"]
    assert told() == [("lost-water", "correction")]


def test_a_flag_that_stands_and_one_that_does_not_are_left_as_they_are(app: Flask) -> None:
    bring_in()
    since = do(set_flag).flags
    assert do(set_flag).flags == since
    do(clear_flag, "embargo")
    assert done() == ["set_flag"]


@pytest.mark.parametrize("act", [set_flag, clear_flag])
def test_a_flag_that_nobody_knows_is_refused(app: Flask, act: Any) -> None:
    bring_in()
    with pytest.raises(NotFound):
        do(act, "boring")


# -- by a source ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("Do not ask", "do_not_ask"), ("DO-NOT-ASK", "do_not_ask"), ("do_not_ask", "do_not_ask"),
        ("No Appeals", "do_not_ask"), ("Sensitive", "sensitive"), ("Obituary", "sensitive"),
        ("Correction", "correction"),
        ("Retracted", "retraction"), ("Embargo", "embargo"), ("تصحيح", "correction"), ("نعي", "sensitive"),
        ("بدون نداء", "do_not_ask"),
        ("حظر النشر", "embargo"), ("خبر مسحوب", "retraction"), ("תיקון", "correction"), ("הספד", "sensitive"),
        ("ללא בקשת תרומה", "do_not_ask"), ("אמברגו", "embargo"), ("משיכת כתבה", "retraction"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["topics", "sections"])
def test_a_tag_or_category_that_is_a_flag_word_is_a_flag_and_no_topic(
    app: Flask, name: str, flag: str, place: str
) -> None:
    article = bring_in(**{"topics": (), place: (name, "Cities"), "makes_section": True})
    assert {which: how["by"] for which, how in article.flags.items()} == {flag: "import"}
    names = [each.name for each in every(Topic)] + [each.name for each in list_sections()]
    assert names == ["Cities"]


@pytest.mark.parametrize("name", ["Water", "Corrections", "Sensitive ears", "Do", ""])
def test_any_other_name_is_no_flag(app: Flask, name: str) -> None:
    assert bring_in(topics=(name,)).flags == {}


def test_a_category_that_is_a_section_here_stays_one_beside_its_flag(app: Flask, newsroom: None) -> None:
    with committed():
        load_flag_words({"Culture": "sensitive"})
    article = bring_in(sections=("Culture",))
    assert article.section is not None
    assert article.section.slug == "culture"
    assert [*article.flags] == ["sensitive"]


def test_a_newsroom_adds_changes_and_takes_away_flag_words(app: Flask, newsroom: None) -> None:
    with committed():
        load_flag_words({"Harbour desk only": "do_not_ask", "Obituary": False, "in memoriam": "do_not_ask"})
    assert [*bring_in(topics=("harbour-desk ONLY",)).flags] == ["do_not_ask"]
    article = bring_in(topics=("Obituary",))
    assert article.flags == {}
    assert [each.name for each in article.topics] == ["Obituary"]
    assert [*bring_in(topics=("In Memoriam",)).flags] == ["do_not_ask"]
    assert [*bring_in(topics=("Correction",)).flags] == ["correction"], "the usual ones stay"


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"x": "boring"}, "flag_words.x"), ({"x": True}, "flag_words.x"), ({"x": 1}, "flag_words.x"),
        ({"–": "embargo"}, "flag_words"), (["x"], "flag_words"),
    ],
)  # fmt: skip
def test_a_flag_word_that_can_not_be_is_named(app: Flask, newsroom: None, table: Any, key: str) -> None:
    with pytest.raises(Unreadable) as refused, committed():
        load_flag_words(table)
    assert refused.value.values["key"] == key


def test_a_source_takes_back_its_own_flag_only(app: Flask) -> None:
    bring_in(topics=("Correction",))
    do(set_flag, "sensitive")
    since = bring_in(topics=("Correction",)).flags
    assert sorted(since) == ["correction", "sensitive"]
    assert [*bring_in().flags] == ["sensitive"]


def test_an_editor_makes_a_sources_flag_their_own_and_it_stays(app: Flask) -> None:
    since = bring_in(topics=("Correction",)).flags["correction"]["since"]
    assert do(set_flag).flags == {"correction": {"by": "editor", "since": since}}
    assert [*bring_in().flags] == ["correction"]
    assert told() == [], "nothing was newly said of it"


def test_what_an_editor_takes_off_comes_back_with_its_source(app: Flask) -> None:
    bring_in(topics=("Correction",))
    assert do(clear_flag).flags == {}
    assert [*bring_in(topics=("Correction",)).flags] == ["correction"]
    assert told() == [("lost-water", "correction")]


def test_a_known_story_that_comes_with_a_new_flag_is_told_and_a_new_story_is_not(app: Flask) -> None:
    bring_in(topics=("Sensitive",))
    assert told() == []
    bring_in(topics=("Sensitive", "Correction"))
    bring_in(topics=("Sensitive", "Correction"))
    assert told() == [("lost-water", "correction")]


def test_a_page_read_again_takes_back_no_flag_of_an_export(app: Flask) -> None:
    address = "https://harbour.example/lost-water"
    bring_in(topics=("Do not ask",), canonical_url=address)
    again = bring_in(source="harbour.example", guid=address, canonical_url=address, topics=("Water",))
    assert [*again.flags] == ["do_not_ask"]
    assert len(every(Article)) == 1


# -- by its own words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        MENDED, "<p>CORRECTION — It was two.</p>", "<p>Correction (3 March): it was two.</p>",
        "<p>Correction, March 3, 2026: it was two.</p>", "<p>One.<br>Corrected: it was two.</p>",
        "<ul><li>[Correction: it was two.]</li></ul>", "<h3>Correction</h3><p>It was two.</p>",
        "<p>Clarification: it was two.</p>", "<p>تصحيح: كانا اثنين.</p>", "<p>\u200fتصحيح (3 آذار): كانا اثنين.</p>",
        "<p>تصويب: كانا اثنين.</p>", "<p>תיקון: היו שניים.</p>", "<p><strong>תיקון טעות</strong>: היו שניים.</p>",
        "<p>הבהרה: היו שניים.</p>",
    ],
)  # fmt: skip
def test_words_that_put_something_right_suggest_a_correction(body: str) -> None:
    assert correcting_words(f"<p>Before.</p>{body}<p>After.</p>", {})


@pytest.mark.parametrize(
    "body",
    [
        "<p>One.</p>", "<p>The correction: it was two.</p>", "<p>Correction officers said: no.</p>",
        "<p>Corrections are hard.</p>", "<p>Correctional: no.</p>", "<p>Update: it was two.</p>",
        "<p>He asked for a Correction: it was two.</p>", "<p>التصحيح صعب</p>", "<p>זה תיקון: לא.</p>",
        "<h3>Correction</h3>", '<p><a href="https://x.example/?Correction:">x</a></p>',
    ],
)  # fmt: skip
def test_other_words_suggest_nothing(body: str) -> None:
    assert correcting_words(body, {}) == ""


@pytest.mark.parametrize(
    "noted", ["It was two. Corrected the next day.", "كان الرقم خطأ", "המספר היה שגוי", "No. 3 was 4."]
)
def test_a_correction_in_the_record_suggests_one(noted: str) -> None:
    assert correcting_words("<p>One.</p>", {"corrections": noted}) == noted


@pytest.mark.parametrize(
    "noted",
    [
        "",
        " ",
        "–",
        "None",
        "none.",
        "None so far",
        "No corrections",
        "N/A",
        "لا يوجد",
        "لا شيء",
        "אין",
        "לא היו תיקונים",
    ],
)
def test_a_record_without_corrections_suggests_nothing(noted: str) -> None:
    assert correcting_words("<p>One.</p>", {"corrections": noted}) == ""


def test_a_correction_is_proposed_and_never_set_by_itself(app: Flask) -> None:
    article = bring_in(body_html=MENDED)
    assert article.flags == {}
    assert article.proposed_flags == {"correction": {"why": "Correction: It was two.", "is": "open"}}
    assert told() == []


def test_an_accepted_proposal_is_a_flag_and_no_proposal(app: Flask) -> None:
    bring_in(body_html=MENDED)
    article = do(accept_proposal)
    assert ([*article.flags], article.proposed_flags) == (["correction"], {})
    assert bring_in(body_html=MENDED).proposed_flags == {}
    assert done() == ["set_flag"]
    assert told() == [("lost-water", "correction")]


def test_what_was_waved_away_stays_away_until_the_words_change(app: Flask) -> None:
    bring_in(body_html=MENDED)
    assert do(wave_away_proposal).proposed_flags["correction"]["is"] == "no"
    assert bring_in(body_html=MENDED + "<p>More.</p>").proposed_flags["correction"]["is"] == "no"
    assert bring_in(body_html=MENDED.replace("two", "three")).proposed_flags["correction"] == {
        "why": "Correction: It was three.", "is": "open",
    }  # fmt: skip
    assert bring_in().proposed_flags == {}
    assert done() == ["wave_away_flag"]


def test_an_editor_who_takes_the_flag_off_has_judged_the_words(app: Flask) -> None:
    bring_in(body_html=MENDED)
    do(accept_proposal)
    do(clear_flag)
    assert bring_in(body_html=MENDED).proposed_flags["correction"]["is"] == "no"


@pytest.mark.parametrize("act", [accept_proposal, wave_away_proposal])
def test_where_nothing_is_proposed_nothing_happens(app: Flask, act: Any) -> None:
    bring_in()
    article = do(act)
    assert (article.flags, article.proposed_flags) == ({}, {})
    assert done() == []


def test_a_flag_from_the_source_leaves_nothing_to_propose(app: Flask) -> None:
    assert bring_in(body_html=MENDED, topics=("Correction",)).proposed_flags == {}
