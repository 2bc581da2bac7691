"""Everything a reader can meet is said in Arabic and in Hebrew, with every value that the English has."""

from __future__ import annotations

import gettext
import re
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from donate.web.reading import long_date
from tests.house.code import ROOT

TRANSLATIONS = ROOT / "donate" / "translations"
# Desks are for the newsroom's own people and speak its language.
NOT_FOR_READERS = ("templates/desk/", "templates/staff/", "donate/web/desk/", "donate/web/staff/")
LANGUAGES = ["ar", "he"]


@lru_cache(maxsize=1)
def asked_for() -> list[tuple[str, ...]]:
    """Give what code and templates ask to have translated: the singular, and the plural where there is one."""
    with (TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = set()
    for folder in ("donate", "templates"):
        mapping = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        own = {pattern.removeprefix(f"{folder}/"): values for pattern, values in options.items()}
        for name, _line, words, _comments, _context in extract_from_dir(ROOT / folder, mapping, own):
            if not f"{folder}/{name}".startswith(NOT_FOR_READERS):
                found.add((words,) if isinstance(words, str) else tuple(words))
    return sorted(found)


@lru_cache(maxsize=2)
def catalog(language: str) -> Catalog:
    with (_folder(language) / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def _folder(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES"


def _forms(said: Message) -> tuple[str, ...]:
    return (said.string,) if isinstance(said.string, str) else tuple(said.string or ())


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _values(words: str) -> set[str]:
    # What code fills in, what scripts fill in, and what HTML the words hold.
    return set(re.findall(r"%\(\w+\)[sd]|%%|\{\w+\}|</?\w+[^>]*>", words))


def test_the_search_for_words_finds_them() -> None:
    assert len(asked_for()) > 250
    assert ("Amount",) in asked_for()
    assert ("%(num)d thing to put right", "%(num)d things to put right") in asked_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_meets_no_english(language: str) -> None:
    said = {words[0]: catalog(language).get(words[0]) for words in asked_for()}
    missing = [words for words, message in said.items() if message is None or not all(_forms(message))]
    assert missing == []
    assert [words for words, message in said.items() if message is not None and message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_value_is_lost_on_the_way(language: str) -> None:
    for message in catalog(language):
        if not message.id:
            continue
        if isinstance(message.id, str):
            assert _values(_forms(message)[0]) == _values(message.id), message.id
            continue
        # "One story" and "two stories" need no figure in these languages; the other forms do.
        for at, form in enumerate(_forms(message)):
            lost = _values(message.id[1]) ^ _values(form)
            is_small = at < (3 if language == "ar" else 1)
            assert not lost or (is_small and lost <= {"%(num)s", "%(num)d"}), (message.id, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_has_its_form(language: str) -> None:
    many = [message for message in catalog(language) if not isinstance(message.id, str)]
    assert many
    for message in many:
        assert len(_forms(message)) == catalog(language).num_plurals, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    with (_folder(language) / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    written = {_first(message): _forms(message) for message in catalog(language) if message.id}
    assert {_first(message): _forms(message) for message in compiled if message.id} == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_keep_to_the_voice(language: str) -> None:
    """No exclamation marks, and the digits that stand on the card page."""
    for message in catalog(language):
        if message.id:
            assert not re.search(r"[!٠-٩۰-۹]", " ".join(_forms(message))), message.id


def test_arabic_counts_as_arabic_does() -> None:
    with (_folder("ar") / "messages.mo").open("rb") as file:
        arabic = gettext.GNUTranslations(file)
    said = [arabic.ngettext("%(num)s story", "%(num)s stories", num) % {"num": num} for num in (1, 2, 3, 11, 100)]
    assert said == ["خبر واحد", "خبران", "3 أخبار", "11 خبراً", "100 خبر"]


def test_days_are_written_as_each_language_writes_them() -> None:
    day = date(2026, 11, 23)
    assert long_date(day, "en") == "23 November 2026"
    assert long_date(day, "ar") == "23 تشرين الثاني 2026"
    assert long_date(day, "he") == "23 בנובמבר 2026"


def test_words_in_parts_that_are_kept_are_read_too() -> None:
    """A tag of our own must not hide a template from the translators: these stand in the masthead and the footer."""
    assert {("Support us",), ("My account",), ("Member since %(year)s.",)} <= set(asked_for())
