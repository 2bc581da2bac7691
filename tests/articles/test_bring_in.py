"""Many stories come in: what breaks is left out whole, what is known is updated, sections are found or made."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from donate.articles import bring_in as bringing
from donate.articles import import_story as importing
from donate.articles.bring_in import bring_in
from donate.articles.models import Section
from donate.articles.queries import find_article, find_section, find_topic, list_every_article, list_sections
from donate.articles.story import Story
from donate.db import committed, db, in_committed
from donate.errors import Unreadable
from tests.make.site import Site

STORY = Story(source="a.example", guid="https://a.example/?p=1", headline="Lost Water", body_html="<p>One.</p>")


def many(count: int) -> Iterator[Story]:
    """Give so many stories."""
    for number in range(count):
        assert not in_committed(), "a source was read inside a transaction"
        yield replace(STORY, guid=f"https://a.example/?p={number}", headline=f"Story {number}")


def test_stories_are_read_between_the_transactions_that_write_them(app: Flask) -> None:
    batches: list[int] = []
    result = bring_in(many(450), "a", on_progress=batches.append)
    assert (result.imported, batches) == (450, [200, 200, 50])
    assert bring_in(many(450), "a").updated == 450


def test_large_bodies_make_smaller_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "_BATCH_CHARACTERS", 100)
    batches: list[int] = []
    bring_in((replace(each, body_html="<p>" + "x" * 60 + "</p>") for each in many(5)), "a", on_progress=batches.append)
    assert batches == [2, 2, 1]


def test_a_story_that_breaks_leaves_nothing_behind_and_the_others_in(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = importing._check

    def break_one(story: Story, body: str) -> None:
        plain(story, body)
        if story.headline == "Story 2":
            # Half written: its topic is in, its row is about to be.
            importing._topic("Half")
            raise ValueError("broken in the middle")

    monkeypatch.setattr(importing, "_check", break_one)
    result = bring_in((replace(each, topics=("Whole",)) for each in many(5)), "a")
    assert result.imported == 4
    assert [(each.what, each.why.message) for each in result.skipped] == [("Story 2", "not_storable")]
    assert find_topic("half") is None
    assert find_topic("whole") is not None
    assert len(list_every_article()) == 4


def test_a_source_that_breaks_off_keeps_what_stood_before(app: Flask) -> None:
    def broken() -> Iterator[Story]:
        yield from many(3)
        raise Unreadable("broken_off")

    result = bring_in(broken(), "the feed")
    assert result.imported == 3
    assert [(each.what, each.why.message) for each in result.skipped] == [("the feed", "broken_off")]


def test_a_story_that_says_the_same_is_left_alone(app: Flask) -> None:
    story = replace(STORY, topics=("B", "A"), sections=("Cities",), makes_section=True)
    bring_in([story], "a")
    (article,) = list_every_article()
    written = article.changed_at
    bring_in([story], "a")
    db.session.expire_all()
    assert list_every_article()[0].changed_at == written
    bring_in([replace(story, deck="New.")], "a")
    db.session.expire_all()
    assert list_every_article()[0].changed_at > written


def test_a_page_and_a_feed_entry_of_one_address_are_one_article(app: Flask) -> None:
    page_url = "https://a.example/lost-water/"
    entry = replace(STORY, canonical_url=page_url, topics=("Water",), sections=("Cities",), makes_section=True)
    page = replace(STORY, guid=page_url, canonical_url=page_url, body_html="<p>Two.</p>")
    for order in ((entry, page), (page, entry)):
        assert [bring_in([each], "a").imported for each in order] == [1, 0]
        (article,) = list_every_article()
        # A page's HTML says nothing of section and topics: what the feed said stays.
        assert article.section is not None
        assert [topic.name for topic in article.topics] == ["Water"]
        assert article.body_html == order[1].body_html
        with committed() as session:
            session.delete(session.merge(article))


def test_entries_that_share_an_address_stay_apart(app: Flask) -> None:
    live = [
        replace(STORY, guid=f"tag:a.example,{number}", canonical_url="https://a.example/", headline=f"Note {number}")
        for number in range(3)
    ]
    assert bring_in(live, "a").imported == 3
    assert bring_in(live, "a").updated == 3


def test_the_first_name_that_is_a_section_here_in_any_language_is_taken(app: Flask) -> None:
    with committed() as session:
        session.add(Section(slug="water", name="Water", names={"ar": "مياه"}, position=0))
    bring_in([replace(STORY, sections=("News", "مياه", "Cities"), makes_section=True, topics=("Maps",))], "a")
    (article,) = list_every_article()
    assert article.section is not None
    assert article.section.slug == "water"
    assert [topic.name for topic in article.topics] == ["Cities", "Maps", "News"]
    assert len(list_sections()) == 1


@pytest.mark.parametrize(
    ("name", "slug"), [("Water & Cities", "water-cities"), ("مدن وقرى", "مدن-وقرى"), ("ערים", "ערים")]
)
def test_a_category_in_any_script_makes_a_section_with_an_address(app: Flask, name: str, slug: str) -> None:
    bring_in([replace(STORY, sections=("!!!", name), makes_section=True)], "a")
    section = find_section(slug)
    assert section is not None
    assert section.name == name


def test_a_feeds_words_make_topics_and_no_section(app: Flask) -> None:
    bring_in([replace(STORY, sections=("Water", "Maps"))], "a")
    (article,) = list_every_article()
    assert article.section is None
    assert [topic.slug for topic in article.topics] == ["maps", "water"]


def run(app: Flask, *words: str) -> tuple[int, list[str], str]:
    """Run ``flask articles``; give its exit code, what it said, and its progress."""
    answer = app.test_cli_runner().invoke(args=["articles", *words])
    return answer.exit_code, answer.stdout.splitlines(), answer.stderr


def test_the_command_takes_files_and_addresses_of_every_format(app: Flask, site: Site, samples: Path) -> None:
    page = site.put("/2024/03/other/", (samples / "page.html").read_bytes())
    code, said, _ = run(app, "import", *(str(samples / name) for name in ("export.xml", "rss.xml", "posts.json")), page)
    assert code == 0
    assert said[-1] == "imported 4, updated 3, skipped 4"
    assert "skipped For members only: it is behind a password where it comes from" in said
    assert any("https://harbour.example/untitled/: no headline was found" in line for line in said)
    assert find_article("wells") is not None
    assert find_article("مياه-عمان") is not None
    again = run(app, "import", str(samples / "export.xml"))
    assert again[1][-1] == "imported 0, updated 2, skipped 2"


def test_the_command_tells_what_it_could_not_read_and_ends_with_1(app: Flask, site: Site, tmp_path: Path) -> None:
    site.elsewhere["intranet.example"] = ["10.0.0.7"]
    code, said, _ = run(app, "import", "http://intranet.example/feed", site.url("/nothing"), str(tmp_path / "none.xml"))
    assert code == 1
    assert said[0].endswith("intranet.example is on a private network or this machine; only public addresses are read")
    assert said[1].endswith("it answered 404")
    assert said[2].endswith("there is no such file")
    assert said[3] == "imported 0, updated 0, skipped 3"


def test_the_command_tells_its_progress_every_five_hundred(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By its full name the module is hidden by the group of the same name.
    commands = sys.modules["donate.commands.articles"]
    monkeypatch.setattr(commands, "read_source", lambda _source, zone: many(1200))
    code, said, progress = run(app, "import", "anything")
    assert (code, said) == (0, ["imported 1200, updated 0, skipped 0"])
    assert progress.splitlines() == ["600 stories", "1000 stories"]
