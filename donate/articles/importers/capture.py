"""A plain-text capture of a news page: find the story in it and leave the page's furniture behind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from markupsafe import Markup

from donate.articles.importers.byline import at_noon, find_date, is_date_line, read_byline
from donate.articles.importers.decode import read_text
from donate.articles.importers.furniture import (
    Masthead,
    compact,
    cut_tail,
    ends_like_a_sentence,
    has_quote,
    is_call,
    is_label,
)
from donate.articles.importers.headline import Headline, find_headline
from donate.articles.importers.language import guess_language
from donate.articles.importers.pull_quotes import PullQuote, find_pull_quotes
from donate.articles.slug import slug_from
from donate.articles.story import Story
from donate.errors import Unreadable

SOURCE = "capture"

_DATELINE = re.compile(r"\[(?P<place>[^\[\].!?]{2,60})\]\s*")
_CREDIT_LINE = re.compile(
    r"(?i)(photo|picture|image|drawing|credit|courtesy|صورة|تصوير|צילום)s?(\s+(by|of|credit))?\s*:?\s+(?P<who>.+)"
)
_AGENCIES = re.compile(
    r"(?i)\b(afp|ap|reuters|getty|images?|photos?|epa|flash90|courtesy|credit|via|wikimedia|creative commons|gpo)\b|/"
)
_EDGES = " \t\f\u00a0\u200b\ufeff\u200e\u200f"


@dataclass
class _Parts:
    """What has been told apart so far."""

    headline: str
    deck: str = ""
    dateline: str = ""
    byline: str = ""
    day: date | None = None
    caption: str = ""
    credit: str = ""
    paragraphs: list[str] = field(default_factory=list)


def read_capture(path: Path) -> Story:
    """Read the story in a capture.

    Args:
        path: A text file of at most 5 MB.

    Raises:
        Unreadable: What ``read_text`` and ``parse_capture`` say.
    """
    return parse_capture(read_text(path), str(path))


def parse_capture(text: str, what: str = "") -> Story:
    """Tell the story in a page's text from the page.

    Every paragraph between the headline and the page's foot stays, in order and as it was written.

    Args:
        text: The page's text, a paragraph a line.
        what: The file's name, for messages.

    Raises:
        Unreadable: ``headline_missing``, ``body_missing``.
    """
    lines = [line.strip(_EDGES) for line in re.split(r"\r\n|[\n\r\u2028\u2029\x0b]", text)]
    headline = find_headline(lines)
    if headline is None:
        raise Unreadable("headline_missing", what=what)
    masthead = Masthead(lines[: headline.first])
    parts = _Parts(headline.text)
    _read_caption(parts, lines, headline, masthead)
    body = cut_tail(lines[headline.last + 1 :], masthead)
    _read_body(parts, [line for line in body if line], masthead)
    if not parts.paragraphs:
        raise Unreadable("body_missing", what=what)
    return _story(parts)


def _read_caption(parts: _Parts, lines: list[str], headline: Headline, masthead: Masthead) -> None:
    """Read what stands between the headline and its repetition: the picture's caption and credit."""
    if headline.first == headline.last:
        above = [line for line in lines[: headline.first] if line][-1:]
        if above and _is_caption(above[0]):
            parts.caption, parts.credit = _part_credit(above[0])
    after = next((line for line in lines[headline.last + 1 :] if line), "")
    for line in lines[headline.first + 1 : headline.last]:
        if not line or line == after or line == headline.text or _is_furniture(line, masthead):
            continue
        if _read_credits(parts, line):
            continue
        if found := _CREDIT_LINE.fullmatch(line):
            parts.credit = parts.credit or found["who"]
            continue
        caption, credit = _part_credit(line)
        parts.caption = f"{parts.caption} {caption}".strip()
        parts.credit = parts.credit or credit


def _part_credit(line: str) -> tuple[str, str]:
    """Part a caption from the credit in parentheses at its end; other parentheses belong to the caption."""
    found = re.fullmatch(r"(?P<caption>.*?)\s*\((?P<credit>[^()]{2,150})\)\.?", line)
    if found is None or not _is_credit(found["credit"]):
        return line, ""
    return found["caption"], found["credit"]


