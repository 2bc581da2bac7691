"""HTML as other sites write it, made into plain paragraphs, with no sentence lost and none run into the next."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

import nh3

# A paragraph each, whatever the site called them.
_PARTING = {
    *("p", "div", "section", "article", "main", "header", "footer", "aside", "address", "center", "nav", "hgroup"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "dl", "dt", "dd", "details", "summary"),
    *("fieldset", "pre"),
}
# What stays as it is, with everything in it.
_WHOLE = {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "figure"}
_INLINE = {
    *("a", "em", "strong", "b", "i", "cite", "span", "mark", "bdi", "sub", "sup", "img", "br"),
    *("li", "figcaption", "blockquote"),
}
_VOID = {"img", "br"}
_GONE = {"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math", "select"}
# Stand in the text where a paragraph, a source line or a <br> ends; no clean text holds them.
_PARAGRAPH, _LINE, _BREAK = "\x00", "\x01", "\x02"
_PARTS = re.compile(rf"[\s\x01\x02]*{_PARAGRAPH}[\s\x00\x01\x02]*|(?:\s*{_BREAK}[\s\x01]*){{2,}}")
_EDGES = " \t\r\n\xa0\x01\x02"
_TAG = re.compile(r"""<(?P<slash>/?)(?P<name>[a-z][a-z0-9]*)(?:"[^"]*"|[^>"])*>""")
_CLOSED_AT_ONCE = re.compile(r"(?i)<(?:iframe|object|embed|script|video|audio|svg|canvas)\b[^<>]*/>")
_EMPTY = re.compile(r"<(em|strong|b|i|span|cite|sub|sup|mark|bdi)></\1>")
_DATELINE = re.compile(
    r"(?P<before>\s*(?:<figure\b.*?</figure>\s*)*<p\b[^>]*>\s*(?:<(?:strong|b|em|i|span)\b[^>]*>\s*)*)"
    r"\[(?P<place>[^\[\]<>.!?]{2,60})\](?P<after>(?:\s*</(?:strong|b|em|i|span)>)*)(?:\s|&nbsp;|\xa0)*",
    re.DOTALL,
)


def to_paragraphs(html: str, *, base: str = "", newlines: bool = False) -> str:
    """Make paragraphs of HTML: loose text is wrapped, blocks that a page may not contain part the text they held.

    Args:
        html: From anywhere.
        base: The page's address: what is linked relative to it becomes whole.
        newlines: Whether an empty line parts paragraphs and a line end is a ``<br>``, as in plain text and in
            WordPress's own store.

    Returns:
        HTML still to be sanitised.
    """
    reader = _Paragrapher(newlines=newlines)
    spaced = _MUCH_SPACE.sub(lambda found: "\n\n" if "\n" in found[0] else " ", _CONTROLS.sub("", html))
    reader.feed(_cleaner(base).clean(_let_go(spaced)))
    reader.close()
    reader.flush()
    return "\n".join(reader.done)


def plain(html: str) -> str:
    """Take the words out of HTML, on one line."""
    spaced = re.sub(r"(?i)</?(br|p|div|li|h\d|td|figcaption|blockquote)\b[^<>]*>", " ", html)
    bare = nh3.clean(_flat(spaced), tags=set(), clean_content_tags={"script", "style", "iframe", "object", "template"})
    return re.sub(r"\s+", " ", unescape(bare)).strip()


def lift_dateline(html: str) -> tuple[str, str]:
    """Take the dateline from a body's start.

    Args:
        html: Paragraphs, the first perhaps beginning ``[Amman]``.

    Returns:
        The dateline without its brackets, or nothing; and the body without it.
    """
    found = _DATELINE.match(html)
    if found is None:
        return "", html
    opening = re.sub(r"<(strong|b|em|i|span)\b[^>]*>\s*$", "", found["before"]) if found["after"] else found["before"]
    closing = re.sub(r"^\s*</(strong|b|em|i|span)>", "", found["after"]) if found["after"] else ""
    rest = html[found.end() :]
    body = opening + closing + rest
    if re.match(r"\s*</p>", rest) and not closing:
        body = re.sub(r"<p\b[^>]*>\s*$", "", opening) + re.sub(r"^\s*</p>\s*", "", rest)
    return unescape(found["place"]).strip(), body


class _Paragrapher(HTMLParser):
    """Walks over clean, balanced HTML; what it gathers between two blocks is one run of text."""

    def __init__(self, *, newlines: bool) -> None:
        super().__init__(convert_charrefs=False)
        self.done: list[str] = []
        self._newlines = newlines
        self._run: list[str] = []
        self._open = "<p>"
        self._whole = 0
        self._pre = 0
        self._in_p = False
        self._carried: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block, or go on with the run."""
        text = self.get_starttag_text() or ""
        if self._whole:
            self._whole += tag not in _VOID
            self._run.append(" " if tag in _PARTING else text)
        elif tag in _PARTING:
            self.flush()
            self._pre += tag == "pre"
            self._in_p = tag == "p"
            self._open = text if tag == "p" else "<p>"
        elif tag in _WHOLE:
            self.flush()
            self._whole = 1
            self._run.append(text)
        elif tag == "blockquote":
            self.flush()
            self.done.append(text)
        else:
            self._run.append(_BREAK if tag == "br" else text)

    def handle_endtag(self, tag: str) -> None:
        """Close a block, or go on with the run."""
        if self._whole:
            self._run.append(" " if tag in _PARTING else f"</{tag}>")
            self._whole -= 1
            if not self._whole:
                self.done.append("".join(self._run))
                self._run = []
        elif tag in _PARTING or tag == "blockquote":
            self.flush()
            self._pre -= tag == "pre"
            self._in_p = False
            self._open = "<p>"
            if tag == "blockquote":
                self.done.append("</blockquote>")
        elif tag not in _VOID:
            self._run.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Take text; mark where its lines end, where that means something."""
        if not self._whole and (self._pre or (self._newlines and not self._in_p)):
            data = re.sub(r"\r\n?", "\n", data)
            data = re.sub(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*)+", _PARAGRAPH, data).replace("\n", _LINE)
        self._run.append(data)

    def handle_entityref(self, name: str) -> None:
        """Take a named character as it stands."""
        self._run.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Take a numbered character as it stands."""
        self._run.append(f"&#{name};")

    def flush(self) -> None:
        """End the run: each of its paragraphs that says or shows something stays."""
        joined, self._run = "".join(self._run), []
        for part in _PARTS.split(joined):
            text = self._balance(part.strip(_EDGES))
            says = _TAG.sub("", text).replace("&nbsp;", " ").strip(_EDGES)
            if says:
                self.done.append(f"{self._open}{_with_breaks(text)}</p>")
            elif "<img" in text:
                self.done.append(f"<figure>{_with_breaks(text)}</figure>")

    def _balance(self, text: str) -> str:
        """Close what a paragraph leaves open, such as ``<em>``, and open it again in the next one."""
        opening = "".join(tag for _name, tag in self._carried)
        for found in _TAG.finditer(text):
            name = found["name"]
            if not found["slash"] and name not in _VOID:
                self._carried.append((name, found[0]))
            elif self._carried and self._carried[-1][0] == name:
                self._carried.pop()
        closing = "".join(f"</{name}>" for name, _tag in reversed(self._carried))
        return _EMPTY.sub("", opening + text + closing)


