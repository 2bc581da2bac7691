"""Papers to draw, in the three languages, and what stands on what was drawn."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from donate.money import Money, keep_together, show, show_in_text
from donate.receipts.paper import Paper, Row

_DOLLARS = (Money(1500, "USD"), Money(78, "USD"), Money(1578, "USD"))
_DINARS = (Money(15000, "JOD"), Money(780, "JOD"), Money(15780, "JOD"))
_SHEKELS = (Money(5000, "ILS"), Money(178, "ILS"), Money(5178, "ILS"))

ENGLISH = Paper(
    language="en",
    title="Receipt 2026-004182",
    issuer="The Plumb Line",
    issuer_lines=("The Plumb Line Inc., a nonprofit organisation", "12 Canal Street, Portland, OR 97201"),
    giver="Leila Okonjo",
    giver_lines=("44 Tide Road", "Astoria, OR 97103"),
    facts=(("Received", "20 March 2026, by card ending 4242"), ("For", "Fact Desk")),
    heads=("What", "Amount"),
    rows=tuple(
        Row((name, show(sum_)), is_total=name.startswith("Received"))
        for name, sum_ in zip(("Gift", "Card fee, covered by you", "Received, in US dollars"), _DOLLARS, strict=True)
    ),
    numeric=frozenset({1}),
    sentences=("No goods or services were provided in exchange for this contribution.",),
    foot=("If any line here is wrong, write to giving@newsroom.example.", "Reference G7K4-QX2M-P5VD-3LTA."),
)
ARABIC = replace(
    ENGLISH,
    language="ar",
    title=f"إيصال {keep_together('2026-004182', 'ar')}",
    issuer="الشاقول",
    issuer_lines=("الشاقول، منظمة غير ربحية", "شارع القناة 12، الأردن"),
    giver="علاء صلاح عبد الله الإسلامي",
    giver_lines=("شارع الرينبو 44",),
    facts=(("الغرض", "مكتب التحقق"),),
    heads=("البيان", "المبلغ"),
    rows=tuple(
        Row((name, show(sum_, "ar")), is_total=name == "المجموع")
        for name, sum_ in zip(("التبرع", "رسوم البطاقة", "المجموع"), _DINARS, strict=True)
    ),
    sentences=(f"لا شيء مقابل هذا التبرع البالغ {show_in_text(_DINARS[2], 'ar')} كاملا.",),
    foot=(f"المرجع {keep_together('G7K4-QX2M-P5VD-3LTA', 'ar')}",),
)
HEBREW = replace(
    ENGLISH,
    language="he",
    title=f"קבלה {keep_together('2026-004182', 'he')}",
    issuer="קו האנך",
    issuer_lines=("קו האנך, ארגון ללא כוונת רווח", "רחוב התעלה 12, חיפה"),
    giver="ליילה אוקונג׳ו בן־דוד",
    giver_lines=("דרך הגאות 44",),
    facts=(("עבור", "דסק הבדיקות"),),
    heads=("פירוט", "סכום"),
    rows=tuple(
        Row((name, show(sum_, "he")), is_total=name == "סך הכול")
        for name, sum_ in zip(("תרומה", "עמלת הכרטיס", "סך הכול"), _SHEKELS, strict=True)
    ),
    sentences=(f"לא ניתן דבר בתמורה לתרומה זו בסך {show_in_text(_SHEKELS[2], 'he')} כולה.",),
    foot=(f"סימוכין {keep_together('G7K4-QX2M-P5VD-3LTA', 'he')}",),
)
PAPERS = (ENGLISH, ARABIC, HEBREW)


def statement(gifts: int, paper: Paper = ENGLISH) -> Paper:
    """Make a year's statement of so many gifts."""
    rows = [
        Row((f"{at % 28 + 1} March 2026", f"2026-{at:06d}", "Fact Desk", show(Money(1000 + at, "USD"))))
        for at in range(gifts)
    ]
    total = Money(sum(1000 + at for at in range(gifts)), "USD")
    return replace(
        paper,
        title="Statement of gifts, 2026",
        heads=("Received", "Receipt", "For", "Given"),
        rows=(*rows, Row(("Total of 2026", "", "", show(total)), is_total=True)),
        numeric=frozenset({3}),
    )


def read_pdf(drawn: bytes, *options: str) -> str:
    """Read a PDF as ``pdftotext`` of poppler does, and take what it embeds into plain order.

    Each line that runs from right to left comes between marks, and what runs the other way in it between others, with
    the point or comma that follows it in front: ``<LRE>.$15.78<PDF>`` is what shows as a sum and a point after it.
    """
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
    found = subprocess.run([reader, *options, "-", "-"], input=drawn, capture_output=True, check=True).stdout.decode()
    turned = re.sub("\u202a([ .,،]*)([^\u202a-\u202c]*)\u202c", lambda part: part[2] + part[1][::-1], found)
    return turned.translate(dict.fromkeys(range(0x202A, 0x202F)))
