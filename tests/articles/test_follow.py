"""Followed sources are read again and again: only what is new, and what goes wrong is kept to be seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from donate.articles.follow import queue_sources, read_followed
from donate.articles.importers.wordpress_rest import with_query
from donate.articles.queries import find_article, list_every_article, list_sources
from donate.commands.worker import JOBS, SCHEDULES, drain
from donate.db import db
from donate.queue.work import Worker
from tests.articles.test_bring_in import run
from tests.make.site import Site

FEED = "application/rss+xml"


def read_again(slot: str) -> None:
    """Let a quarter of an hour come, and the worker do what it brings."""
    queue_sources(slot)
    drain(Worker(JOBS))
    db.session.expire_all()


def test_a_feed_is_read_when_it_is_followed_and_again_when_it_has_changed(
    app: Flask, site: Site, samples: Path
) -> None:
    feed = (samples / "rss.xml").read_text()
    url = site.put("/feed", feed, FEED, ETag='"one"', Last_Modified="Fri, 01 Mar 2024 18:30:00 GMT")
    code, said, _ = run(app, "follow", url)
    assert code == 0
    assert said[0] == f"following {url}"
    assert said[-1] == "imported 2, updated 0, skipped 1"
    site.pages["/feed"] = (304, {}, b"")
    read_again("1")
    assert site.asked[-1].headers["If-None-Match"] == '"one"'
    assert site.asked[-1].headers["If-Modified-Since"] == "Fri, 01 Mar 2024 18:30:00 GMT"
    site.put("/feed", feed.replace("A paragraph in a div", "A changed paragraph"), FEED, ETag='"two"')
    read_again("2")
    assert "A changed paragraph" in list_every_article()[0].body_html + list_every_article()[1].body_html
    (source,) = list_sources()
    assert (source.format, source.etag, source.last_error) == ("feed", '"two"', "")


def test_each_source_is_read_once_a_slot(app: Flask, site: Site, samples: Path) -> None:
    url = site.put("/feed", (samples / "rss.xml").read_text(), FEED)
    run(app, "follow", url)
    before = len(site.asked)
    read_again("1")
    read_again("1")
    assert len(site.asked) == before + 1
    assert SCHEDULES["read_sources"].total_seconds() == 900
    assert {"read_source", "read_sources"} <= set(JOBS)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (500, b"oops", "it answered 500"),
        (200, b"<!doctype html><html><body><h1>Be right back</h1></body></html>", "this is a page"),
        (200, b'<rss version="2.0"><channel><item><title>x</title>', "breaks off"),
    ],
)
def test_a_source_that_fails_keeps_its_stories_and_says_why(
    app: Flask, site: Site, samples: Path, status: int, body: bytes, says: str
) -> None:
    url = site.put("/feed", (samples / "rss.xml").read_text(), FEED, ETag='"one"')
    run(app, "follow", url)
    read_at = list_sources()[0].last_read_at
    site.pages["/feed"] = (status, {"Content-Type": "text/html"}, body)
    read_again("1")
    (source,) = list_sources()
    assert says in source.last_error
    assert source.last_read_at == read_at
    assert source.etag == '"one"'
    assert len(list_every_article()) == 2
    assert says in run(app, "sources")[1][0]
    site.put("/feed", (samples / "rss.xml").read_text(), FEED)
    read_again("2")
    assert list_sources()[0].last_error == ""


def test_a_wordpress_site_is_followed_by_what_changed_last(app: Flask, site: Site, samples: Path) -> None:
    old = {"modified_gmt": "2024-03-05T10:00:00"}
    posts = [{**post, **old} for post in json.loads((samples / "posts.json").read_text())]
    url = site.url("/wp-json/wp/v2/posts")
    kind = "application/json"
    site.put("/wp-json/wp/v2/posts", "[]", kind)
    site.put(with_query(url).removeprefix(site.url("")), json.dumps(posts), kind)
    assert run(app, "follow", url)[1][-1] == "imported 2, updated 0, skipped 1"
    changed = {**posts[0], "modified_gmt": "2099-01-01T00:00:00"}
    changed["content"] = {"rendered": "<p>All new.</p>"}
    newest = with_query(url, orderby="modified", order="desc").removeprefix(site.url(""))
    site.put(newest, json.dumps([changed, *posts[1:]]), kind, X_WP_TotalPages="7")
    read_again("1")
    article = find_article("wells")
    assert article is not None
    assert article.body_html == "<p>All new.</p>"
    assert list_sources()[0].last_error == ""


def test_what_can_not_be_followed_is_told_and_not_kept(app: Flask, site: Site, samples: Path) -> None:
    page = site.put("/page", '<html><head><link rel="alternate" type="application/rss+xml" href="/feed">')
    site.elsewhere["intranet.example"] = ["192.168.0.1"]
    for url, says in (
        (page, f"this is a page; its feed is {site.url('/feed')}"),
        (site.put("/export", (samples / "export.xml").read_text(), "text/xml"), "this is an export"),
        (site.url("/nothing"), "it answered 404"),
        ("http://intranet.example/feed", "private network"),
        ("feed.xml", "only http:// and https:// addresses are read"),
    ):
        code, _said, problem = run(app, "follow", url)
        assert code == 1
        assert says in problem
    assert list_sources() == []
    assert run(app, "sources")[1] == ["Nothing is followed. Begin with: flask articles follow URL"]


def test_a_source_is_followed_once_and_can_be_let_go(app: Flask, site: Site, samples: Path) -> None:
    url = site.put("/feed", (samples / "rss.xml").read_text(), FEED)
    assert run(app, "follow", url)[0] == 0
    assert "followed already" in run(app, "follow", url)[2]
    (line,) = run(app, "sources")[1]
    assert line.split("\t")[:2] == [url, "feed"]
    assert line.endswith("ok")
    assert run(app, "unfollow", url) == (0, [f"no longer following {url}"], "")
    assert "not followed" in run(app, "unfollow", url)[2]
    assert len(list_every_article()) == 2
    # A job that was asked for before finds nothing to do.
    read_followed(1)
