"""Folded words: however a reader types, the same plain form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.articles.fold import MOST_WORDS, fold, words_of


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("The Night Crew", "NIGHT crew"),
        ("İstanbul’da Çay", "ISTANBULDA cay"),
        ("Straße", "STRASSE"),
        ("ΠΌΛΗΣ", "πόλης"),
        ("مَدِينَة", "مدينة"),
        ("الأخبـــار", "الاخبار"),
        ("مدرسة", "مدرسه"),
        ("على", "علي"),
        ("שָׁלוֹם", "שלום"),
        ("צה״ל", 'צה"ל'),
        ("Don’t", "don't"),
        ("٢٠٢٦", "2026"),
        ("Fact‑checking", "fact checking"),
        ("ﷺ", "صلى"),
        ("Iğdır", "IGDIR"),
    ],
)
def test_what_is_typed_is_found_in_what_is_written(written: str, typed: str) -> None:
    assert fold(typed) in fold(written)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_case_is_nothing_to_a_search(text: str) -> None:
    assert fold(text.lower()) == fold(text.lower().upper().lower())


@given(st.text())
def test_no_sign_that_a_database_takes_for_a_pattern_is_left(text: str) -> None:
    assert not set(fold(text)) & set("%_\\\x00'\"")


@given(st.text(max_size=400))
def test_words_are_few_and_each_stands_once(text: str) -> None:
    words = words_of(text)
    assert len(words) == len(set(words)) <= MOST_WORDS
    assert all(words)
