"""Find a captured page's headline: the line that a page prints twice, over its picture and over its story."""

from __future__ import annotations

import re
from dataclasses import dataclass

from donate.articles.importers.byline import is_date_line, read_byline
from donate.articles.importers.furniture import compact, ends_like_a_sentence, is_call

# Between the two stand a caption, a credit, a date, some buttons.
_MOST_LINES_BETWEEN = 8
_LINES_TO_PROSE = 8
_PROSE = 90
_MOST_WORDS = 40
# No page has more lines than this above its story.
_HEAD = 600


@dataclass(frozen=True)
class Headline:
    """Where the headline stands first and last, as places in the list of lines."""

    text: str
    first: int
    last: int


def find_headline(lines: list[str]) -> Headline | None:
    """Find the headline.

    Args:
        lines: The page's lines, empty ones included.

    Returns:
        The line printed twice that the story follows; else the last title-like line before the first
        paragraph; else none.
    """
    filled = [(at, line) for at, line in enumerate(lines) if line][:_HEAD]
    pairs = [pair for pair in _pairs(filled) if _story_follows(lines, pair.last)]
    long_enough = [pair for pair in pairs if len(pair.text.split()) >= 4]
    if long_enough:
        return min(long_enough, key=lambda pair: pair.first)
    if pairs:
        return max(pairs, key=lambda pair: len(pair.text))
    return _single(filled)


def _pairs(filled: list[tuple[int, str]]) -> list[Headline]:
    pairs: dict[str, Headline] = {}
    places: dict[str, int] = {}
    for place, (at, line) in enumerate(filled):
        if not _could_be_title(line):
            continue
        key = compact(_without_site(line))
        before = places.get(key)
        if before is not None and place - before - 1 <= _MOST_LINES_BETWEEN:
            first = pairs[key].first if key in pairs else filled[before][0]
            # A browser's title adds the site's name; the shorter of the two is the headline.
            pairs[key] = Headline(min(line, filled[before][1], key=len), first, at)
        places[key] = place
    return list(pairs.values())


def _could_be_title(line: str) -> bool:
    words = line.split()
    return 2 <= len(words) <= _MOST_WORDS and len(line) <= 300 and not is_call(line) and not is_date_line(line)


def _without_site(line: str) -> str:
    head, separator, tail = line.rpartition(" | ") if " | " in line else line.rpartition(" - ")
    return head if separator and len(head.split()) >= 4 and len(tail.split()) <= 5 else line


def _story_follows(lines: list[str], last: int) -> bool:
    following = [line for line in lines[last + 1 :] if line][:_LINES_TO_PROSE]
    return any(_is_prose(line) for line in following)


def _is_prose(line: str) -> bool:
    if re.match(r"\[[^\[\]]{2,60}\]\s*\S", line):
        return True
    return (len(line) >= _PROSE or (len(line) >= 40 and ends_like_a_sentence(line))) and not is_call(line)


def _single(filled: list[tuple[int, str]]) -> Headline | None:
    """Find a headline that is printed once: the last title-like line before deck, byline and first paragraph."""
    places = [place for place, (_, line) in enumerate(filled) if _is_prose(line) and ends_like_a_sentence(line)]
    if not places:
        return None
    titles = [
        (at, line)
        for at, line in filled[: places[0]]
        if _could_be_title(line)
        and len(line.split()) >= 4
        and not line.endswith((".", ",", ":", ";"))
        and read_byline(line) is None
    ]
    if not titles:
        return None
    last = titles[-1]
    before = titles[-2] if len(titles) > 1 and titles[-2][0] >= last[0] - 2 else None
    at, line = before if before is not None and _is_deck_under(before, last) else last
    return Headline(line, at, at)


def _is_deck_under(title: tuple[int, str], line: tuple[int, str]) -> bool:
    """Tell whether a line right under a title is its deck: in its block, longer, or the one without capitals."""
    in_one_block = line[0] == title[0] + 1
    return in_one_block or len(line[1]) > len(title[1]) or _is_title_case(title[1]) > _is_title_case(line[1])


def _is_title_case(line: str) -> bool:
    words = [word for word in line.split() if len(word) > 3]
    return sum(word[0].isupper() for word in words) * 10 >= len(words) * 7
