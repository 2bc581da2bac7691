"""What a story's own words suggest saying of it: a correction, proposed to an editor and never set by itself."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping

from donate.articles.fold import fold

#: So much of the words that suggest it is kept, for the editor to see.
MOST_LETTERS = 300

# An update tells what is new and puts nothing right, so it suggests nothing; a clarification mends what was understood.
_OPENERS = (
    r"corrections?|corrected|clarifications?|erratum"
    r"|تصحيح(?: خطأ| واعتذار)?|تصويب|استدراك|توضيح"
    r"|תיקון(?: טעות| והבהרה)?|הבהרה"
)
# "Correction:", "Correction (3 March):", "Correction, March 3, 2026:", "CORRECTION –"; not "Correction officers say:".
_WHEN = r"(?:\s*[,،(\[][^:：]{0,40}|\s+\d[^:：]{0,40})?"
_OPENS = re.compile(rf"(?:{_OPENERS}){_WHEN}\s*(?:[:：]|\s[–—-]\s)", re.IGNORECASE)
_OPENER = re.compile(rf"(?:{_OPENERS})", re.IGNORECASE)
_BLOCKS = "p|h[1-6]|li|ul|ol|div|blockquote|figcaption|figure|table|tr|td|th|pre|br|hr"
_BREAKS = re.compile(rf"</?(?:{_BLOCKS})\b[^>]*>")
_BEFORE = " \t\n\u00a0*•·[(\"'“”‘’«»–—-_"
# What stands in the record where nothing was corrected, folded as searching folds it.
_NONE = re.compile(
    r"(?:none|nothing|nil|na|n a|no)(?: (?:yet|so far|to date|known|until now))?|no corrections?(?: .{0,20})?"
    r"|لا شيء|لا شء|لا يوجد(?: .{0,20})?|لا توجد(?: .{0,20})?|لا تصحيحات?|لم يصحح شيء|بلا|بدون"
    r"|אין(?: .{0,20})?|לא היו(?: .{0,20})?|ללא(?: .{0,20})?"
)


def correcting_words(body_html: str, record: Mapping[str, str] | None) -> str:
    """Give the words by which a story says that it was corrected; empty where it says no such thing.

    Args:
        body_html: Sanitised HTML.
        record: What stands beside the story, with its ``corrections``.
    """
    noted = " ".join(str((record or {}).get("corrections") or "").split())
    if fold(noted) and not _NONE.fullmatch(fold(noted)):
        return noted[:MOST_LETTERS]
    if not _OPENER.search(body_html):
        return ""
    blocks = [block for block in map(_plain, _BREAKS.split(body_html)) if block]
    for at, block in enumerate(blocks):
        words = block.lstrip(_BEFORE)
        if _OPENS.match(words):
            return words[:MOST_LETTERS]
        if _OPENER.fullmatch(words.rstrip(" :：.])*")) and at + 1 < len(blocks):
            return f"{words} {blocks[at + 1]}"[:MOST_LETTERS]
    return ""


def proposals_after_import(
    proposed: Mapping[str, Mapping[str, str]], flags: Mapping[str, Mapping[str, str]], words: str
) -> dict[str, dict[str, str]]:
    """Give a story's proposals after its words were written again.

    What was waved away stays so while the words are the same; what is set is proposed no more.

    Args:
        proposed: As the article's row keeps them.
        flags: Likewise, as they are now.
        words: What ``correcting_words`` found.
    """
    others = {flag: dict(how) for flag, how in proposed.items() if flag != "correction"}
    if not words or "correction" in flags:
        return others
    known = proposed.get("correction", {})
    is_known = known.get("why") == words
    return {**others, "correction": {"why": words, "is": known["is"] if is_known else "open"}}


def _plain(block: str) -> str:
    text = html.unescape(re.sub(r"<[^>]*>", "", block))
    # What only directs letters, as Arabic and Hebrew editors type it, would hide the word's start.
    return " ".join("".join(letter for letter in text if unicodedata.category(letter) != "Cf").split())
