"""Fold words for searching: what a reader types and what an editor wrote meet in one plain form."""

from __future__ import annotations

import unicodedata

#: Of what a reader types, this much is searched for.
MOST_LETTERS = 100
MOST_WORDS = 8

# Letters that are written one for the other in Arabic and Persian keyboards, the stroke that only stretches a word,
# and the dotless i, whose capital is anybody's I.
_ALIKE = str.maketrans({"ı": "i", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None})
# Marks inside a word, typed or left out: apostrophes, Hebrew geresh and gershayim, straight quotes.
_INSIDE = str.maketrans(dict.fromkeys("'’‘ʼ`´׳״\"“”"))


def fold(text: str) -> str:
    """Fold a text into lower-case words parted by single spaces, without accents, vowel points or punctuation.

    Folding twice changes nothing.

    Args:
        text: In any script.
    """
    flat = unicodedata.normalize("NFKD", text).casefold()
    # Some letters fall apart only once they are small, and some parts have a small form of their own.
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", flat).casefold())
    flat = flat.translate(_INSIDE).translate(_ALIKE)
    return " ".join("".join(map(_letter, flat)).split())


def words_of(asked: str) -> tuple[str, ...]:
    """Take the words to search for out of what a reader typed: folded, each once, not too many."""
    return tuple(dict.fromkeys(fold(asked[:MOST_LETTERS]).split()))[:MOST_WORDS]


def _letter(letter: str) -> str:
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    kind = unicodedata.category(letter)
    if kind == "Cf" or unicodedata.combining(letter):
        # Vowel points and accents, and what only directs or joins: they are seen, not searched for.
        return ""
    return letter if kind[0] in "LMN" else " "
