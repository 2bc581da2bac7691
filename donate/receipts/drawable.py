"""Which letters a printed receipt can draw, and what stands for those it can't."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

_COVERS = Path(__file__).parent / "fonts/covers.txt"
#: What stands for a letter that no font of ours has, such as one of a Chinese name.
STAND_IN = "□"
# The fonts inside typst have the rest of Europe's letters: Greek and Cyrillic.
_IN_TYPST = range(0x0370, 0x0500)
# Never drawn, but heeded: joiners, marks of direction, and the isolates round our own sums.
_HEEDED = frozenset("\u200b\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069")
# What would turn round whatever follows it: nobody's name needs one.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
# Arabic and Hebrew marks upon letters of another script, and Latin ones upon theirs: no font has both.
_STRAY = re.compile(
    "(?<![\u0600-\u06ff\ufb50-\ufefc])[\u0610-\u061a\u064b-\u065f\u0670]+"
    "|(?<![\u0590-\u05ff\ufb1d-\ufb4f])[\u0591-\u05c7]+"
    "|(?<=[\u0590-\u06ff])[\u0300-\u036f]+"
)
# Isolates that hold a sum or a number, as donate.money writes them; the template sets what is between them apart.
_ISOLATED = re.compile("\u2066([^\u2066-\u2069]*)\u2069|[\u2066-\u2069]")
_SPACES = re.compile(" {2,}")


def drawable(text: str) -> str:
    """Write a text with letters that the fonts of receipts have; what has a plainer form takes it.

    Args:
        text: Anybody's.
    """
    drawn = _STRAY.sub("", unicodedata.normalize("NFC", text).translate(_letters()))
    paired = _ISOLATED.sub(lambda found: f"\u2066{found[1]}\u2069" if found[1] else "", drawn)
    return _SPACES.sub(" ", paired).strip(" ")


def without_marks(text: str) -> str:
    """Leave out the marks that stand upon letters.

    Args:
        text: As ``drawable`` wrote it.
    """
    return "".join(letter for letter in text if unicodedata.category(letter) != "Mn")


def read_covers() -> frozenset[int]:
    """Read which letters the fonts have: ranges in hexadecimal, as ``tools/receipt_fonts.py`` wrote them."""
    found: set[int] = set()
    for part in _COVERS.read_text("ascii").split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


class _Letters(dict[int, str]):
    """What is drawn for each letter, found out when it is first met."""

    def __init__(self, covered: frozenset[int]) -> None:
        super().__init__()
        self._covered = covered

    def __missing__(self, code: int) -> str:
        self[code] = self._draw(chr(code))
        return self[code]

    def _draw(self, letter: str) -> str:
        if letter in _HEEDED or self._has(letter):
            return letter
        if letter == "\u202f":  # the narrow space of "F CFA", which no font has
            return "\u00a0"
        if letter.isspace():
            return " "
        if letter in _OVERRIDES:
            return ""
        plainer = unicodedata.normalize("NFKC", letter)
        if plainer != letter and all(self._has(each) or each == " " for each in plainer):
            return plainer
        # Letters, numbers and signs of money are of weight; emoji, controls and marks that no font has are left out.
        return STAND_IN if unicodedata.category(letter)[0] in "LN" or unicodedata.category(letter) == "Sc" else ""

    def _has(self, letter: str) -> bool:
        return ord(letter) in self._covered or (
            ord(letter) in _IN_TYPST and unicodedata.category(letter) in ("Lu", "Ll")
        )


@cache
def _letters() -> _Letters:
    return _Letters(read_covers())
