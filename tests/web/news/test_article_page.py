"""A story's page: reporting, one appeal at most, and headers that let a proxy keep it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask, render_template, template_rendered
from flask.testing import FlaskClient

from donate.appeals.queries import find_appeal
from donate.appeals.tally import Tally
from donate.articles.import_story import import_stories
from donate.articles.models import Article
from donate.articles.queries import read_article
from donate.articles.story import Story
from donate.db import committed, db
from donate.money import Money
from donate.web.asking import asks_for_article
from donate.web.news.story_page import story_page
from tests.make.furnish import furnish

STORY = Story(
    source="test",
    guid="1",
    slug="a-long-story",
    headline="A Long Story",
    body_html="".join(f"<p>Paragraph {number}.</p>" for number in range(1, 8)),
    dateline="Amman",
    section="fact-desk",
)

#: A script that is no file of ours.
OTHER_SCRIPTS = r'<script(?! src="/static/js/)'
ADDRESS = "/articles/a-long-story"


@pytest.fixture(autouse=True)
def samples(app: Flask) -> None:
    """Load the sample newsroom."""
    furnish()


@pytest.fixture
def page(client: FlaskClient) -> Callable[..., str]:
    """Bring in a story and give its page."""

    def draw(**changes: object) -> str:
        with committed():
            import_stories([replace(STORY, **changes)])  # type: ignore[arg-type]
        return client.get(ADDRESS).text

    return draw


def test_a_story_shows_its_headline_once_and_its_dateline_in_the_first_paragraph(page: Callable[..., str]) -> None:
    html = page(deck="A deck.", byline="Leila Haddad | with student reporter Omri Katz")
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["A Long Story"]
    assert '<p><span class="dateline">[Amman]</span> Paragraph 1.</p>' in html
    assert "By <strong>Leila Haddad</strong> with student reporter Omri Katz" in html
    assert '<time datetime="2026-03-' in html


def test_the_inline_ask_and_the_one_at_the_end_are_of_one_appeal(page: Callable[..., str]) -> None:
    links = [unescape(link) for link in re.findall(r'href="(/donate\?[^"]*)"', page())]
    assert links == [
        "/donate?appeal=misinformation&article=a-long-story&placement=header",
        "/donate?appeal=misinformation&article=a-long-story&placement=inline&frequency=month",
    ]


def test_the_inline_ask_stands_after_the_appeals_paragraph(page: Callable[..., str]) -> None:
    html = page()
    assert html.index("Paragraph 4.") < html.index("ask--inline") < html.index("Paragraph 5.")


def test_the_end_ask_is_a_form_that_leads_to_the_donation_form(page: Callable[..., str]) -> None:
    html = page()
    begins = html.index('<form action="/donate" method="get"')
    form = html[begins : html.index("</form>", begins)]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert hidden == {"appeal": "misinformation", "article": "a-long-story", "placement": "end"}
    assert re.findall(r'name="frequency" value="(\w+)"( checked)?', form) == [
        ("once", ""),
        ("month", " checked"),
        ("year", ""),
    ]
    assert 'name="amount" value="15" checked' in form


def test_a_short_story_has_only_the_ask_at_its_end(page: Callable[..., str]) -> None:
    html = page(body_html="<p>1</p>" * 6)
    assert "ask--inline" not in html
    assert "ask--end" in html


def test_a_story_whose_editor_said_so_has_no_ask(page: Callable[..., str]) -> None:
    html = page(flags={"do_not_ask": {"by": "editor", "since": "2026-03-01T00:00:00+00:00"}})
    assert "masthead__ask" not in html
    assert "ask--inline" not in html
    assert "ask--end" not in html


def test_a_paused_appeal_gives_way_to_the_evergreen_one(page: Callable[..., str]) -> None:
    with committed():
        appeal = find_appeal("misinformation")
        assert appeal is not None
        appeal.status = "paused"
    assert 'name="appeal" value="evergreen"' in page()


def test_without_a_tally_no_goal_is_drawn_and_with_one_it_explains_itself(app: Flask, page: Callable[..., str]) -> None:
    assert "goal__track" not in page()
    article = read_article("a-long-story")
    assert article is not None
    tally = Tally(Money(3_124_000, "USD"), 412, datetime(2026, 3, 20, 4, tzinfo=UTC))
    with app.test_request_context(ADDRESS):
        asks = asks_for_article(article)
        story = story_page(article, asks.inline)
        html = render_template(
            "news/article.html", article=article, asks_here=asks, story=story, related=[], tally=tally
        )
    assert "<strong>$31,240</strong> of $48,000" in html
    assert 'width="65.0%"' in html
    assert "412 people, until" in html


def test_a_story_without_a_picture_gives_its_caption_in_words(page: Callable[..., str]) -> None:
    html = page(image_caption="Seals on a bank.", image_credit="Harbour Post")
    assert "Seals on a bank." in html
    assert "(Harbour Post)" in html
    assert "<img" not in html[html.index("<article") : html.index("story__grid")]


def test_a_page_sets_no_cookie_and_may_be_kept_for_less_than_a_minute(
    page: Callable[..., str], client: FlaskClient
) -> None:
    page()
    answer = client.get(ADDRESS)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=50, stale-while-revalidate=5"
    assert "Vary" not in answer.headers


def test_an_unchanged_page_answers_304_without_being_drawn(
    app: Flask, page: Callable[..., str], client: FlaskClient
) -> None:
    page()
    mark = client.get(ADDRESS).headers["ETag"]
    drawn: list[object] = []

    def note(*_args: object, **_more: object) -> None:
        drawn.append(1)

    with template_rendered.connected_to(note, app):
        answer = client.get(ADDRESS, headers={"If-None-Match": mark})
    assert drawn == []
    assert answer.status_code == 304
    assert answer.headers["ETag"] == mark


def test_a_changed_story_and_a_changed_appeal_change_the_page(page: Callable[..., str], client: FlaskClient) -> None:
    page()
    first = client.get(ADDRESS).headers["ETag"]
    with committed():
        appeal = find_appeal("misinformation")
        assert appeal is not None
        appeal.texts[0].headline += "!"
        appeal.texts[1].headline += "!"
        appeal.texts[2].headline += "!"
    second = client.get(ADDRESS).headers["ETag"]
    page(headline="Another")
    assert len({first, second, client.get(ADDRESS).headers["ETag"]}) == 3


def test_a_story_asked_for_in_another_language_leads_to_its_own(client: FlaskClient) -> None:
    row = db.session.query(Article).filter_by(language="ar").first()
    assert row is not None
    answer = client.get(f"/articles/{row.slug}")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/ar/articles/{row.slug}")
    shown = client.get(f"/ar/articles/{row.slug}")
    assert shown.status_code == 200
    assert '<html lang="ar" dir="rtl">' in shown.text


def test_an_unknown_story_answers_404_with_our_own_page(client: FlaskClient) -> None:
    answer = client.get("/articles/none-such")
    assert answer.status_code == 404
    assert "This page is not here" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_page_says_where_it_lives_and_what_it_is(page: Callable[..., str]) -> None:
    html = page(image="/static/sample/tide.svg", deck="A deck.")
    assert '<link rel="canonical" href="http://127.0.0.1:5000/articles/a-long-story">' in html
    assert '<link rel="alternate" hreflang="en" href="http://127.0.0.1:5000/articles/a-long-story">' in html
    assert '<meta property="og:image" content="http://127.0.0.1:5000/static/sample/tide.svg">' in html
    elsewhere = page(canonical_url="https://elsewhere.example/story")
    assert '<link rel="canonical" href="https://elsewhere.example/story">' in elsewhere


def test_a_hostile_capture_is_text_on_its_page(app: Flask, client: FlaskClient) -> None:
    path = Path(__file__).parents[2] / "articles" / "captures" / "hostile.txt"
    app.test_cli_runner().invoke(args=["articles", "import", str(path)])
    row = db.session.query(Article).filter_by(source="capture").one()
    html = client.get(f"/articles/{row.slug}").text
    assert not re.search(OTHER_SCRIPTS, html)
    assert not re.search(r"<(img|svg|iframe)[^>]*(onerror|onload|evil)", html)
    assert "alert(4)" in html


def test_a_page_holds_no_inline_style_or_script(page: Callable[..., str]) -> None:
    html = page()
    assert not re.search(rf"<style|{OTHER_SCRIPTS}|\sstyle=|\son\w+=", html)
