"""Stories come in once: a known one is updated, names that collide are set apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from donate import clock
from donate.articles.import_story import ImportResult, import_stories
from donate.articles.queries import find_article, list_articles, list_recent
from donate.articles.related import related
from donate.articles.story import Story
from donate.db import committed, db

STORY = Story(
    source="feed", guid="1", headline="Amman’s Lost Water", body_html="<p>One.</p>", topics=("Water", "Cities", "Water")
)


def bring_in(*stories: Story) -> ImportResult:
    with committed():
        return import_stories(stories)


def test_the_same_story_twice_is_one_article(app: Flask) -> None:
    assert bring_in(STORY).imported == 1
    again = bring_in(replace(STORY, headline="Amman’s Found Water", body_html="<p>Two.</p>"))
    assert (again.imported, again.updated) == (0, 1)
    article = find_article("ammans-lost-water")
    assert article is not None
    assert article.headline == "Amman’s Found Water"
    assert article.body_html == "<p>Two.</p>"
    assert [topic.slug for topic in article.topics] == ["cities", "water"]


def test_the_same_story_twice_in_one_go_is_one_article(app: Flask) -> None:
    result = bring_in(STORY, STORY)
    assert (result.imported, result.updated) == (1, 1)


def test_two_stories_of_one_name_get_two_addresses(app: Flask) -> None:
    bring_in(STORY, replace(STORY, guid="2"), replace(STORY, source="other"))
    assert all(find_article(slug) for slug in ("ammans-lost-water", "ammans-lost-water-2", "ammans-lost-water-3"))


def test_a_bad_story_is_left_out_with_its_reason_and_stops_no_other(app: Flask) -> None:
    result = bring_in(
        replace(STORY, guid="2", headline=" "),
        replace(STORY, guid="3", body_html="<script>x</script>"),
        replace(STORY, guid="4", byline="x" * 301),
        STORY,
    )
    assert result.imported == 1
    assert [each.why.message for each in result.skipped] == ["headline_missing", "body_missing", "field_too_long"]


def test_what_an_editor_set_here_outlives_an_update(app: Flask) -> None:
    bring_in(STORY)
    with committed():
        article = find_article("ammans-lost-water")
        assert article is not None
        article.flags = {"do_not_ask": {"by": "editor", "since": clock.now().isoformat()}}
    published = article.published_at
    bring_in(STORY)
    db.session.expire_all()
    article = find_article("ammans-lost-water")
    assert article is not None
    assert [*article.flags] == ["do_not_ask"]
    assert article.published_at == published


def test_what_is_stored_is_sanitised(app: Flask) -> None:
    bring_in(
        replace(STORY, body_html="<p onclick=x>Hi<script>y</script></p>", image="javascript:x", canonical_url="data:x")
    )
    article = find_article("ammans-lost-water")
    assert article is not None
    assert (article.body_html, article.image, article.canonical_url) == ("<p>Hi</p>", "", "")


def test_lists_are_by_language_newest_first_and_paged(app: Flask) -> None:
    bring_in(
        *(
            replace(STORY, guid=str(day), headline=f"Day {day}", published_at=datetime(2026, 1, day, tzinfo=UTC))
            for day in range(1, 6)
        ),
        replace(STORY, guid="ar", headline="قصة", language="ar"),
    )
    first, second = list_articles("en", 1, 3), list_articles("en", 2, 3)
    assert [each.headline for each in first.teasers] == ["Day 5", "Day 4", "Day 3"]
    assert [each.headline for each in second.teasers] == ["Day 2", "Day 1"]
    assert first.has_more
    assert not second.has_more
    assert [each.slug for each in list_articles("ar").teasers] == ["قصة"]


def test_what_to_read_next_shares_a_topic_before_it_is_new(app: Flask) -> None:
    bring_in(
        replace(
            STORY, guid="old", headline="Old Kin", topics=("Water",), published_at=datetime(2020, 1, 1, tzinfo=UTC)
        ),
        replace(STORY, guid="new", headline="New Stranger", topics=(), published_at=datetime(2026, 1, 1, tzinfo=UTC)),
        STORY,
    )
    article = find_article("ammans-lost-water")
    assert article is not None
    assert [each.headline for each in related(article, list_recent("en"))] == ["Old Kin", "New Stranger"]


def test_the_command_counts_and_gives_a_reason_for_each_skipped_file(app: Flask, tmp_path: Path) -> None:
    page = Path(__file__).parent / "captures" / "harbour-post.txt"
    empty = tmp_path / "empty.txt"
    empty.touch()
    run = app.test_cli_runner().invoke
    first = run(args=["articles", "import", str(page), str(empty)])
    assert first.exit_code == 0
    assert first.output.splitlines() == [f"skipped {empty}: it is empty", "imported 1, updated 0, skipped 1"]
    assert run(args=["articles", "import", str(page)]).output == "imported 0, updated 1, skipped 0\n"
    assert run(args=["articles", "import", str(empty)]).exit_code == 1


@pytest.mark.parametrize("name", ["harbour-post", "bare", "printed-once", "arabic", "hostile"])
def test_every_capture_makes_an_article(app: Flask, name: str) -> None:
    page = Path(__file__).parent / "captures" / f"{name}.txt"
    assert app.test_cli_runner().invoke(args=["articles", "import", str(page)]).exit_code == 0
