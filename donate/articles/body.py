"""The body as a page shows it: its dateline set in, parted where the ask stands, its words counted."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

from markupsafe import Markup

_WORDS_A_MINUTE = 220
_VOID = frozenset({"img", "br", "hr"})


def minutes_to_read(body_html: str) -> int:
    """Tell how many minutes a body takes to read, at least one."""
    words = len(re.sub(r"<[^>]*>", " ", body_html).split())
    return max(1, round(words / _WORDS_A_MINUTE))


def set_dateline(body_html: str, dateline: str) -> str:
    """Put the dateline, in its brackets, at the start of the first paragraph.

    Args:
        body_html: Sanitised HTML.
        dateline: Such as ``Amman``; empty changes nothing.
    """
    starts = _Paragraphs.of(body_html).starts
    if not dateline or not starts:
        return body_html
    at = starts[0]
    # As plain text: joined as Markup the body itself would be escaped.
    mark = str(Markup('<span class="dateline">[{}]</span> ').format(dateline))
    return body_html[:at] + mark + body_html[at:]


def count_paragraphs(body_html: str) -> int:
    """Count the paragraphs of a body; those inside quotes and lists are not counted."""
    return len(_Paragraphs.of(body_html).ends)


def part_after(body_html: str, paragraph: int) -> tuple[str, str]:
    """Part a body after a paragraph, where the inline ask goes.

    Args:
        body_html: Sanitised HTML.
        paragraph: Counted from 1.

    Returns:
        What stands before and what after; the second is empty when there are not so many paragraphs.
    """
    ends = _Paragraphs.of(body_html).ends
    if not 1 <= paragraph <= len(ends):
        return body_html, ""
    at = ends[paragraph - 1]
    return body_html[:at], body_html[at:]


class _Paragraphs(HTMLParser):
    """Finds where the outermost paragraphs start and end, in characters of the source."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.depth = 0
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", source))]

    @staticmethod
    @lru_cache(maxsize=256)
    def of(source: str) -> _Paragraphs:
        """Read a body, once for the several questions a page asks of it."""
        reader = _Paragraphs(source)
        reader.feed(source)
        reader.close()
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where an outermost paragraph's text begins."""
        if tag == "p" and self.depth == 0:
            self.starts.append(self._here() + len(self.get_starttag_text() or ""))
        if tag not in _VOID:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        """Note where an outermost paragraph is over."""
        if tag not in _VOID:
            self.depth = max(0, self.depth - 1)
        if tag == "p" and self.depth == 0:
            self.ends.append(self._here() + len("</p>"))

    def _here(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column
