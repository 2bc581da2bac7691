"""Browsing and searching: everything there is, and headlines found however they are typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donate.articles.import_story import import_stories
from donate.articles.models import Topic
from donate.articles.queries import OnTopic, find_article
from donate.articles.story import Story
from donate.db import committed, db
from donate.web.news.browse import by_letter

#: A script that is no file of ours.
OTHER_SCRIPTS = r'<script(?! src="/static/js/)'

pytestmark = pytest.mark.usefixtures("newsroom")
STORY = Story(source="test", guid="0", headline="Story", body_html="<p>Text.</p>", section="culture", topics=("Water",))


def bring_in(*stories: Story) -> None:
    """Write stories as articles."""
    with committed():
        assert import_stories(stories).skipped == []


def found(client: FlaskClient, asked: str, prefix: str = "", **more: str) -> list[str]:
    """Search, and give the headlines that were found."""
    answer = client.get(f"{prefix}/search", query_string={"q": asked, **more})
    assert answer.status_code == 200
    return [unescape(each) for each in re.findall(r'class="card__title"><a [^>]*>(.*?)</a>', answer.text)]


def test_browsing_shows_each_section_with_its_newest_story_and_how_many_there_are(client: FlaskClient) -> None:
    bring_in(
        replace(STORY, guid="1", headline="Brand New", published_at=datetime(2027, 1, 1, tzinfo=UTC)),
        replace(STORY, guid="2", headline="Long Ago", published_at=datetime(2001, 1, 1, tzinfo=UTC)),
    )
    html = client.get("/browse").text
    part = html[html.index('<a href="/sections/culture">Culture</a></h3>') :]
    assert re.search(r'class="part__newest"><a href="[^"]*">(.*?)</a>', part)[1] == "Brand New"  # type: ignore[index]
    assert "3 stories" in part[: part.index("</li>")]


def test_browsing_counts_the_stories_of_a_topic_in_the_pages_language(client: FlaskClient) -> None:
    html = client.get("/browse").text
    assert re.search(r'<a href="/topics/water">Water</a> <span[^>]*aria-label="2 stories"[^>]*>2</span>', html)
    assert "/topics/water" not in client.get("/ar/browse").text


def test_sections_without_a_story_in_the_language_are_named_and_not_linked(client: FlaskClient) -> None:
    html = client.get("/ar/browse").text
    assert 'class="part"' in html
    assert 'class="parts__silent"' in html
    main = html[html.index("<main") : html.index("</main")]
    assert "/ar/sections/culture" not in main


def test_browsing_is_reached_from_the_masthead_the_front_page_and_the_footer(client: FlaskClient) -> None:
    html = client.get("/he/").text
    assert html.count('href="/he/browse"') == 4


def on(name: str, **names: str) -> OnTopic:
    """Make a topic with one story."""
    return OnTopic(
        Topic(slug=name.lower(), name=name, names={"en": name, **names}), 1, datetime(2026, 1, 1, tzinfo=UTC)
    )


def letters(topics: Sequence[OnTopic], language: str) -> list[tuple[str, list[str]]]:
    """Give letters with the names under them."""
    return [(each.letter, [one.topic.name for one in each.topics]) for each in by_letter(topics, language)]


def test_topics_stand_under_their_letters() -> None:
    topics = [on("water"), on("Élections"), on("Energy"), on("2026")]
    assert letters(topics, "en") == [("2", ["2026"]), ("E", ["Élections", "Energy"]), ("W", ["water"])]


def test_arabic_topics_stand_by_the_word_and_not_by_its_article() -> None:
    topics = [
        on("Photography", ar="التصوير"),
        on("Fact-checking", ar="تدقيق المعلومات"),
        on("Iraq", ar="العراق"),
        on("X"),
    ]
    assert letters(topics, "ar") == [("ت", ["Fact-checking", "Photography"]), ("ع", ["Iraq"]), ("X", ["X"])]


@pytest.mark.parametrize(
    "asked", ["BEEKEEPERS", "beekeepers erbil", "Erbil  Beekeep", "“Beekeepers”", "climate record", "bee’keepers"]
)
def test_a_headline_is_found_however_it_is_typed(client: FlaskClient, asked: str) -> None:
    assert found(client, asked) == ["Beekeepers Near Erbil Keep a Ledger of the Drought"]


@pytest.mark.parametrize(
    ("headline", "asked"),
    [
        ("مَدِينَةٌ على النهر", "مدينه علي"),
        ("أسعار الخبـــز", "اسعار الخبز"),
        ("שָׁלוֹם לעיר", "שלום"),
        ("İzmir’de BAŞKA bir gün", "izmirde baska"),
        ("ΤΑ ΝΕΑ ΤΗΣ ΠΟΛΗΣ", "νεα της πόλης"),
        ("北京的水", "的水"),
        ("A 50%_share", "50% share"),
    ],
)
def test_every_script_is_found_on_both_databases(client: FlaskClient, headline: str, asked: str) -> None:
    bring_in(replace(STORY, headline=headline))
    assert found(client, asked) == [headline]


def test_a_changed_headline_is_found_by_its_new_words_only(client: FlaskClient) -> None:
    bring_in(replace(STORY, headline="Pomegranates"))
    bring_in(replace(STORY, headline="Quinces"))
    assert (found(client, "pomegranate"), found(client, "quince")) == ([], ["Quinces"])
    with committed():
        row = find_article("pomegranates")
        assert row is not None
        row.deck = "Figs"
    assert found(client, "figs") == ["Quinces"]


def test_stories_of_the_pages_language_come_first_and_lead_to_their_own_pages(client: FlaskClient) -> None:
    bring_in(
        replace(STORY, guid="1", headline="Plumbline one", published_at=datetime(2001, 1, 1, tzinfo=UTC)),
        replace(STORY, guid="2", headline="Plumbline two", language="ar"),
    )
    assert found(client, "plumbline") == ["Plumbline one", "Plumbline two"]
    assert found(client, "plumbline", "/ar") == ["Plumbline two", "Plumbline one"]
    html = client.get("/search?q=plumbline").text
    assert '<li class="found__story" lang="ar" dir="auto">' in html
    assert 'href="/ar/articles/plumbline-two" hreflang="ar"' in html
    assert 'href="/articles/plumbline-one"' in client.get("/he/search?q=plumbline").text


def test_what_is_found_is_turned_page_by_page_with_the_same_words(client: FlaskClient) -> None:
    bring_in(*(replace(STORY, guid=str(at), headline=f"Plumbline & {at}") for at in range(30)))
    address: str | None = "/search?q=plumbline+%26"
    seen: list[str] = []
    while address:
        html = client.get(address).text
        assert "30 stories" in html
        seen += re.findall(r'class="card__title"><a [^>]*>(.*?)</a>', html)
        further = re.search(r'rel="next" href="([^"]+)"', html)
        address = unescape(further[1]) if further else None
    assert len(seen) == len(set(seen)) == 30
    assert "nothing on this page of the list" in client.get("/search?q=plumbline&page=900").text


def test_a_search_that_finds_nothing_says_so_and_leads_on(client: FlaskClient) -> None:
    html = client.get("/search?q=zzzzz").text
    assert "No headline holds these words." in html
    assert 'class="btn btn--plain" href="/browse"' in html


@pytest.mark.parametrize("asked", ["", "   ", "%", "_", "'", "؟", "--"])
def test_a_search_for_no_word_asks_for_one(client: FlaskClient, asked: str) -> None:
    html = client.get("/search", query_string={"q": asked}).text
    assert "Type one or more words of a headline" in html


def test_a_long_search_is_cut_and_says_so(client: FlaskClient) -> None:
    html = client.get("/search", query_string={"q": "beekeepers " * 5000}).text
    assert "Only the first 100 letters were searched for." in html
    assert "Beekeepers Near Erbil" in html


def test_what_was_typed_is_text_and_goes_with_the_reader_into_other_languages(client: FlaskClient) -> None:
    html = client.get("/search", query_string={"q": '"><script>x</script>'}).text
    assert not re.search(OTHER_SCRIPTS, html)
    assert 'href="/ar/search?q=%22%3E%3Cscript%3Ex%3C%2Fscript%3E"' in html


@pytest.mark.parametrize("address", ["/search", "/search?q=water", "/he/search?q=a&page=2"])
def test_a_search_is_nobodys_to_index_and_anyones_to_keep_for_a_minute(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert '<meta name="robots" content="noindex">' in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=50, stale-while-revalidate=5"
    assert "Set-Cookie" not in answer.headers
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_searches_push_no_finished_page_off_the_shelf(app: Flask, client: FlaskClient) -> None:
    client.get("/")
    pages = app.extensions["shelf"]._pages
    before = list(pages)
    for at in range(20):
        client.get(f"/search?q=word{at}")
    assert list(pages) == before


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.text(max_size=150), page=st.text(max_size=6))
def test_nothing_that_can_be_typed_breaks_a_search(client: FlaskClient, asked: str, page: str) -> None:
    assert client.get("/search", query_string={"q": asked, "page": page}).status_code == 200


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=60))
def test_no_bytes_of_an_address_break_a_search(client: FlaskClient, raw: bytes) -> None:
    query = "q=" + "".join(f"%{byte:02x}" for byte in raw)
    assert client.get("/search", query_string=query).status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headline=st.text(min_size=1, max_size=60), upper=st.booleans())
def test_every_story_is_found_by_its_whole_headline(client: FlaskClient, headline: str, upper: bool) -> None:
    headline = " ".join("".join(letter for letter in headline if letter.isprintable()).split())
    if not any(letter.isalnum() for letter in headline):
        return
    bring_in(replace(STORY, headline=headline))
    asked = headline.swapcase().swapcase() if upper else headline
    answer = client.get("/search", query_string={"q": asked}).text
    db.session.rollback()
    assert "No headline holds" not in answer
