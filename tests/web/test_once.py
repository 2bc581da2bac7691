"""What is drawn once an edition: shared by every page that has it, forgotten when anything changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, render_template_string
from sqlalchemy import event
from sqlalchemy.engine import Engine

from donate.articles.import_story import import_stories
from donate.articles.story import Story
from donate.db import committed, db
from donate.donors.come_in import LIFE
from donate.donors.find_or_create import find_or_create_donor
from donate.donors.models import MemberSession
from donate.entry.sessions import begin_session
from donate.newsroom.queries import get_newsroom
from donate.web import once
from donate.web import shelf as shelves
from donate.web.shelf import shelf
from donate.web.who import member_or_none
from tests.make.furnish import furnish

PART = "{% once value %}{{ site_name() }} {{ value }} {{ changing() }}{% endonce %}"


@pytest.fixture(autouse=True)
def samples(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the sample newsroom; only a change makes a process look for a new edition."""
    furnish()
    monkeypatch.setattr(shelves, "LOOK_SECONDS", 3600.0)


@contextmanager
def asked() -> Iterator[list[str]]:
    """Note what the database is asked."""
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def draw(app: Flask, path: str = "/", *, value: object, changing: str, text: str = PART) -> str:
    prefix = {"SCRIPT_NAME": "/ar", "donate.language": "ar"} if path.startswith("/ar") else {}
    with app.test_request_context(path.removeprefix("/ar") or "/", environ_overrides=prefix):
        return render_template_string(text, value=value, changing=lambda: changing)


def test_a_part_is_drawn_once_for_each_value_and_language(app: Flask) -> None:
    # One template: a part is known by where it stands, and these have no name to tell them apart.
    first = draw(app, value=1, changing="a")
    assert first.endswith(" 1 a")
    assert draw(app, value=1, changing="b") == first
    assert draw(app, value=2, changing="b").endswith(" 2 b")
    assert draw(app, "/ar/", value=1, changing="b").endswith(" 1 b")


def test_a_part_is_drawn_anew_when_the_newsroom_changes(app: Flask) -> None:
    draw(app, value=1, changing="a")
    with committed():
        get_newsroom().words = {"name": {"en": "Another name"}}
    assert draw(app, value=1, changing="b") == "Another name 1 b"


def test_two_parts_on_one_line_are_two(app: Flask) -> None:
    both = "{% once %}left{% endonce %} {% once %}right{% endonce %}"
    for _ in range(2):
        assert draw(app, value=0, changing="", text=both) == "left right"


def test_what_stands_in_a_part_is_escaped_as_anywhere(app: Flask) -> None:
    for _ in range(2):
        assert "&lt;b&gt;" in draw(app, value="<b>", changing="")


def test_a_signed_in_readers_article_asks_the_database_twice_at_most(app: Flask) -> None:
    """Once for who reads and once for the story, while nothing kept serves the page."""
    with committed():
        donor = find_or_create_donor("leila@example.org", "Leila", "Haddad", "en")
        db.session.flush()
        _row, secret = begin_session(MemberSession, donor.id, LIFE, "A browser")
        import_stories(
            [Story(source="t", guid="1", slug="s", headline="S", body_html="<p>1</p>" * 9, topics=("Water", "Jordan"))]
        )
    shelf().out_now()
    db.session.remove()
    with app.test_request_context("/articles/s", headers={"Cookie": f"donate_session={secret}"}), asked() as queries:
        found = member_or_none()
        page = app.view_functions["news.article"](slug="s").get_data(as_text=True)
    assert found is not None
    assert found.donor.first_name == "Leila"
    assert "Water" in page
    assert "Jordan" in page
    assert len(queries) == 2, queries


def test_an_article_nothing_kept_serves_asks_the_database_once_and_a_kept_one_never(app: Flask) -> None:
    client = app.test_client()
    client.get("/")
    for expected in (1, 0):
        with asked() as queries:
            assert client.get("/articles/flood-picture").status_code == 200
        assert len(queries) == expected, queries


def test_two_stories_share_the_words_of_an_ask_and_each_keeps_its_own_credit_and_way_back(app: Flask) -> None:
    body = "<p>Words.</p>" * 9
    with committed():
        import_stories(
            Story(source="t", guid=slug, slug=slug, headline=slug, body_html=body, section="fact-desk")
            for slug in ("one", "two")
        )
    client = app.test_client()
    pages, drawn = {}, []
    for slug in ("one", "two"):
        pages[slug] = client.get(f"/articles/{slug}").get_data(as_text=True)
        parts = shelf().out_now().parts["", "en"]
        drawn.append([place for (place, _number), _values in parts if place == "components/ask.html"])
    assert drawn[0], "no ask was kept"
    assert drawn[0] == drawn[1], "the second story's ask was drawn again"
    for slug, other in (("one", "two"), ("two", "one")):
        page = pages[slug]
        assert page.count(f'name="article" value="{slug}"') == 3
        assert page.count(f'name="back" value="/articles/{slug}"') >= 3
        assert f"article={slug}&amp;placement=inline" in page
        assert f'value="{other}"' not in page
        assert once.PATH not in page
        assert once.STORY not in page
    assert pages["one"].replace("/articles/one", "/articles/two") != pages["two"], "each names its headline"


def test_an_address_that_needs_escaping_is_written_anew_on_its_own_page(app: Flask) -> None:
    with committed():
        import_stories(
            [Story(source="t", guid="1", slug="غزة", headline="H", body_html="<p>1</p>" * 9, section="fact-desk")]
        )
    page = app.test_client().get("/articles/غزة").get_data(as_text=True)
    assert 'name="article" value="غزة"' in page
    assert once.STORY not in page
