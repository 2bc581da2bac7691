"""Each format gives the story whole: words, names, dates, pictures, sections."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from donate.articles.fetch import fetch
from donate.articles.importers.wordpress_rest import read_wordpress_site, with_query
from donate.articles.read_source import read_source
from donate.articles.sanitise import sanitise
from donate.articles.story import Skipped, Story
from donate.errors import Unreadable
from tests.make.site import Site

ZONE = "Asia/Amman"
SPOKEN = datetime(2024, 3, 1, 18, 30, tzinfo=UTC)


def read(path: Path | str) -> list[Story | Skipped]:
    """Read a source whole."""
    return list(read_source(str(path), zone=ZONE))


def stories(path: Path | str) -> list[Story]:
    """Read a source's stories."""
    return [each for each in read(path) if isinstance(each, Story)]


def paragraphs(story: Story) -> list[str]:
    """Give a body's paragraphs as text."""
    found = re.findall(
        r"<(?:p|li|h2|figcaption)\b[^>]*>(.*?)</(?:p|li|h2|figcaption)>", sanitise(story.body_html), re.S
    )
    return [unescape(re.sub(r"<[^>]+>", "", each)) for each in found]


def test_the_same_post_is_the_same_story_from_an_export_the_api_and_a_feed(samples: Path) -> None:
    first = [stories(samples / name)[0] for name in ("export.xml", "posts.json", "rss.xml")]
    assert {(each.source, each.guid) for each in first} == {("harbour.example", "https://harbour.example/?p=101")}
    assert {each.headline for each in first} == {"The wells of Café Street & the lost map"}
    assert {each.deck for each in first} == {"Nobody remembers who drew it."}
    assert {each.dateline for each in first} == {"Amman"}
    assert {each.byline for each in first} == {"Leila Haddad"}
    assert {each.published_at for each in first} == {SPOKEN}
    assert {each.image for each in first} == {"https://harbour.example/lead.jpg"}
    assert {each.canonical_url for each in first} == {"https://harbour.example/2024/03/wells/"}


def test_an_exports_text_becomes_paragraphs_captions_and_links(samples: Path) -> None:
    story = stories(samples / "export.xml")[0]
    assert paragraphs(story) == [
        "The first paragraph stands alone.",
        "The second has a linethat ends early, and a link.",
        "A well in spring",
        "“No,” he said [sic].",
        "https://video.example/watch?v=1",
        "“No,” he said [sic].",
        "The words inside stay.",
        "After the fold.",
    ]
    assert '<a href="https://harbour.example/about"' in story.body_html
    assert "gallery" not in story.body_html
    assert (story.image_caption, story.image_alt) == ("The map, folded (Rim Khaled)", "A folded map")
    assert (story.sections, story.topics) == (("Water", "Cities"), ("Maps & plans",))


def test_an_export_in_arabic_keeps_its_names_address_and_language(samples: Path) -> None:
    story = stories(samples / "export.xml")[1]
    assert (story.headline, story.language, story.slug) == ("مياه عمّان", "ar", "مياه-عمان")
    assert story.dateline == "القدس"
    assert story.byline == "ريم خالد, عمر سعيد"
    assert paragraphs(story) == ["هذه هي الفقرة الأولى.", "عنوان", "وهذه الثانية."]
    # Nine in the morning of the newsroom, for the export says no zone.
    assert story.published_at == datetime(2024, 3, 2, 6, 0, tzinfo=UTC)


def test_an_export_gives_published_posts_only(samples: Path) -> None:
    found = read(samples / "export.xml")
    assert [each.headline for each in found if isinstance(each, Story)][2:] == [""]
    assert [(each.what, each.why.message) for each in found if isinstance(each, Skipped)] == [
        ("For members only", "behind_password")
    ]


def test_a_saved_answer_of_the_api_gives_names_terms_and_picture(samples: Path) -> None:
    first, second = stories(samples / "posts.json")
    assert paragraphs(first) == ["The first paragraph stands alone.", "“No,” he said.", "“No,” he said."]
    assert (first.sections, first.topics) == (("Water",), ("Maps & plans",))
    assert (first.image_caption, first.image_alt) == ("The map, folded (Rim Khaled)", "A folded map")
    # Its author and picture are errors, its category is "none".
    assert (second.byline, second.image, second.sections) == ("", "", ())
    assert (second.language, second.dateline) == ("he", "חיפה")


def test_one_post_of_the_api_is_read_like_a_list(samples: Path, tmp_path: Path) -> None:
    one = tmp_path / "one"
    one.write_text(json.dumps(json.loads((samples / "posts.json").read_text())[0]))
    assert len(stories(one)) == 1


def test_a_feed_gives_text_picture_and_terms(samples: Path) -> None:
    first, second, third = stories(samples / "rss.xml")
    assert paragraphs(first) == [
        "The first paragraph stands alone.",
        "“No,” he said.",
        "“No,” he said.",
        "A paragraph in a div, with a link.",
        "And the next.",
    ]
    assert (first.image_caption, first.image_credit) == ("The map, folded", "Rim Khaled")
    assert (first.sections, first.makes_section) == (("Water", "Maps & plans"), False)
    assert (second.language, second.image) == ("ar", "https://harbour.example/picture")
    assert paragraphs(second) == ["سطر أول من الخبر.", "وسطر ثان بعد فراغ."]
    assert second.published_at is None
    assert third.headline == ""


