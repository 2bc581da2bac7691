"""What search engines and feed readers are told: feeds, the site map, robots, and where a story lives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from donate.appeals.queries import find_appeal
from donate.articles.import_story import import_stories
from donate.articles.queries import find_article
from donate.articles.story import Story
from donate.db import committed
from donate.newsroom.queries import get_newsroom
from donate.sandbox.app import Sandbox
from donate.web.news import indexing

pytestmark = pytest.mark.usefixtures("newsroom")
SITE = "http://127.0.0.1:5000"
STORY = Story(source="test", guid="0", headline="Story", body_html="<p>Text.</p>", section="culture")
ELSEWHERE = replace(STORY, guid="2", headline="Elsewhere", canonical_url="https://elsewhere.example/story")
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
EVERY = ("/feed.xml", "/sections/culture/feed.xml", "/sitemap.xml", "/sitemap-pages.xml", "/sitemap-articles-1.xml")


def bring_in(*stories: Story) -> None:
    """Write stories as articles."""
    with committed():
        assert import_stories(stories).skipped == []


def become_the_main_site() -> None:
    """Let the newsroom say that this is where its stories live."""
    with committed():
        get_newsroom().is_main_site = True


@pytest.fixture
def read(client: FlaskClient) -> Callable[[str], ElementTree.Element]:
    """Return a way to read an address as XML."""

    def parse(address: str) -> ElementTree.Element:
        answer = client.get(address)
        assert answer.status_code == 200
        return ElementTree.fromstring(answer.data)

    return parse


def entries(tree: ElementTree.Element) -> dict[str, str | None]:
    """Give the addresses of a site map with when each changed."""
    return {
        str(each.findtext(f"{MAP}loc")).removeprefix(SITE): each.findtext(f"{MAP}lastmod")
        for each in (*tree.iter(f"{MAP}url"), *tree.iter(f"{MAP}sitemap"))
    }


@pytest.mark.parametrize("prefix", ["", "/ar", "/he"])
def test_a_feed_is_rss_in_the_pages_language(
    client: FlaskClient, read: Callable[[str], ElementTree.Element], prefix: str
) -> None:
    tree = read(f"{prefix}/feed.xml")
    assert (tree.tag, tree.get("version")) == ("rss", "2.0")
    channel = tree.find("channel")
    assert channel is not None
    assert channel.findtext("title")
    assert channel.findtext("description")
    assert channel.findtext("link") == f"{SITE}{prefix}/"
    assert channel.findtext("language") == (prefix[1:] or "en")
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert (own.get("rel"), own.get("href")) == ("self", f"{SITE}{prefix}/feed.xml")
    items = channel.findall("item")
    assert items
    for item in items:
        link = str(item.findtext("link"))
        assert link == item.findtext("guid")
        assert link.startswith(f"{SITE}{prefix}/articles/")
        assert client.get(link.removeprefix(SITE)).status_code == 200
        assert parsedate_to_datetime(str(item.findtext("pubDate"))).tzinfo is not None


def test_a_sections_feed_holds_its_stories_and_is_named_in_its_head(
    client: FlaskClient, read: Callable[[str], ElementTree.Element]
) -> None:
    bring_in(replace(STORY, headline="Tom & <Jerry>", deck="A & B", byline="Ann | with Ben"))
    tree = read("/sections/culture/feed.xml")
    assert tree.findtext("channel/title") == "The Plumb Line: Culture"
    newest = tree.find("channel/item")
    assert newest is not None
    assert (newest.findtext("title"), newest.findtext("description")) == ("Tom & <Jerry>", "A & B")
    assert newest.findtext("category") == "Culture"
    assert newest.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Ann, with Ben"
    feeds = re.findall(
        r'type="application/rss\+xml" title="([^"]*)" href="([^"]*)"', client.get("/sections/culture").text
    )
    assert feeds == [("The Plumb Line", "/feed.xml"), ("The Plumb Line: Culture", "/sections/culture/feed.xml")]
    assert client.get("/sections/none/feed.xml").status_code == 404


@given(st.text())
def test_any_text_can_stand_in_xml(text: str) -> None:
    clean = indexing.xml_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    ElementTree.fromstring(f"<a>{clean}</a>".encode("utf-8", "strict"))


def test_the_site_map_names_each_page_that_may_be_indexed_once(
    client: FlaskClient, read: Callable[[str], ElementTree.Element]
) -> None:
    parts = entries(read("/sitemap.xml"))
    assert list(parts) == ["/sitemap-pages.xml", "/sitemap-articles-1.xml"]
    listed = [address for part in parts for address in entries(read(part))]
    assert len(listed) == len(set(listed))
    assert {"/", "/ar/", "/he/", "/browse", "/sections/culture", "/topics/water", "/appeals/evergreen"} <= set(listed)
    assert "/ar/sections/culture" not in listed
    assert "/ar/privacy" not in listed
    for address in listed:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "noindex" not in answer.text, address
        assert f'<link rel="canonical" href="{SITE}{address}">' in answer.text


def test_the_site_map_says_when_a_story_changed(read: Callable[[str], ElementTree.Element], box: Sandbox) -> None:
    # The samples may have been loaded into a copied database by a slower process, some seconds into its day.
    box.advance(seconds=86400)
    bring_in(STORY)
    found = find_article("story")
    assert found is not None
    changed = found.changed_at.replace(microsecond=0).isoformat()
    assert entries(read("/sitemap-articles-1.xml"))["/articles/story"] == changed
    assert entries(read("/sitemap-pages.xml"))["/sections/culture"] == changed


def test_the_site_map_is_split(
    client: FlaskClient, read: Callable[[str], ElementTree.Element], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = entries(read("/sitemap-articles-1.xml"))
    monkeypatch.setattr(indexing, "IN_A_PART", 5)
    bring_in(STORY)
    parts = [part for part in entries(read("/sitemap.xml")) if "articles" in part]
    assert len(parts) == -(-(len(whole) + 1) // 5)
    listed = [address for part in parts for address in entries(read(part))]
    assert sorted(listed) == sorted([*whole, "/articles/story"])
    assert client.get(f"/sitemap-articles-{len(parts) + 1}.xml").status_code == 404
    assert client.get("/sitemap-articles-0.xml").status_code == 404


def test_a_paused_or_future_appeal_is_in_no_site_map(read: Callable[[str], ElementTree.Element]) -> None:
    with committed():
        paused, later = find_appeal("misinformation"), find_appeal("student-newsroom")
        assert paused is not None
        assert later is not None
        paused.status, later.starts_on = "paused", date(2027, 1, 1)
    listed = entries(read("/sitemap-pages.xml"))
    assert [address for address in listed if address.startswith("/appeals/")] == ["/appeals/evergreen"]


def test_robots_are_told_what_is_not_for_them_and_where_the_site_map_is(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert {"Disallow: /donate?", "Disallow: /he/donate?", "Disallow: /gifts/", "Disallow: /ar/gifts/"} <= set(lines)
    assert f"Sitemap: {SITE}/sitemap.xml" in lines


@pytest.mark.parametrize("address", [*EVERY, "/robots.txt"])
def test_each_is_kept_and_answers_304_when_nothing_changed(client: FlaskClient, box: Sandbox, address: str) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=50, stale-while-revalidate=5"
    assert "Set-Cookie" not in first.headers
    kind = "application/rss+xml" if "feed" in address else "text/plain" if "robots" in address else "application/xml"
    # The second answer comes from the shelf, before the application wakes.
    for answer in (first, client.get(address)):
        assert answer.headers.getlist("Content-Type") == [f"{kind}; charset=utf-8"]
        assert answer.data == first.data
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    box.advance(seconds=60)
    bring_in(STORY)
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == (304 if "robots" in address else 200)


def test_a_story_that_came_from_elsewhere_is_left_to_its_source(
    client: FlaskClient, read: Callable[[str], ElementTree.Element]
) -> None:
    bring_in(ELSEWHERE)
    html = client.get("/articles/elsewhere").text
    assert '<link rel="canonical" href="https://elsewhere.example/story">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "/articles/elsewhere" not in entries(read("/sitemap-articles-1.xml"))


def test_on_the_main_site_every_story_lives_here(
    client: FlaskClient, read: Callable[[str], ElementTree.Element]
) -> None:
    bring_in(ELSEWHERE)
    become_the_main_site()
    html = client.get("/articles/elsewhere").text
    assert f'<link rel="canonical" href="{SITE}/articles/elsewhere">' in html
    assert "noindex" not in html
    assert "/articles/elsewhere" in entries(read("/sitemap-articles-1.xml"))


def test_a_story_that_names_an_address_of_ours_lives_here(
    client: FlaskClient, read: Callable[[str], ElementTree.Element]
) -> None:
    bring_in(
        replace(STORY, canonical_url=f"{SITE}/old/story"), replace(ELSEWHERE, canonical_url=SITE + ".evil.example/x")
    )
    assert f'<link rel="canonical" href="{SITE}/articles/story">' in client.get("/articles/story").text
    listed = entries(read("/sitemap-articles-1.xml"))
    assert "/articles/story" in listed
    assert "/articles/elsewhere" not in listed


@pytest.mark.parametrize(
    ("address", "title"), [("/", "The Plumb Line"), ("/sections/culture", "Culture"), ("/topics/water", "Water")]
)
def test_a_list_says_what_it_is_where_it_is_shared(client: FlaskClient, address: str, title: str) -> None:
    html = client.get(address).text
    shared = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', html))
    assert (shared["title"], shared["type"], shared["locale"]) == (title, "website", "en_GB")
    assert shared["url"] == SITE + address
    assert shared["image"].startswith(f"{SITE}/static/sample/")
    assert shared["description"]


def test_a_list_that_holds_nothing_is_not_indexed(client: FlaskClient) -> None:
    assert "noindex" in client.get("/ar/sections/culture").text
    assert "noindex" not in client.get("/sections/culture").text


def test_dates_of_feeds_are_written_in_utc() -> None:
    assert indexing.mail_date(datetime(2026, 3, 20, 4, tzinfo=UTC)) == "Fri, 20 Mar 2026 04:00:00 +0000"
