"""The language of a story: what its source says, unless its own letters say otherwise."""

from __future__ import annotations

import re

_LETTERS = {
    "ar": re.compile(r"[\u0620-\u064a\u0671-\u06d3]"),
    "he": re.compile(r"[\u05d0-\u05ea]"),
    "en": re.compile(r"[A-Za-z]"),
}
#: Languages written in these letters beside the three that pages are drawn in.
_ALSO = {"ar": {"fa", "ur", "ps", "ku", "ckb", "sd", "ug"}, "he": {"yi", "lad"}}
_ENOUGH = 20_000


def guess_language(text: str) -> str:
    """Guess a text's language from its letters: ``ar``, ``he`` or ``en``."""
    head = text[:_ENOUGH]
    counts = {language: len(pattern.findall(head)) for language, pattern in _LETTERS.items()}
    return max(counts, key=lambda language: counts[language]) if any(counts.values()) else "en"


def language_of(text: str, declared: str | None) -> str:
    """Tell a story's language.

    Sites often leave their software's ``en-US`` above Arabic or Hebrew pages: the letters win over it.

    Args:
        text: The story's own words, without markup.
        declared: Such as ``ar-JO`` or ``en_US``; empty guesses.
    """
    found = re.match(r"[a-z]{2,3}(?![a-z])", (declared or "").strip().lower())
    guess = guess_language(text)
    if found is None:
        return guess
    said = {"iw": "he"}.get(found[0], found[0])
    if guess == "en":
        # Latin letters: whatever Latin language was said, but not one that is written otherwise.
        return "en" if said in ("ar", "he") or any(said in others for others in _ALSO.values()) else said
    return said if said in _ALSO[guess] else guess
