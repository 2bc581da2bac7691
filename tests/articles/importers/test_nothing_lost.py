"""Whatever an export or a feed holds, each of its paragraphs stands in the story, in order, as often as it was said."""

from __future__ import annotations

import io
import json
import re
from html import escape, unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from donate.articles.importers.feed import read_feed
from donate.articles.importers.wordpress_rest import read_wordpress_rest
from donate.articles.importers.wxr import read_wxr
from donate.articles.sanitise import sanitise
from donate.articles.story import Skipped, Story

WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            ["water", "said", "“No”,", "[sic]", "1 < 2", "a & b", "3 > 2", "ماء", "المدينة", "מים", "העיר"]
        ),
        st.text("abcxyz אבג ابت éñ’…", min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=8,
).map(lambda words: " ".join(" ".join(words).split()))
PARAGRAPHS = st.lists(WORDS.filter(lambda words: re.search(r"\w", words) is not None), min_size=1, max_size=8)
# How a site may write one paragraph, and one after another.
WAYS = st.sampled_from(
    [
        "<p>{}</p>",
        "<p>{}</p>\n",
        "<div>{}</div>",
        "<div><p>{}</p></div>",
        "<p><span style='x'>{}</span></p>",
        "{}<br><br>",
        "<!-- wp:paragraph -->\n<p>{}</p>\n<!-- /wp:paragraph -->\n\n",
        "<section><div>{}</div></section>",
        "<p><strong>{}</strong></p>",
        "<center>{}</center>",
        "<p>{}</p><iframe src='https://x.example'></iframe>",
    ]
)


def spoken(story: Story | Skipped) -> list[str]:
    """Give a body's paragraphs as a reader sees them, its dateline before the first."""
    assert isinstance(story, Story)
    found = re.findall(r"<p\b[^>]*>(.*?)</p>", sanitise(story.body_html), re.S)
    said = [" ".join(unescape(re.sub(r"<[^>]+>", "", each)).split()) for each in found]
    if story.dateline:
        said[0:0] = [f"[{story.dateline}]"]
    return said


def same(story: Story | Skipped, paragraphs: list[str]) -> bool:
    """Tell whether nothing was lost, doubled or moved."""
    return " ".join(spoken(story)).split() == " ".join(paragraphs).split()


@settings(max_examples=150, deadline=None)
@given(PARAGRAPHS, st.lists(WAYS, min_size=8, max_size=8))
def test_no_paragraph_is_lost_from_html(paragraphs: list[str], ways: list[str]) -> None:
    html = "".join(way.format(escape(words, quote=False)) for words, way in zip(paragraphs, ways, strict=False))
    item = f"<title>t</title><link>https://a.example/1</link><description>{escape(html)}</description>"
    feed = f'<rss version="2.0"><channel><item>{item}</item></channel></rss>'
    (story,) = read_feed(io.BytesIO(feed.encode()), "feed")
    assert same(story, paragraphs)
    encoded = feed.replace("description>", "content:encoded>").replace(
        "<rss", '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    (story,) = read_feed(io.BytesIO(encoded.encode()), "feed")
    assert same(story, paragraphs)
    posts = json.dumps([{"title": {"rendered": "t"}, "content": {"rendered": html}}])
    (story,) = read_wordpress_rest(io.BytesIO(posts.encode()), "posts", zone="UTC")
    assert same(story, paragraphs)
    (story,) = read_wxr(io.BytesIO(export(html).encode()), "export", zone="UTC")
    assert same(story, paragraphs)


@settings(max_examples=80, deadline=None)
@given(PARAGRAPHS, st.sampled_from(["\n\n", "\r\n\r\n", "\n \n", "\n\n\n<!--more-->", "\n\n[gallery]\n\n"]))
def test_no_paragraph_is_lost_from_plain_text(paragraphs: list[str], between: str) -> None:
    text = between.join(escape(words, quote=False) for words in paragraphs)
    (story,) = read_wxr(io.BytesIO(export(text).encode()), "export", zone="UTC")
    assert same(story, paragraphs)


def export(body: str) -> str:
    """Write an export of one post."""
    return (
        '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>t</title>'
        f"<content:encoded><![CDATA[{body.replace(']]>', ']]]]><![CDATA[>')}]]></content:encoded>"
        "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item></channel></rss>"
    )
