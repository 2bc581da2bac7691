"""A newsroom's system says that an article has changed: it is read again at once, if it may say so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.articles import reread
from donate.articles.follow import follow_source
from donate.articles.importers.wordpress_rest import with_query
from donate.articles.queries import find_article, list_every_article
from tests.make.site import Site, open_site

TOKEN = "a token of the tests"
SAMPLES = Path(__file__).resolve().parents[2] / "articles" / "importers" / "samples"


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """Return a followed site, and set the token."""
    app.config["DONATE"] = replace(app.config["DONATE"], articles_token=TOKEN)
    with open_site() as made:
        follow_source(made.put("/feed", (SAMPLES / "rss.xml").read_text(), "text/xml"), zone="UTC")
        yield made


def tell(client: FlaskClient, url: object, token: str = TOKEN) -> TestResponse:
    """Say that an article has changed."""
    return client.post("/api/articles/changed", json={"url": url}, headers={"Authorization": f"Bearer {token}"})


def test_a_page_is_read_again_at_once_and_the_outcome_told(client: FlaskClient, site: Site) -> None:
    url = site.put("/2024/03/wells/", (SAMPLES / "page.html").read_bytes())
    answer = tell(client, url)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    # It is the article that the feed brought.
    assert answer.get_json() == {"imported": 0, "updated": 1, "skipped": 0, "reason": ""}
    assert any("A city that forgets its wells" in article.body_html for article in list_every_article())


def test_the_address_may_come_as_a_form_field(client: FlaskClient, site: Site) -> None:
    url = site.put("/2024/03/wells/", (SAMPLES / "page.html").read_bytes())
    answer = client.post("/api/articles/changed", data={"url": url}, headers={"Authorization": f"bearer {TOKEN}"})
    assert answer.get_json()["updated"] == 1


def test_a_followed_wordpress_site_is_asked_for_the_post_itself(client: FlaskClient, site: Site) -> None:
    rest = site.url("/wp-json/wp/v2/posts")
    posts = json.loads((SAMPLES / "posts.json").read_text())
    posts[0]["link"] = site.url("/2024/03/wells/")
    site.put("/wp-json/wp/v2/posts", "[]", "application/json")
    site.put(with_query(rest).removeprefix(site.url("")), json.dumps(posts), "application/json")
    follow_source(rest, zone="UTC")
    posts[0]["content"]["rendered"] = "<p>All new.</p>"
    site.put(with_query(rest, slug="wells").removeprefix(site.url("")), json.dumps(posts), "application/json")
    answer = tell(client, site.url("/2024/03/wells/"))
    assert answer.get_json() == {"imported": 0, "updated": 1, "skipped": 0, "reason": ""}
    article = find_article("the-wells-of-cafe-street-the-lost-map")
    assert article is not None
    assert article.body_html == "<p>All new.</p>"
    # A post of the same slug on another page is another story: then the page itself is read.
    other = site.put("/2019/wells/", (SAMPLES / "page.html").read_bytes().replace(b"/2024/03/wells/", b"/2019/wells/"))
    site.put(with_query(rest, slug="wells").removeprefix(site.url("")), json.dumps(posts), "application/json")
    assert tell(client, other).get_json()["imported"] == 1


def test_without_the_token_nothing_is_read(client: FlaskClient, site: Site, app: Flask) -> None:
    asked = len(site.asked)
    url = site.url("/2024/03/wells/")
    for answer in (
        client.post("/api/articles/changed", json={"url": url}),
        tell(client, url, "another"),
        tell(client, url, "تخمين"),
        client.post("/api/articles/changed", json={"url": url}, headers={"Authorization": TOKEN}),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    app.config["DONATE"] = replace(app.config["DONATE"], articles_token="")
    assert tell(client, url, "").status_code == 404
    assert client.get("/api/articles/changed").status_code == 405
    assert len(site.asked) == asked


def test_only_hosts_of_followed_sources_are_read(client: FlaskClient, site: Site) -> None:
    asked = len(site.asked)
    for url in ("https://elsewhere.example/a", "http://127.0.0.1/", "file:///etc/passwd", "javascript:x", "http://["):
        answer = tell(client, url)
        assert answer.status_code == 422
        assert answer.get_json()["error"].endswith(".")
    assert "elsewhere.example is no host of a followed source" in tell(client, "https://elsewhere.example/a").text
    assert len(site.asked) == asked


@pytest.mark.parametrize("url", ["", None, 7, ["http://harbour.example/"], {"a": 1}])
def test_an_address_that_is_none_is_refused(client: FlaskClient, site: Site, url: object) -> None:
    assert tell(client, url).status_code == 422


def test_a_body_that_can_not_be_read_or_is_too_long_is_refused_in_json(client: FlaskClient, site: Site) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    broken = client.post("/api/articles/changed", data="{", headers=token, content_type="application/json")
    assert (broken.status_code, broken.is_json) == (400, True)
    listed = client.post("/api/articles/changed", data="[1]", headers=token, content_type="application/json")
    assert listed.status_code == 422
    long = tell(client, "http://harbour.example/" + "x" * 20_000)
    assert (long.status_code, long.is_json) == (413, True)


def test_what_could_not_be_read_is_told_with_its_reason(client: FlaskClient, site: Site) -> None:
    gone = tell(client, site.url("/gone/"))
    assert gone.status_code == 200
    assert gone.get_json() == {"imported": 0, "updated": 0, "skipped": 1, "reason": "it answered 404"}
    site.elsewhere["intranet.example"] = ["10.0.0.1"]
    led_away = tell(client, site.redirect("/away/", "http://intranet.example/"))
    assert "private network" in led_away.get_json()["reason"]
    site.elsewhere["other.example"] = ["127.0.0.1"]
    site.put("/2024/03/wells/", (SAMPLES / "page.html").read_bytes())
    other = tell(client, site.redirect("/other/", site.url("/2024/03/wells/", "other.example")))
    assert "other.example is no host of a followed source" in other.get_json()["reason"]


def test_who_waits_is_answered_in_time(client: FlaskClient, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reread, "TOTAL_SECONDS", 0)
    assert "longer than 0 seconds" in tell(client, site.url("/slow/")).get_json()["reason"]
