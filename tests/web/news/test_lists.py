"""Front page, sections, topics and the newsroom's own pages, in each language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate.articles.import_story import import_stories
from donate.articles.story import Story
from donate.db import committed
from donate.sandbox.app import Sandbox
from tests.make.furnish import furnish

STORY = Story(source="test", guid="0", headline="Story", body_html="<p>Text.</p>", section="culture", topics=("Water",))


@pytest.fixture(autouse=True)
def samples(app: Flask) -> None:
    """Load the sample newsroom."""
    furnish()


@pytest.mark.parametrize(
    "path", ["/", "/sections/culture", "/topics/water", "/privacy", "/terms", "/accessibility", "/contact"]
)
@pytest.mark.parametrize("prefix", ["", "/ar", "/he"])
def test_every_page_answers_in_every_language_without_a_cookie(client: FlaskClient, prefix: str, path: str) -> None:
    answer = client.get(prefix + path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.text.count("<h1") == 1
    assert f'<html lang="{prefix[1:] or "en"}" dir="{"rtl" if prefix else "ltr"}">' in answer.text
    assert answer.text.count('rel="alternate" hreflang=') == 3


@pytest.mark.parametrize("path", ["/sections/none", "/topics/none", "/articles/none", "/none"])
def test_what_is_not_here_answers_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_front_page_shows_only_stories_of_its_language(client: FlaskClient) -> None:
    for prefix in ("", "/ar", "/he"):
        links = re.findall(r'class="card__title"><a href="([^"]+)"', client.get(prefix + "/").text)
        assert links
        assert all(link.startswith(f"{prefix}/articles/") for link in links)


def test_the_front_page_asks_in_header_side_and_footer(client: FlaskClient) -> None:
    html = client.get("/").text
    assert re.findall(r"placement=(\w+)", html) == ["header", "inline", "footer"]
    assert "appeal=evergreen" in html


def test_a_long_list_is_turned_page_by_page(client: FlaskClient) -> None:
    with committed():
        import_stories(
            replace(STORY, guid=str(at), headline=f"Old {at}", published_at=datetime(2020, 1, 1 + at, tzinfo=UTC))
            for at in range(20)
        )
    seen: list[str] = []
    address: str | None = "/sections/culture"
    while address:
        html = client.get(address).text
        seen += re.findall(r'class="card__title"><a href="([^"]+)"', html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        address = found[1] if found else None
    assert len(seen) == len(set(seen)) == 21


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "٣", "900"])
def test_a_page_number_that_is_none_is_no_error(client: FlaskClient, page: str) -> None:
    assert client.get("/", query_string={"page": page}).status_code == 200


def test_an_empty_language_says_so(app: Flask, client: FlaskClient) -> None:
    assert "لم يُنشر هنا شيء" in client.get("/ar/topics/health").text


def test_a_text_that_is_not_translated_stands_in_its_own_language(client: FlaskClient) -> None:
    html = client.get("/ar/privacy").text
    assert '<article class="own-page" lang="en" dir="ltr">' in html


_GREETINGS = {"": "A happy Nowruz", "/ar": "نوروز سعيد", "/he": "נורוז שמח"}


def test_the_greeting_stands_only_on_its_days_in_each_language(client: FlaskClient, box: Sandbox) -> None:
    # 2 March; then the first day of the greeting, its last by the newsroom's zone, and the day after.
    seen = []
    for days in (0, 18, 2, 1):
        box.advance(seconds=days * 86400)
        pages = {prefix: client.get(f"{prefix}/").text for prefix in _GREETINGS}
        seen.append({prefix for prefix, page in pages.items() if f'class="greeting">{_GREETINGS[prefix]}' in page})
        assert all(('class="greeting"' in page) == (prefix in seen[-1]) for prefix, page in pages.items())
    assert seen == [set(), set(_GREETINGS), set(_GREETINGS), set()]


def test_the_greetings_day_is_the_newsrooms(client: FlaskClient, box: Sandbox) -> None:
    # 19 March, 21:59 UTC is 23:59 there; a minute later it is the 20th.
    box.advance(seconds=17 * 86400 + 12 * 3600 - 60)
    assert 'class="greeting"' not in client.get("/").text
    box.advance(seconds=61)
    assert 'class="greeting"' in client.get("/").text


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [
        ("", "Readers pay for six of every ten stories here."),
        ("/ar", "يدفع القرّاء كلفة ستة أخبار من كل عشرة تُنشر هنا."),
        ("/he", "הקוראים מממנים שש מכל עשר כתבות כאן."),
    ],
)
@pytest.mark.parametrize("path", ["/", "/browse", "/search", "/sections/culture", "/appeals/evergreen", "/privacy"])
def test_the_support_line_stands_in_every_pages_head_in_its_language(
    client: FlaskClient, prefix: str, sentence: str, path: str
) -> None:
    head = client.get(prefix + path).text.partition("</header>")[0]
    assert f"<p>{sentence}</p>" in head
    assert "placement=header" in head
