"""What the newsroom is in the eyes of its tax office, and what states ask it to say, read from its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from donate.newsroom.models import Newsroom
from donate.receipts.wording import TaxStatus


def tax_status_of(newsroom: Newsroom) -> TaxStatus:
    """Tell what the newsroom is in the eyes of its tax office.

    Args:
        newsroom: Its row.
    """
    told: Mapping[str, Any] = newsroom.tax or {}
    return TaxStatus(
        standing=told.get("standing", "none"),
        country=newsroom.country,
        legal_name=told.get("legal_name") or newsroom.name,
        number=told.get("number", ""),
        sponsor_name=told.get("sponsor_name", ""),
        sponsor_number=told.get("sponsor_number", ""),
    )


def disclosures_of(newsroom: Newsroom, language: str) -> list[str]:
    """List the sentences that states ask to be shown wherever somebody is asked to give.

    Args:
        newsroom: Its row.
        language: The reader's; where a sentence was not written in it, the newsroom's, else the first.
    """
    said = []
    for each in (newsroom.tax or {}).get("disclosures", []):
        words: Mapping[str, str] = each["words"]
        said.append(words.get(language) or words.get(newsroom.language) or next(iter(words.values())))
    return said
