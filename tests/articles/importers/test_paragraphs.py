"""Other sites' HTML becomes paragraphs: no sentence is lost, none runs into the next."""

from __future__ import annotations

import pytest

from donate.articles.importers.language import language_of
from donate.articles.importers.paragraphs import lift_dateline, plain, to_paragraphs
from donate.articles.importers.shortcodes import unfold_shortcodes
from donate.articles.sanitise import sanitise


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("One<br><br>Two<br />Three", "<p>One</p>\n<p>Two<br>Three</p>"),
        ("<div>One</div><div>Two<section>Three</section></div>", "<p>One</p>\n<p>Two</p>\n<p>Three</p>"),
        ("a<b>b<p>c</p></b>d", "<p>a<strong>b</strong></p>\n<p><strong>c</strong></p>\n<p>d</p>"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "<p>1</p>\n<p>2</p>"),
        ("<ul><li>a<div>b</div></li></ul>c", "<ul><li>a b </li></ul>\n<p>c</p>"),
        ("<blockquote>loose<p>set</p></blockquote>", "<blockquote>\n<p>loose</p>\n<p>set</p>\n</blockquote>"),
        ("<p>&nbsp;</p><p><br></p><p></p>x", "<p>x</p>"),
        ("<pre>one\ntwo\n\nthree</pre>", "<p>one<br>two</p>\n<p>three</p>"),
        ('<p dir="rtl">أ<br><br>ب</p>', '<p dir="rtl">أ</p>\n<p dir="rtl">ب</p>'),
        ('<img src="https://a.example/b.jpg">', '<figure><img src="https://a.example/b.jpg"></figure>'),
        # What never ends must not take the rest of the story with it.
        ('before<iframe src="x"/> after', "<p>before after</p>"),
        ('before<iframe src="x"> after', "<p>before after</p>"),
        ("before<object data=x><embed> after", "<p>before after</p>"),
        ('before<script src="x"/> after', "<p>before after</p>"),
        ("before<iframe>not shown</iframe> after", "<p>before after</p>"),
    ],
)
def test_blocks_of_every_kind_become_paragraphs(html: str, expected: str) -> None:
    assert sanitise(to_paragraphs(html)) == expected


def test_empty_lines_part_paragraphs_where_they_mean_something() -> None:
    text = "One <em>two\n\nthree</em> four\nfive\r\n \r\nsix"
    parted = "<p>One <em>two</em></p>\n<p><em>three</em> four<br>five</p>\n<p>six</p>"
    assert to_paragraphs(text, newlines=True) == parted
    assert to_paragraphs("<p>one\n\ntwo</p>three", newlines=True) == "<p>one\n\ntwo</p>\n<p>three</p>"
    assert to_paragraphs("one\n\ntwo") == "<p>one\n\ntwo</p>"


def test_what_is_linked_relative_to_its_page_becomes_whole() -> None:
    html = to_paragraphs('<a href="../b">x</a> <a href="#c">y</a>', base="https://a.example/d/e")
    assert html == '<p><a href="https://a.example/b">x</a> <a href="#c">y</a></p>'


@pytest.mark.parametrize(
    ("html", "dateline", "rest"),
    [
        ("<p>[Amman] Text</p>", "Amman", "<p>Text</p>"),
        ("<p><strong>[القدس]</strong> نص</p>", "القدس", "<p>نص</p>"),
        ("<p>[Haifa]</p>\n<p>Text</p>", "Haifa", "<p>Text</p>"),
        ("<figure><img></figure>\n<p>[Haifa]&nbsp;Text</p>", "Haifa", "<figure><img></figure>\n<p>Text</p>"),
        ("<p>Text [sic]</p>", "", "<p>Text [sic]</p>"),
        ("<p>[He said it. Twice.] Text</p>", "", "<p>[He said it. Twice.] Text</p>"),
    ],
)
def test_the_dateline_is_lifted_from_the_start(html: str, dateline: str, rest: str) -> None:
    assert lift_dateline(html) == (dateline, rest)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('a[gallery ids="1,2"]b', "ab"),
        ("a[gallery]b", "ab"),
        ("[su_box title='x']inside[/su_box]", "inside"),
        ("[box]inside[/box]", "inside"),
        ("[vc_row][vc_column]inside[/vc_column][/vc_row]", "inside"),
        ("he [sic] said [1] in [Amman]", "he [sic] said [1] in [Amman]"),
        ('[caption caption="old words"]<img src="x">[/caption]', "<figcaption>old words</figcaption>"),
        ("[caption]no picture[/caption]", "no picture"),
        ("[embed]https://a.example/?b=1&amp;c=2[/embed]", ">https://a.example/?b=1&amp;c=2</a>"),
    ],
)
def test_shortcodes_leave_their_words(text: str, left: str) -> None:
    done = unfold_shortcodes(text)
    assert left in done
    if not left.startswith(("<", ">")):
        assert done == left


def test_words_are_taken_out_of_html() -> None:
    html = "<b>One</b><br>two &amp; <script>no</script>three<p>four</p>five &lt;b&gt;"
    assert plain(html) == "One two & three four five <b>"


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("مرحبا بكم", "en-US", "ar"),
        ("שלום לכולם", "en", "he"),
        ("سلام دنیا", "fa-IR", "fa"),
        ("Hello", "ar", "en"),
        ("Bonjour", "fr-FR", "fr"),
        ("Hello", "", "en"),
        ("שלום", "iw", "he"),
        ("", None, "en"),
    ],
)
def test_a_storys_letters_win_over_what_its_site_declares(text: str, declared: str | None, language: str) -> None:
    assert language_of(text, declared) == language
