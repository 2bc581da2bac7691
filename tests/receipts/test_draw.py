"""Receipts as PDF: each name and sum is there and in order, nobody's text is markup, and everybody can read them."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from donate.receipts.draw import compile_template, draw_pdf
from donate.receipts.drawable import STAND_IN, drawable
from donate.receipts.paper import Paper, Row
from tests.make.papers import ARABIC, ENGLISH, HEBREW, PAPERS, read_pdf, statement

_LANGUAGES = pytest.mark.parametrize("paper", PAPERS, ids=[paper.language for paper in PAPERS])


def plain(text: str) -> str:
    return re.sub("[\u2066-\u2069]", "", text)


def lines(drawn: bytes, *options: str) -> list[str]:
    return [line.strip() for line in read_pdf(drawn, *options).splitlines() if line.strip()]


@_LANGUAGES
def test_every_name_line_and_sum_is_given_back_in_logical_order(paper: Paper) -> None:
    found = lines(draw_pdf(paper))
    said = [paper.title, paper.issuer, *paper.issuer_lines, paper.giver, *paper.giver_lines, *paper.heads]
    said += [text for pair in paper.facts for text in pair]
    said += [cell for row in paper.rows for cell in row.cells]
    said += [*paper.sentences, *paper.foot]
    assert [text for text in said if plain(text) not in found] == []


def test_a_sum_in_an_arabic_or_hebrew_sentence_keeps_its_order_without_signs_in_the_text() -> None:
    for paper, sum_ in ((ARABIC, "JOD 15.780"), (HEBREW, "₪51.78")):
        text = read_pdf(draw_pdf(paper))
        assert text.count(sum_) == 2, "once in the table, once in the sentence"
        assert not re.search("[\u2066-\u2069]", text)


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        "*bold*",
        "$x$",
        "\\",
        "]",
        "[x] _i_ `c` <l> @r",
        "// x",
        "/* x",
        "~ -- ... 'q' \"q\"",
        "= H",
        "- x",
    ],
)
def test_no_text_of_a_givers_is_markup(name: str) -> None:
    said = f"Leila {name} Okonjo"
    drawn = draw_pdf(replace(ENGLISH, giver=said, rows=(Row((said, "$1.00")),)))
    assert lines(drawn).count(said) == 2


@pytest.mark.parametrize("turn", ["\u202e", "\u202d", "\u2067", "\u2066", "\u2069\u2069", "\u200f"])
def test_a_name_cannot_turn_round_what_stands_beside_it(turn: str) -> None:
    drawn = draw_pdf(replace(ENGLISH, giver=f"Leila {turn}Okonjo", rows=(Row((f"Gift of {turn}Leila", "$15.00")),)))
    assert "$15.00" in lines(drawn)
    assert "Leila Okonjo" in re.sub("[\u200e\u200f]", "", read_pdf(drawn))


def test_letters_no_font_has_are_stood_in_for_and_ornaments_left_out() -> None:
    assert drawable("王小明") == STAND_IN * 3
    assert drawable("Leila 🌻 Okonjo\ufe0f") == "Leila Okonjo"
    assert drawable("Ｌｅｉｌａ ①") == "Leila 1"
    assert drawable("Jose\u0301\tNguyễn\nŁódź") == "José Nguyễn Łódź"
    assert drawable("Иван Παύλος") == "Иван Παύλος"
    assert drawable("F\u202fCFA 500") == "F\u00a0CFA 500"
    assert f"{STAND_IN * 3} Иван" in read_pdf(draw_pdf(replace(ENGLISH, giver="王小明 Иван 🌻")))


def test_a_mark_upon_another_scripts_letter_costs_neither_the_letter_nor_the_receipt() -> None:
    for name in ("e\u20e3", "Le\u064eila", "\u05d0\u0301", "0\u20e3", "\u0646\u0301", "\u0338x", "a\u05b0"):
        drawn = draw_pdf(replace(ENGLISH, giver=f"X {name} Y", sentences=("Given: $10.00, e and 0.",)))
        assert "Given: $10.00, e and 0." in read_pdf(drawn)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["en", "ar", "he"]))
def test_there_is_a_receipt_for_every_name(name: str, language: str) -> None:
    paper = replace(ENGLISH, language=language, giver=name, giver_lines=(name,), mark=name, rows=(Row((name, "$1")),))
    assert draw_pdf(paper).startswith(b"%PDF-1.7")


def test_what_no_line_holds_is_broken_inside_the_page() -> None:
    long = replace(ENGLISH, giver="W" * 300, rows=(Row(("x" * 300, "$1.00")),), facts=(("Reference", "G7K4" * 40),))
    places = re.findall(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"', read_pdf(draw_pdf(long), "-bbox"))
    assert len(places) > 20
    assert all(float(left) > 60 and float(right) < 595.3 - 60 for left, right in places)


@_LANGUAGES
def test_it_is_a_tagged_document_with_language_and_title(paper: Paper) -> None:
    reader = PdfReader(io.BytesIO(draw_pdf(paper)))
    root: Any = reader.root_object
    assert root["/Lang"] == paper.language
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"] == True  # noqa: E712, pypdf's own boolean
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == paper.title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().replace(b" ", b"")
    tags = tags_of(root["/StructTreeRoot"])
    assert tags.count("/H1") == 1
    assert tags.count("/Table") == 1
    assert tags.count("/TH") == len(paper.heads)
    assert tags.count("/TR") == len(paper.rows) + 1
    assert tags.count("/TD") == len(paper.rows) * len(paper.heads)


def tags_of(element: Any) -> list[str]:
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        return [tag for each in element for tag in tags_of(each)]
    if not hasattr(element, "get"):
        return []
    own = [str(element["/S"])] if "/S" in element else []
    return own + (tags_of(element["/K"]) if "/K" in element else [])


@_LANGUAGES
def test_the_same_paper_gives_the_same_bytes_and_another_others(paper: Paper) -> None:
    first = draw_pdf(paper)
    draw_pdf(statement(3))
    assert draw_pdf(paper) == first
    assert draw_pdf(replace(paper, mark="VOID")) != first
    assert b"/CreationDate" not in first


def test_threads_draw_at_the_same_time() -> None:
    alone = [draw_pdf(paper) for paper in PAPERS]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(draw_pdf, PAPERS * 4)) == alone * 4


def test_a_long_statement_repeats_its_head_and_counts_its_pages_from_the_second() -> None:
    paper = replace(statement(400), mark="DUPLICATE")
    drawn = draw_pdf(paper)
    pages = read_pdf(drawn, "-layout").split("\f")[:-1]
    assert len(pages) > 8
    assert all(re.search(r"^\s*Received\s+Receipt\s+For\s+Given$", page, re.M) for page in pages)
    assert not re.search(rf"1\s*/\s*{len(pages)}\s*$", pages[0])
    for at, page in enumerate(pages[1:], start=2):
        assert re.search(rf"{at} / {len(pages)}\s*$", page)
        assert page.lstrip().startswith("Statement of gifts, 2026")
    found = set(re.findall(r"2026-\d{6}", "".join(pages)))
    assert found == {f"2026-{at:06d}" for at in range(400)}
    assert "$4,798.00" in pages[-1] + pages[-2]
    assert "DUPLICATE" in pages[0]


@pytest.mark.parametrize("mark", ["DUPLICATE", "Replaces 2026-004100", "VOID", "نسخة", "העתק"])
def test_what_sets_a_paper_apart_stands_beside_its_title(mark: str) -> None:
    assert mark in lines(draw_pdf(replace(ENGLISH, mark=mark)))


def test_arabic_and_hebrew_pages_are_mirrored() -> None:
    def left_of(paper: Paper, word: str) -> float:
        seen = word if paper.language == "en" else word[::-1]  # -bbox gives letters from left to right
        found = re.search(rf'<word xMin="([\d.]+)"[^>]*>{seen}<', read_pdf(draw_pdf(paper), "-bbox"))
        assert found
        return float(found[1])

    assert left_of(ENGLISH, "Receipt") < 100
    assert left_of(ENGLISH, "Amount") > 450
    assert left_of(HEBREW, "קבלה") > 400
    assert left_of(HEBREW, "סכום") < 150
    assert left_of(ARABIC, "المبلغ") < 150


def test_a_paper_may_say_nothing_but_its_title() -> None:
    assert "Receipt" in read_pdf(draw_pdf(Paper(language="en", title="Receipt", issuer="N")))
    rows = (Row(("Gift", "$1.00")), Row(("Sum", "$1.00", "more"), is_total=True), Row(()))
    assert "$1.00" in read_pdf(draw_pdf(Paper(language="en", title="R", issuer="N", rows=rows)))


def test_a_mistake_in_the_template_is_said_and_not_hidden() -> None:
    with pytest.raises(RuntimeError, match="title"):
        compile_template({"language": "en"})
