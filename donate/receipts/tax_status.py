"""What the newsroom is in the eyes of its tax office, read from its row."""

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
        address=tuple(told.get("address", ())),
    )
