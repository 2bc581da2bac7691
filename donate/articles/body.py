"""The body as a page shows it: its dateline set in, parted where the ask stands, its words counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

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


# Bodies are sanitised: every "<" begins a tag, balanced and closed, and only quotes may hold a ">".
# Paragraphs and nothing beside them: none holds another, and none has an attribute in quotes.
_ROW = re.compile(r"""(?:<p(?:\s[^>"']*)?>[^<]*(?:<(?!/?p[\s>])[^<]*)*</p>\s*)+""")
_END = re.compile("</p>")
_TAG = re.compile(r"""<(/?)(\w+)(?:[^>"']|"[^"]*"|'[^']*')*>""")


@dataclass(frozen=True)
class _Paragraphs:
    """Where the text of the first of the outermost paragraphs starts, and where all their tags end, in characters.

    Args:
        starts: Of the first, at least.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @staticmethod
    @lru_cache(maxsize=256)
    def of(body_html: str) -> _Paragraphs:
        """Read a body, once for the several questions a page asks of it."""
        if _ROW.fullmatch(body_html):  # as most stories are: no other tag needs to be looked at
            return _Paragraphs((body_html.index(">") + 1,), tuple([end.end() for end in _END.finditer(body_html)]))
        depth, starts, ends = 0, [], []
        for tag in _TAG.finditer(body_html):
            closes, name = tag.groups()
            if name in _VOID:
                continue
            if closes:
                depth = max(0, depth - 1)
                if name == "p" and depth == 0:
                    ends.append(tag.end())
            else:
                if name == "p" and depth == 0:
                    starts.append(tag.end())
                depth += 1
        return _Paragraphs(tuple(starts), tuple(ends))
