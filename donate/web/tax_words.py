"""What is said of tax wherever somebody is asked to give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from donate.newsroom.tax import disclosures_of
from donate.receipts.sentences import say
from donate.receipts.tax_status import tax_status_of
from donate.receipts.wording import TaxStatus, standing_sentence
from donate.web.language import current_language
from donate.web.reading import newsroom


def equip(app: Flask) -> None:
    """Hand the foot of letters that ask its filter."""
    app.jinja_env.filters.update(standing=standing)


def standing(told: Mapping[str, str], language: str) -> str:
    """Say what the newsroom is to its tax office in one sentence.

    Args:
        told: As ``newsroom.tax.asking_words`` put it into a letter.
        language: Of the letter.
    """
    return say(standing_sentence(TaxStatus(**told)), language)  # type: ignore[arg-type]  # read_tax checked it


def tax_words() -> dict[str, Any]:
    """Give the newsroom's standing in a sentence, and what states ask to be said; nothing where nobody has told it."""
    row, language = newsroom(), current_language()
    if not row.tax:
        return {"standing": "", "disclosures": []}
    return {
        "standing": say(standing_sentence(tax_status_of(row)), language),
        "disclosures": disclosures_of(row, language),
    }
