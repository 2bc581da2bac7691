"""What an article contains can never run script."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.articles.sanitise import sanitise

_ALLOWED = {
    "a": {"href", "rel"},
    "blockquote": {"class"},
    "span": {"class"},
    "img": {"src", "alt", "width", "height"},
    "p": {"lang", "dir"},
}
_RUNS = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "form",
    "input",
    "button",
    "base",
    "meta",
    "link",
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    """List the elements a browser would make."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def assert_harmless(html: str) -> None:
    """Fail when anything in the HTML could run or reach out."""
    for tag, attributes in elements(html):
        assert tag not in _RUNS
        assert set(attributes) <= _ALLOWED.get(tag, set())
        assert attributes.get("href", "/").startswith(("http://", "https://", "mailto:", "/", "#"))
        assert not attributes.get("href", "/").casefold().startswith(("javascript", "data", "vbscript", "//"))
        assert attributes.get("src", "/static/").startswith(("https://", "/static/"))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<img src="https://a.example/x.png" onload="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java\tscript:alert(1)">x</a>',
        '<a href="//evil.example">x</a>',
        '<a href="/\\evil.example">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
        '<img src="http://plain.example/x.png">',
        '<img src="/static/../donate">',
        '<p style="background:url(javascript:alert(1))">x</p>',
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<b onmouseover=alert(1)>x</b>",
        '<form action="/donate"><input name=amount></form>',
        "<!--><script>alert(1)</script>-->",
        '<a href="https://a.example" target="_blank" rel="opener">x</a>',
    ],
)
def test_hostile_html_comes_out_harmless(hostile: str) -> None:
    assert_harmless(sanitise(hostile))


_piece = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "<script>",
            "</script>",
            "<img src=",
            "onerror=",
            "alert(1)",
            "'",
            '"',
            ">",
            "<a href=",
            "javascript:",
            "<svg",
            "<b>",
            "<i ",
            "</h1>",
            "<style>",
            "<!--",
            "-->",
            "<math>",
            "<p style=",
            "data:",
            "/static/",
            "<template>",
            "&#x6a;",
        ]
    ),
)


@given(st.lists(_piece, max_size=25).map("".join))
def test_nothing_that_runs_ever_comes_through(html: str) -> None:
    clean = sanitise(html)
    assert_harmless(clean)
    assert sanitise(clean) == clean


def test_an_articles_own_parts_stay() -> None:
    html = (
        '<p><span class="dateline">[Amman]</span> Text with <em>stress</em>, <strong>weight</strong> and a '
        '<a href="https://a.example/x" rel="noopener">link</a>.</p>'
        '<blockquote class="pull"><p>Words</p><footer>Someone</footer></blockquote><h2>Part</h2><ul><li>One</li></ul>'
        '<figure><img src="/static/x.svg" alt="A tree"><figcaption>A <cite>tree</cite></figcaption></figure>'
    )
    assert sanitise(html) == html


def test_old_names_for_the_same_thing_are_kept_as_ours() -> None:
    assert sanitise("<h1>Part</h1><p><b>bold</b> <i>stress</i></p>") == (
        "<h2>Part</h2><p><strong>bold</strong> <em>stress</em></p>"
    )


def test_other_classes_go() -> None:
    assert sanitise('<blockquote class="pull wide"><span class="btn">x</span></blockquote>') == (
        '<blockquote class="pull"><span>x</span></blockquote>'
    )
