"""When a story was published, in the ways that sites write it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from donate.articles.importers.byline import at_noon


def read_wordpress_moment(text: str, zone: str = "UTC") -> datetime | None:
    """Read ``2024-03-01 18:30:00`` or ``2024-03-01T18:30:00``; the zeros of a post without a date are none.

    Args:
        text: As WordPress writes it.
        zone: What it is in: UTC where the name ends ``_gmt``.
    """
    if not re.match(r"[1-9]\d{3}-", text.strip()):
        return None
    return read_iso_moment(text.strip().replace(" ", "T"), zone)


def read_iso_moment(text: str, zone: str) -> datetime | None:
    """Read a date of ISO 8601, with a time and a zone or without.

    Args:
        text: Such as ``2024-03-01T18:30:00+02:00`` or ``2024-03-01``.
        zone: Of a time that names none; a day without a time is noon.
    """
    text = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return at_noon(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_rfc_moment(text: str) -> datetime | None:
    """Read a date as mail and RSS write it: ``Fri, 01 Mar 2024 18:30:00 +0000``."""
    try:
        moment = parsedate_to_datetime(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
