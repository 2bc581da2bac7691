"""The fonts of receipts hold every letter of every sum, and all that they are said to hold."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path

import pytest
from babel.numbers import list_currencies
from fontTools.ttLib import TTFont

from donate.money import Money, show, show_in_text
from donate.receipts.draw import FONTS, TEMPLATE, compile_template
from donate.receipts.drawable import STAND_IN, drawable, read_covers
from tests.make.papers import ENGLISH, read_pdf

_ISOLATES = "\u2066\u2069"  # heeded by the template, which sets what is between them apart, and never drawn


@lru_cache
def letters(path: Path) -> frozenset[int]:
    return frozenset(TTFont(path).getBestCmap())


@lru_cache
def families() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted(FONTS.glob("*.ttf")):
        found.setdefault(TTFont(path)["name"].getDebugName(1), []).append(path)
    return found


@lru_cache
def voice() -> list[str]:
    """Give the families that the template sets sums in."""
    found = re.search(r"^#let sans = \((.*)\)$", TEMPLATE.read_text("utf-8"), re.M)
    assert found
    return re.findall(r'"([^"]+)"', found[1])


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_letter_of_every_sum_is_in_the_fonts_it_is_set_in(language: str) -> None:
    missing: set[str] = set()
    for currency in list_currencies():
        for minor in (0, 5, 1234567890, -9876543210):
            for said in (show(Money(minor, currency), language), show_in_text(Money(minor, currency), language)):
                missing |= {
                    f"{each!r} of {currency}"
                    for each in drawable(said)
                    if each not in _ISOLATES and not any(has(family, each) for family in voice())
                }
                assert STAND_IN not in drawable(said)
                assert drawable(said).replace("\u00a0", " ") == said.replace("\u202f", " ")
    assert missing == set()


def has(family: str, letter: str) -> bool:
    """Tell whether every weight of a family has a letter."""
    return all(ord(letter) in letters(path) for path in families()[family])


def test_the_template_names_no_family_that_is_not_there() -> None:
    assert set(voice()) <= set(families())
    for family in ("Public Sans", "Vazirmatn", "Heebo"):
        weights = {TTFont(path)["OS/2"].usWeightClass for path in families()[family]}
        assert weights == {400, 600}, "sums are set in both"


def test_the_list_of_covered_letters_is_what_the_fonts_have() -> None:
    have = {chr(code) for found in families().values() for code in frozenset.intersection(*map(letters, found))}
    listed = {chr(code) for code in read_covers()}
    assert listed <= have
    assert {each for each in have - listed if each.isprintable()} == set()


@pytest.mark.parametrize("place", ["title", "giver"])
def test_every_covered_letter_can_be_drawn(place: str) -> None:
    # PDF/UA refuses a letter without a glyph: https://pdfa.org/resource/iso-14289-pdfua/ (7.21.8)
    every = " ".join(chr(code) for code in sorted(read_covers()))
    drawn = compile_template(asdict(replace(ENGLISH, **{place: every})) | {"numeric": [1]})
    assert isinstance(drawn, bytes)


def test_the_stand_in_and_the_rest_of_europes_letters_can_be_drawn() -> None:
    europe = "".join(chr(code) for code in range(0x370, 0x530) if drawable(chr(code)) == chr(code))
    assert len(europe) > 300
    drawn = compile_template(asdict(replace(ENGLISH, giver=europe + STAND_IN)) | {"numeric": [1]})
    assert STAND_IN in read_pdf(drawn)


def test_the_fonts_stay_small_and_keep_their_licence() -> None:
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 2_500_000
    licence = (FONTS / "OFL.txt").read_text("utf-8")
    assert all(family in licence for family in families())
