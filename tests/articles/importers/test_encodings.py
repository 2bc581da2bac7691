"""Feeds, exports and pages are read in the encoding they are really in, whatever they declare."""

from __future__ import annotations

from pathlib import Path

import pytest

from donate.articles.read_source import read_source
from donate.articles.sanitise import sanitise
from donate.articles.story import Story
from donate.errors import Unreadable

ARABIC = "هذا خبر من عمّان عن المياه التي في المدينة"
HEBREW = "זה סיפור של העיר על המים והוא לא חדש"
ENGLISH = "It’s a “café” story"
FEED = (
    '<?xml version="1.0"{declared}?>\n<rss version="2.0"><channel><title>t</title><item><title>{words}</title>'
    "<link>https://a.example/1</link><description>{words}.</description></item></channel></rss>"
)
EXPORT = (
    '<?xml version="1.0"{declared}?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>{words}</title>'
    "<content:encoded>{words}.</content:encoded><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
    "</item></channel></rss>"
)
PAGE = (
    "<html><head>{declared}<title>{words}</title></head><body><article><h1>{words}</h1>"
    "<p>{words}. {words}. {words}.</p><p>{words}, {words}.</p></article></body></html>"
)


def only_story(path: Path) -> Story:
    """Read a source that holds one story."""
    (story,) = read_source(str(path), zone="UTC")
    assert isinstance(story, Story)
    return story


@pytest.mark.parametrize("form", [FEED, EXPORT, PAGE], ids=["feed", "export", "page"])
@pytest.mark.parametrize(
    ("words", "real", "declared"),
    [
        (ARABIC, "utf-8", "utf-8"),
        (ARABIC, "utf-8", "iso-8859-1"),
        (ARABIC, "utf-8", "windows-1256"),
        (ARABIC, "utf-8", ""),
        (ARABIC, "utf-8-sig", "utf-8"),
        (ARABIC, "utf-16", "utf-16"),
        (ARABIC, "utf-16-le", "utf-8"),
        (ARABIC, "utf-16-be", ""),
        (ARABIC, "windows-1256", "windows-1256"),
        (ARABIC, "windows-1256", "utf-8"),
        (ARABIC, "windows-1256", ""),
        (HEBREW, "windows-1255", "windows-1255"),
        (HEBREW, "windows-1255", "utf-8"),
        (HEBREW, "windows-1255", "iso-8859-8-i"),
        (HEBREW, "iso-8859-8", "iso-8859-8"),
        (ENGLISH, "windows-1252", "iso-8859-1"),
        (ENGLISH, "windows-1252", "utf-8"),
        (ENGLISH, "utf-8", "rot13"),
    ],
)
def test_the_words_come_out_right(tmp_path: Path, form: str, words: str, real: str, declared: str) -> None:
    said = f' encoding="{declared}"' if declared else ""
    if form is PAGE:
        said = f'<meta charset="{declared}">' if declared else ""
    if "ّ" in words and real == "windows-1256":
        words = words.replace("ّ", "")
    path = tmp_path / "source"
    path.write_bytes(form.format(declared=said, words=words).encode(real))
    story = only_story(path)
    assert story.headline == words
    assert words in sanitise(story.body_html)


def test_one_broken_byte_does_not_make_a_feed_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    content = FEED.format(declared="", words=ARABIC).encode()
    path.write_bytes(content.replace(b"</description>", b"\xff</description>"))
    assert ARABIC in only_story(path).body_html


def test_control_characters_do_not_stop_an_export(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(EXPORT.format(declared="", words="before\x0b\x08after\x00").encode())
    assert only_story(path).headline == "beforeafter"


def test_letters_of_no_known_page_are_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_bytes(FEED.format(declared="", words="\xf0\xe1\xe2\xe3 \xe4\xe5\xe6").encode("latin-1"))
    with pytest.raises(Unreadable) as refused:
        only_story(path)
    assert refused.value.message == "encoding_unknown"
    assert "iconv" in refused.value.values["command"]