def _is_credit(words: str) -> bool:
    if _AGENCIES.search(words):
        return True
    return len(words.split()) <= 6 and not words[0].islower() and not re.search(r"\d", words)


def _read_body(parts: _Parts, lines: list[str], masthead: Masthead) -> None:
    rest = _read_opening(parts, lines, masthead)
    for line in rest:
        if not (is_label(line) or masthead.has(line)):
            parts.paragraphs.append(line)
    _read_dateline(parts)


def _read_opening(parts: _Parts, lines: list[str], masthead: Masthead) -> list[str]:
    """Read what stands between the headline and the first paragraph: deck, byline, date, buttons."""
    for at, line in enumerate(lines):
        if _is_furniture(line, masthead) or _read_credits(parts, line):
            continue
        if not parts.caption and at < 4 and _is_caption(line):
            parts.caption, parts.credit = _part_credit(line)
        elif not parts.byline and _is_author(lines, at):
            parts.byline = line
        elif not parts.deck and _is_deck(parts, lines, at):
            parts.deck = line
        else:
            return lines[at:]
    return []


def _is_caption(line: str) -> bool:
    credit = _part_credit(line)[1]
    return bool(credit) and bool(_AGENCIES.search(credit))


def _is_deck(parts: _Parts, lines: list[str], at: int) -> bool:
    """Tell whether a line is the deck: no sentence, or a sentence with the byline or the dateline after it."""
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if not following or len(line) > 400 or _DATELINE.match(line):
        return False
    if _DATELINE.match(following):
        return True
    if parts.byline or parts.day:
        return False
    if read_byline(following) or is_date_line(following) or _is_author(lines, at + 1):
        return True
    return (
        not ends_like_a_sentence(line) and not has_quote(line) and len(line) <= 300 and len(following) > len(line) // 2
    )


def _is_author(lines: list[str], at: int) -> bool:
    """Tell whether a line is a name alone, which only the date or the dateline after it gives away."""
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if not (is_date_line(following) or _DATELINE.match(following)) or ends_like_a_sentence(lines[at]):
        return False
    words = lines[at].split()
    return 2 <= len(words) <= 5 and all(word[0].isupper() and word[0].isalpha() for word in words)


def _read_credits(parts: _Parts, line: str) -> bool:
    """Take a line that says only who or when."""
    if found := read_byline(line):
        parts.byline = parts.byline or found[0]
        parts.day = parts.day or found[1]
        return True
    if is_date_line(line):
        parts.day = parts.day or find_date(line)
        return True
    return False


def _read_dateline(parts: _Parts) -> None:
    if not parts.paragraphs or not (found := _DATELINE.match(parts.paragraphs[0])):
        return
    parts.dateline = found["place"].strip()
    rest = parts.paragraphs[0][found.end() :]
    parts.paragraphs[0:1] = [rest] if rest else []


def _is_furniture(line: str, masthead: Masthead) -> bool:
    return is_call(line) or masthead.has(line)


def _story(parts: _Parts) -> Story:
    identity = slug_from(parts.headline) or compact(parts.headline)
    return Story(
        source=SOURCE,
        guid=f"{identity}@{parts.day.isoformat()}" if parts.day else identity,
        headline=parts.headline,
        body_html=_body_html(parts.paragraphs),
        language=guess_language(" ".join(parts.paragraphs)),
        deck=parts.deck,
        dateline=parts.dateline,
        byline=parts.byline,
        image_caption=parts.caption,
        image_credit=parts.credit,
        published_at=at_noon(parts.day),
    )


def _body_html(paragraphs: list[str]) -> str:
    pulled = find_pull_quotes(paragraphs)
    return "\n".join(_element(paragraph, pulled.get(at)) for at, paragraph in enumerate(paragraphs))


def _element(paragraph: str, pulled: PullQuote | None) -> str:
    if pulled is None:
        return Markup("<p>{}</p>").format(paragraph)
    footer = Markup("<footer>{}</footer>").format(pulled.speaker) if pulled.speaker else ""
    return Markup('<blockquote class="pull"><p>{}</p>{}</blockquote>').format(paragraph, footer)
