"""Find pull quotes: a sentence that a page sets apart from the paragraph it was quoted in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from donate.articles.importers.furniture import ends_like_a_sentence

_QUOTED = re.compile(r"[“«„\"]([^“”«»„\"]*)(?:[”»\"“]|$)")
_VERBS = (
    r"(?:said|says|noted|adds|added|continued|explained|emphasi[sz]ed|argued|warned|claimed|told|insisted"
    r"|concluded|stressed)\b"
)
_PARTICLES = r"(?:(?:al|bin|ibn|van|von|de|el|Al|El|Abu|Ul)[\s-]+)*"
_NAME = rf"(?:[A-Z][\w’'-]+\s+){_PARTICLES}(?:[A-Z][\w’'-]+\s+){{0,3}}[A-Z][\w’'-]+"
_TITLE = r"(?:(?:[A-Z][a-z]+\.|\([a-z]+\.\)|President|Minister|Professor|Judge|General|Colonel|Captain|Sheikh)\s+)*"
_INTRODUCED = re.compile(rf"{_TITLE}({_NAME}),\s.*\b{_VERBS}", re.DOTALL)
# “…,” Raja said · “…,” said Adil Raja · “…,” he also said
_AFTER_QUOTE = r"[,.?!][”»\"]\s+"
_ATTRIBUTED = re.compile(
    rf"{_AFTER_QUOTE}(?:((?:[A-Z][\w’'-]+\s+){{1,4}})(?:also\s+|then\s+)?{_VERBS}|{_VERBS}\s+({_NAME}|[A-Z][\w’'-]+))"
)
_PRONOUN = re.compile(rf"{_AFTER_QUOTE}(?:he|she|they)\s+(?:also\s+|then\s+)?{_VERBS}")
_NOT_NAMES = frozenset(
    (
        *("In", "On", "At", "The", "A", "After", "Before", "Since", "By", "For", "From", "With", "Last", "Earlier"),
        *("This", "That", "When", "While", "As", "But", "And", "If", "He", "She", "It", "They"),
        *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
        *("November", "December", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    )
)


# A page with more short lines than this is a list; looking each one up everywhere would take for ever.
_MOST = 200


@dataclass(frozen=True)
class PullQuote:
    """A paragraph that is a pull quote, and who said it where that is certain."""

    speaker: str


def find_pull_quotes(paragraphs: list[str]) -> dict[int, PullQuote]:
    """Find which paragraphs are pull quotes.

    A pull quote is short, does not end as a sentence does, and its words stand again within quotation
    marks in another paragraph.

    Args:
        paragraphs: The story's, in order.

    Returns:
        By the paragraph's place in the list.
    """
    quoted = [_words(" ".join(_QUOTED.findall(paragraph))) for paragraph in paragraphs]
    found: dict[int, PullQuote] = {}
    candidates = [at for at, paragraph in enumerate(paragraphs) if _could_be_pulled(paragraph)]
    for at in candidates[:_MOST]:
        paragraph = paragraphs[at]
        wanted = _words(paragraph)
        for source in (*range(at + 1, len(paragraphs)), *range(at - 1, -1, -1)):
            if wanted in quoted[source]:
                found[at] = PullQuote(_speaker(paragraphs, at, source))
                break
    return found


def _could_be_pulled(paragraph: str) -> bool:
    return 4 <= len(paragraph.split()) <= 60 and not ends_like_a_sentence(paragraph) and paragraph[0] not in '“«„"'


def _words(text: str) -> str:
    # With an end mark on both sides "rival" is not found inside "rivalry".
    return " " + " ".join(re.findall(r"\w+", text.casefold())) + " "


def _speaker(paragraphs: list[str], at: int, source: int) -> str:
    """Name the speaker of a quoted paragraph; empty unless everyone named nearby is one person."""
    introduced = [name for each in paragraphs[min(at, source) : source + 1] if (name := _introduced(each))]
    attributed = _attributed(paragraphs[source])
    if attributed:
        full = _full_name(attributed, paragraphs[: source + 1])
        return full if not introduced or introduced[-1].split()[-1] == full.split()[-1] else ""
    if not _PRONOUN.search(paragraphs[source]):
        return ""
    between = [name for each in paragraphs[at:source] if (name := _attributed(each))]
    same = {name.split()[-1] for name in (*introduced, *between)}
    return introduced[-1] if introduced and len(same) == 1 else ""


def _introduced(paragraph: str) -> str:
    found = _INTRODUCED.match(paragraph)
    return found[1] if found and found[1].split()[0] not in _NOT_NAMES else ""


def _attributed(paragraph: str) -> str:
    names = {(found[1] or found[2]).strip() for found in _ATTRIBUTED.finditer(paragraph)}
    names = {name for name in names if name.split()[0] not in _NOT_NAMES}
    return names.pop() if len(names) == 1 else ""


def _full_name(name: str, earlier: list[str]) -> str:
    """Give the whole name that a surname was introduced with, where there was only one."""
    if " " in name:
        return name
    whole = {full for each in earlier if (full := _introduced(each)) and full.split()[-1] == name}
    return whole.pop() if len(whole) == 1 else name
