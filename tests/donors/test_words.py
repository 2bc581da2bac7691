"""The words donors are found by: in any script, with or without accents, by the beginning of any of them."""

from __future__ import annotations

import pytest

from donate.donors.words import LONGEST, fold, words_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Müller", "muller"),
        ("GROẞE Straße", "grosse strasse"),
        ("José Núñez", "jose nunez"),
        ("أَحْمَد", "احمد"),
        ("إبراهيم", "ابراهيم"),
        ("آمنة", "امنه"),
        ("هدى", "هدي"),
        ("שָׁלוֹם", "שלום"),
        ("Şükrü Işık", "sukru isik"),
        ("Łukasz Ødegård", "lukasz odegard"),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, kept: str) -> None:
    assert fold(typed) == kept


def test_an_address_is_a_word_and_so_are_its_parts() -> None:
    assert words_of("L.Okonjo@Work.example") == ["l.okonjo@work.example", "l", "okonjo", "work", "example"]


def test_names_with_signs_between_are_several_words_each_once() -> None:
    assert words_of("Petra", "O'Neill-Castellano", "Petra") == ["petra", "o", "neill", "castellano"]
    assert words_of("", "  ", "—") == []


def test_a_word_without_end_is_kept_by_its_beginning() -> None:
    assert words_of("x" * 500) == ["x" * LONGEST]