def test_an_atom_feed_keeps_what_is_plain_plain_and_when_it_was_first_published(samples: Path) -> None:
    first, second = stories(samples / "atom.xml")
    assert (first.headline, first.byline, first.dateline) == ("המים של העיר", "דנה לוי, עמוס כהן", "חיפה")
    assert first.published_at == datetime(2024, 3, 5, 10, 0, tzinfo=UTC)
    assert first.deck == "תקציר של הכתבה."
    assert second.headline == "Plain <b> is said"
    assert paragraphs(second) == ["Five < six, he wrote.", "A second paragraph."]


def test_a_page_gives_every_paragraph_of_its_story_and_none_of_its_furniture(samples: Path) -> None:
    (story,) = stories(samples / "page.html")
    page = (samples / "page.html").read_text()
    body = page[page.index('<div class="body">') : page.index("</div>\n</article>")]
    body = re.sub(r"<aside.*?</aside>", "", body)
    expected = [unescape(re.sub(r"<[^>]+>", "", each)) for each in re.findall(r"<(?:p|h2)>(.*?)</(?:p|h2)>", body)]
    expected[0] = expected[0].removeprefix("[Amman] ")
    assert paragraphs(story) == expected
    assert expected.count("“Where is the water?” she asked.") == 3
    assert (story.headline, story.deck) == ("The wells of Café Street", "Nobody remembers who drew the map.")
    assert (story.byline, story.dateline) == ("Leila Haddad, Rim Khaled", "Amman")
    assert (story.image_caption, story.published_at) == ("The map, folded (Rim Khaled)", SPOKEN)
    assert (story.sections, story.topics) == (("Water",), ("Maps",))
    assert story.guid == story.canonical_url == "https://harbour.example/2024/03/wells/"


def test_without_its_extra_a_page_is_refused_with_the_command_that_installs_it(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "trafilatura", None)
    with pytest.raises(Unreadable, match="extra_missing"):
        read(samples / "page.html")


def test_a_page_can_not_claim_the_address_of_another_site(server: Site, samples: Path) -> None:
    url = server.put("/stolen", (samples / "page.html").read_bytes())
    server.elsewhere["thief.example"] = ["127.0.0.1"]
    (story,) = stories(url.replace("harbour.example", "thief.example"))
    assert story.canonical_url.startswith("http://thief.example")
    assert story.source == "thief.example"


def test_a_sites_posts_are_read_page_by_page(server: Site, samples: Path) -> None:
    posts = json.loads((samples / "posts.json").read_text())
    kind = "application/json"
    address = server.url("/wp-json/wp/v2/posts")
    path = with_query(address).removeprefix(server.url(""))
    server.put(path, json.dumps(posts[:1]), kind, X_WP_TotalPages="3")
    following = with_query(address, page=2)
    server.put(following.removeprefix(server.url("")), json.dumps(posts[1:2]), kind, Link=f'<{with_query(address, page=3)}>; rel="next"')  # noqa: E501  # fmt: skip
    last = with_query(address, page=3)
    server.put(last.removeprefix(server.url("")), json.dumps(posts[2:]), kind, Link='<http://elsewhere.example/>; rel="next"')  # noqa: E501  # fmt: skip
    found = read(address)
    assert [isinstance(each, Story) for each in found] == [True, False, True]
    assert len(server.asked) == 3


def test_only_what_changed_is_read_again_from_a_site(samples: Path, server: Site) -> None:
    posts = json.loads((samples / "posts.json").read_text())[:1]
    address = server.url("/wp-json/wp/v2/posts?per_page=5")
    asked = with_query(address, orderby="modified", order="desc")
    server.put(asked.removeprefix(server.url("")), json.dumps(posts), "application/json", X_WP_TotalPages="9")
    later = datetime(2024, 3, 5, tzinfo=UTC)
    assert list(read_wordpress_site(address, fetch, zone=ZONE, since=later)) == []
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('{"code": "rest_no_route", "message": "No route was found.", "data": {"status": 404}}', "site_refused"),
        ('{"a": 1}', "no_posts"),
        ('[{"a": 1}]', "no_posts"),
        ("[" * 100_000, "not_json"),
        ('[{"title": 1, "content"', "not_json"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "json_feed"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "format_unknown"),
        ("<rss", "broken_off"),
        ("\x1f\x8b", "packed"),
        ("  \n ", "empty"),
    ],
)
def test_what_is_no_story_is_refused_with_its_reason(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "source"
    path.write_bytes(content.encode("latin-1"))
    if content == "[" * 100_000:
        path.write_text('[{"a":' + content)
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.message == why


def test_a_source_is_known_by_its_content_and_not_by_its_name(samples: Path, tmp_path: Path) -> None:
    for name in ("export.xml", "posts.json", "rss.xml", "atom.xml", "page.html"):
        copied = tmp_path / "misnamed.txt"
        copied.write_bytes(b"\xef\xbb\xbf\n" + (samples / name).read_bytes().removeprefix(b"<?xml"))
        if name.endswith("xml"):
            copied.write_bytes((samples / name).read_bytes())
        assert len(read(copied)) == len(read(samples / name))
