"""Hostile exports, feeds, answers and pages: refused or harmless, and never more than told."""

from __future__ import annotations

import contextlib
import json
import random
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate.articles.bring_in import bring_in
from donate.articles.queries import list_every_article
from donate.articles.read_source import read_source
from donate.articles.sentences import say_why
from donate.articles.story import Skipped, Story
from donate.errors import Unreadable

BAD = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"
WP = 'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
POST = (
    "<item><title><![CDATA[{title}]]></title><link>https://a.example/{id}</link><guid>https://a.example/?p={id}</guid>"
    "<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{id}</wp:post_id>"
    "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item>"
)
BOMBS = {
    "laughs": '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    "external": '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://10.0.0.1/x.dtd"> %a;]>',
}


def export(*posts: str, before: str = "") -> str:
    """Write an export."""
    return f'<?xml version="1.0"?>{before}<rss version="2.0" {WP}><channel>{"".join(posts)}</channel></rss>'


def read(tmp_path: Path, content: str | bytes) -> list[Story | Skipped]:
    """Read a source of this content."""
    path = tmp_path / "source"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_source(str(path), zone="UTC"))


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("kind", ["export", "feed"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_of_ones_own_is_refused(tmp_path: Path, bomb: str, kind: str, encoding: str) -> None:
    words = "&a;" if "%" not in bomb else "words"
    document = export(POST.format(title="t", body="b", id=1).replace("<![CDATA[t]]>", words), before=bomb)
    if kind == "feed":
        document = document.replace(WP, "").replace("wp:", "").replace("content:encoded", "description")
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, document.encode(encoding))
    assert refused.value.message in ("entities_refused", "not_well_formed")
    assert "root:" not in str(refused.value)


def test_a_document_type_that_only_names_itself_is_no_bomb(tmp_path: Path) -> None:
    named = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://10.0.0.1/rss-0.91.dtd">'
    feed = f'<?xml version="1.0"?>{named}<rss version="0.91"><channel><item><title>t</title></item></channel></rss>'
    assert len(read(tmp_path, feed)) == 1


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_cut_export_gives_what_stood_before_and_says_where_it_broke(app: Flask, tmp_path: Path, share: float) -> None:
    posts = [POST.format(title=f"Post {number}", body="Words. " * 50, id=number) for number in range(20)]
    whole = export(*posts)
    cut = whole[: int(len(whole) * share)]
    path = tmp_path / "cut.xml"
    path.write_text(cut)
    result = bring_in(read_source(str(path), zone="UTC"), "cut.xml")
    assert result.imported == cut.count("</item>")
    assert [each.why.message for each in result.skipped] == ["not_well_formed"]
    assert {article.body_html.count("Words.") for article in list_every_article()} == {50}


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_cut_feed_gives_its_whole_entries_only(app: Flask, tmp_path: Path, share: float) -> None:
    items = "".join(
        f"<item><title>Entry {number}</title><guid>https://a.example/{number}</guid>"
        f"<description>{'Words. ' * 30}</description></item>"
        for number in range(20)
    )
    whole = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
    cut = whole[: int(len(whole) * share)]
    path = tmp_path / "cut.xml"
    path.write_text(cut)
    result = bring_in(read_source(str(path), zone="UTC"), "cut.xml")
    assert result.imported == cut.count("</item>")
    assert [each.why.message for each in result.skipped] == ["broken_off"]


def test_a_post_without_end_and_elements_without_bottom_are_refused(tmp_path: Path) -> None:
    huge = export(POST.format(title="small", body="words", id=1), POST.format(title="t", body="x" * 10_000_000, id=2))
    path = tmp_path / "huge.xml"
    path.write_text(huge)
    reading = read_source(str(path), zone="UTC")
    assert isinstance(first := next(reading), Story)
    assert first.headline == "small"
    with pytest.raises(Unreadable, match="item_too_large"):
        next(reading)
    with pytest.raises(Unreadable, match="too_deep"):
        read(tmp_path, export("<a>" * 100_000))


def test_more_than_fifty_megabytes_of_feed_or_json_are_not_read(tmp_path: Path) -> None:
    for start in ('<rss version="2.0"><channel><description>', '[{"title": "'):
        with pytest.raises(Unreadable, match="markup_too_large"):
            read(tmp_path, start.encode() + b"x" * 51 * 1024 * 1024)


def every_place(kind: str) -> str:
    """Put script into every place a format has."""
    cdata = f"<![CDATA[{BAD}]]>"
    if kind == "export":
        return export(
            f"<wp:author><wp:author_login>x</wp:author_login><wp:author_display_name>{cdata}</wp:author_display_name>"
            f"</wp:author><item><title><![CDATA[Title {BAD}]]></title><link>javascript:alert(1)</link>"
            f"<guid>https://a.example/?p=1</guid><dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>x</dc:creator>"
            f"<content:encoded><![CDATA[<p>Words {BAD}<a href='javascript:alert(1)'>l</a>"
            f"[caption caption='{BAD}']<img src='javascript:alert(1)' onerror=alert(1)> {BAD}[/caption]</p>]]>"
            "</content:encoded>"
            f"<excerpt:encoded xmlns:excerpt='http://wordpress.org/export/1.2/excerpt/'>{cdata}</excerpt:encoded>"
            f"<category domain='category'>{cdata}</category>"
            f"<category domain='post_tag'><![CDATA[tag {BAD}]]></category>"
            "<wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
            "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>2</wp:meta_value></wp:postmeta></item>"
            "<item><wp:post_type>attachment</wp:post_type><wp:post_id>2</wp:post_id>"
            "<wp:attachment_url>javascript:alert(1).jpg</wp:attachment_url><wp:postmeta>"
            f"<wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>{cdata}</wp:meta_value></wp:postmeta></item>"
        )
    if kind == "api":
        rendered = {"rendered": f"Title {BAD}"}
        embedded = {
            "author": [{"name": BAD}],
            "wp:term": [[{"taxonomy": "category", "name": f"section {BAD}"}, {"taxonomy": "post_tag", "name": BAD}]],
            "wp:featuredmedia": [{"source_url": "data:text/html,x", "alt_text": BAD, "caption": {"rendered": BAD}}],
        }
        post = {"title": rendered, "content": {"rendered": f"<p>Words {BAD}</p>"}, "excerpt": rendered, "link": BAD}
        return json.dumps([{**post, "id": 1, "slug": BAD, "_embedded": embedded, "lang": BAD}])
    if kind == "feed":
        return (
            '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><language>"><script></language>'
            f"<item><title>Title {cdata}</title><link>javascript:alert(1)</link><author>{cdata}</author>"
            f"<description><![CDATA[<p>Words {BAD}</p>]]></description><category>{cdata}</category><guid>{cdata}</guid>"
            f'<media:content url="javascript:alert(1)" medium="image"><media:credit>{cdata}</media:credit>'
            f"<media:description>{cdata}</media:description></media:content></item></channel></rss>"
        )
    return (
        "<!doctype html><html lang='\"><script>'><head><title>x</title>"
        '<meta property="og:title" content="Title &lt;script&gt;alert(1)&lt;/script&gt;">'
        '<meta property="og:image" content="javascript:alert(1)"><link rel="canonical" href="javascript:alert(1)">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "<script>alert(1)<\\/script>"},'
        ' "headline": "Title <img src=x onerror=alert(1)>"}</script></head><body><article><h1>x</h1><h1>y</h1>'
        + f"<p>Words that are long enough to be a paragraph of a story, one after another. {BAD}</p>" * 3
        + "</article></body></html>"
    )


@pytest.mark.parametrize("kind", ["export", "api", "feed", "page"])
def test_script_in_every_place_is_text_or_gone(newsroom: None, client: FlaskClient, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "hostile"
    path.write_text(every_place(kind))
    before = {article.slug for article in list_every_article()}
    result = bring_in(read_source(str(path), zone="UTC"), "hostile")
    assert (result.imported, [say_why(each.why) for each in result.skipped]) == (1, [])
    (article,) = [each for each in list_every_article() if each.slug not in before]
    assert article.headline.startswith("Title")
    assert article.image == ""
    assert article.canonical_url == ""
    pages = [f"/articles/{article.slug}", "/", *(f"/topics/{topic.slug}" for topic in article.topics)]
    if article.section is not None:
        pages.append(f"/sections/{article.section.slug}")
    for page in pages:
        with client.get(page) as answer:
            text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        for bad in ("<script>alert", "<img src=x", "<svg/", "<svg onload", 'href="javascript:', "<img src='x"):
            assert bad not in text, page


def test_what_a_database_can_not_hold_is_dropped_or_told(app: Flask, tmp_path: Path) -> None:
    posts = [
        {
            "id": 1,
            "title": {"rendered": "nul \u0000 and \ud800 half"},
            "content": {"rendered": "<p>\u0000 \udfff w</p>"},
        },
        {"id": 2, "title": {"rendered": "x" * 500}, "content": {"rendered": "<p>w</p>"}},
        {"id": 3, "title": {"rendered": ["no", "text"]}, "content": {"rendered": None}},
        {"id": 4, "title": "fine", "content": {"rendered": "<p>w</p>"}, "date_gmt": "9999-99-99T99:99:99"},
        {
            "id": 5,
            "title": "fine",
            "content": {"rendered": "<p>w</p>"},
            "_embedded": {"wp:term": [[1, None]], "author": 5},
        },
    ]
    path = tmp_path / "posts"
    path.write_text(json.dumps(posts))
    result = bring_in(read_source(str(path), zone="UTC"), "posts")
    assert result.imported == 3
    assert [each.why.message for each in result.skipped] == ["field_too_long", "headline_missing"]


def test_noise_is_refused_and_breaks_nothing(samples: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    for name in ("export.xml", "rss.xml", "atom.xml", "posts.json", "page.html"):
        whole = (samples / name).read_bytes()
        for _ in range(25):
            content = bytearray(whole)
            for _ in range(chance.choice((1, 20, 400))):
                content[chance.randrange(len(content))] = chance.randrange(256)
            # Whatever else it raises, fails.
            with contextlib.suppress(Unreadable):
                read(tmp_path, bytes(content[: chance.randrange(len(content))]))


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<b><p>",
        "<ul><li>",
        "<table><tr><td>",
        "<figure>",
        "<iframe ",
        "[caption]",
        "[embed ",
        "<!--more ",
        " \n",
        "[/a]",
    ],
)
def test_markup_made_to_take_for_ever_ends_and_its_words_stay(tmp_path: Path, unit: str) -> None:
    # Each of these took the square of its length once; at this length that would be hours.
    body = "First words. " + unit * (1_000_000 // len(unit)) + " <p>Last words.</p>"
    (story,) = read(tmp_path, export(POST.format(title="t", body=body, id=1)))
    assert isinstance(story, Story)
    assert "First words." in story.body_html
    assert "Last words." in story.body_html or unit in ("<iframe ", "<!--more ")
