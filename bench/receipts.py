"""How many receipts a CPU-second draws, beside one bare compiler kept, on the same template with the same words.

The bare one is handed finished JSON and told nothing of PDF/UA, letters or threads: what is beyond it is ours.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace

import typst

from bench.lines import Line
from donate.receipts.draw import FONTS, TEMPLATE, draw_pdf
from donate.receipts.paper import Paper, Row

ROUNDS, GOAL = 7, 0.5
_SECONDS = 0.5
_ENGLISH = Paper(
    language="en",
    title="Receipt 2026-004182",
    issuer="The Plumb Line",
    issuer_lines=("The Plumb Line Inc., a nonprofit organisation", "Sample tax number 00-0000000"),
    giver="Leila Okonjo",
    giver_lines=("44 Tide Road", "Astoria, OR 97103"),
    facts=(("Received", "20 March 2026, by card ending 4242"), ("For", "Fact Desk")),
    heads=("What", "Amount"),
    rows=(Row(("Gift", "$15.00")), Row(("Card fee, covered by you", "$0.78")), Row(("Received", "$15.78"), True)),
    numeric=frozenset({1}),
    sentences=("No goods or services were provided in exchange for this contribution.",),
    foot=("Reference G7K4-QX2M-P5VD-3LTA.",),
)
_ARABIC = replace(
    _ENGLISH,
    language="ar",
    title="كشف التبرعات، 2026",
    issuer="الشاقول",
    giver="علاء صلاح الأردني",
    heads=("الاستلام", "الغرض", "المبلغ"),
    rows=(
        *(Row((f"{day} آذار 2026", "مكتب التحقق", f"${day}.00")) for day in range(1, 13)),
        Row(("المجموع", "", "$78.00"), True),
    ),
    numeric=frozenset({2}),
    sentences=("لم يُقدَّم شيء مقابل هذه التبرعات.",),
)


def measure_receipts() -> list[Line]:
    """Measure a gift's receipt, and a year's statement in Arabic."""
    return [
        _line("receipts drawn a CPU-second: a gift, in English", _ENGLISH),
        _line("the same: a year of monthly gifts, in Arabic", _ARABIC),
    ]


def _line(name: str, paper: Paper) -> Line:
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=[FONTS], ignore_system_fonts=True)
    values = asdict(paper) | {"numeric": sorted(paper.numeric)}

    def ours(number: str) -> bytes:
        return draw_pdf(replace(paper, title=f"{paper.title} {number}"))

    def bare(number: str) -> object:
        return compiler.compile(sys_inputs={"paper": json.dumps(values | {"title": f"{paper.title} {number}"})})

    ratios = []
    for _ in range(ROUNDS):
        beside = _each_second(bare)
        ratios.append(_each_second(ours) / beside)
    return Line(name, "one bare typst compiler, kept, on the same template", GOAL, ratios, at_least=True)


_numbers = iter(range(1, 10**9))


def _each_second(draw: Callable[[str], object]) -> float:
    """Give the files a CPU-second of one that draws; each file is of another number, so that nothing drawn is kept."""
    drawn, began = 0, time.process_time()
    while (spent := time.process_time() - began) < _SECONDS:
        draw(f"{next(_numbers):06d}")
        drawn += 1
    return drawn / spent