def _let_go(html: str) -> str:
    """Take out frames and players that never end: the rest of the story would vanish with them."""
    html = _CLOSED_AT_ONCE.sub("", html)
    for name in ("iframe", "object", "embed", "noscript", "video", "audio", "applet"):
        if len(re.findall(rf"(?i)<{name}\b", html)) != len(re.findall(rf"(?i)</{name}\s*>", html)):
            html = re.sub(rf"(?i)</?{name}\b[^<>]*>?", "", html)
    return _flat(html)


def _flat(html: str) -> str:
    """Keep only the words of markup that is nested deeper than any page: parsers take the square of the depth."""
    depth = deepest = 0
    for found in _NESTING.finditer(html):
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    return html if deepest <= _DEEPEST else re.sub(r"(?:<[^<>]*>?\s*)+", " ", html)


def _with_breaks(text: str) -> str:
    return re.sub(rf"\s*{_BREAK}\s*{_LINE}?|{_LINE}", "<br>", text)


_DEEPEST = 300
# Those that HTML lets stand without an end are no nesting.
_NESTING = re.compile(r"(?i)<(/?)(?!(?:p|li|td|th|tr|dt|dd|br|img|hr|input|meta|link|option|source|wbr)\b)[a-z]")
_MUCH_SPACE = re.compile(r"\s{64,}")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _cleaner(base: str) -> nh3.Cleaner:
    def _whole_address(_tag: str, attribute: str, value: str) -> str:
        if base and attribute in ("href", "src") and not value.startswith("#"):
            try:
                return urljoin(base, value.strip())
            except ValueError:
                return value
        return value

    return nh3.Cleaner(
        tags=_PARTING | _WHOLE | _INLINE,
        clean_content_tags=_GONE,
        attributes={
            "a": {"href"},
            "blockquote": {"class"},
            "img": {"src", "alt", "width", "height"},
            "p": {"lang", "dir"},
            "span": {"class"},
        },
        attribute_filter=_whole_address,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )
