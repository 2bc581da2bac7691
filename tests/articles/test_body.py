"""A body is parted where its paragraphs end, whatever else stands among them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.articles import body
from donate.articles.body import count_paragraphs, part_after, set_dateline

words = st.text(alphabet=st.sampled_from('ab &;"\n'), max_size=6).map(lambda text: text.replace('"', "&quot;"))
inline = st.one_of(
    words,
    st.builds("<em>{}</em>".format, words),
    st.builds('<a href="https://example.org/?a>b">{}</a>'.format, words),
    st.just("<br>"),
)
paragraph = st.builds(
    "<p{}>{}</p>{}".format,
    st.sampled_from(["", "", "", ' class="x"', " lang=ar"]),
    st.lists(inline, max_size=3).map("".join),
    st.sampled_from(["", "\n"]),
)
block = st.one_of(
    paragraph,
    paragraph,
    paragraph,
    st.builds("<blockquote>{}</blockquote>".format, paragraph),
    st.builds("<a href='#'>{}</a>".format, paragraph),
    st.just("<pre>code</pre>"),
    words,
)


@given(html=st.lists(block, max_size=6).map("".join), at=st.integers(1, 7))
def test_a_row_of_paragraphs_is_read_as_it_is_tag_by_tag(html: str, at: int) -> None:
    read = (count_paragraphs(html), part_after(html, at), set_dateline(html, "Amman"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(body, "_ROW", body.re.compile("(?!)"))
        body._Paragraphs.of.cache_clear()
        slowly = (count_paragraphs(html), part_after(html, at), set_dateline(html, "Amman"))
    body._Paragraphs.of.cache_clear()
    assert read == slowly


def test_paragraphs_within_others_are_not_counted() -> None:
    html = "<p>One</p><blockquote><p>Said</p></blockquote><p>Two</p>"
    assert count_paragraphs(html) == 2
    assert part_after(html, 1) == ("<p>One</p>", "<blockquote><p>Said</p></blockquote><p>Two</p>")
    assert part_after(html, 3) == (html, "")


def test_the_dateline_stands_in_the_first_paragraph_and_is_escaped() -> None:
    assert set_dateline("<p>Words</p>", "A<b") == '<p><span class="dateline">[A&lt;b]</span> Words</p>'
    assert set_dateline("No paragraph", "Amman") == "No paragraph"
