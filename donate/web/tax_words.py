"""What is said of tax wherever somebody is asked to give."""

from __future__ import annotations

from typing import Any

from donate.newsroom.tax import disclosures_of
from donate.receipts.sentences import say
from donate.receipts.tax_status import tax_status_of
from donate.receipts.wording import standing_sentence
from donate.web.language import current_language
from donate.web.reading import newsroom


def tax_words() -> dict[str, Any]:
    """Give the newsroom's standing in a sentence, and what states ask to be said; nothing where nobody has told it."""
    row, language = newsroom(), current_language()
    if not row.tax:
        return {"standing": "", "disclosures": []}
    return {
        "standing": say(standing_sentence(tax_status_of(row)), language),
        "disclosures": disclosures_of(row, language),
    }
