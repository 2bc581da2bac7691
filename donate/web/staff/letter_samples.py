"""A made-up giver and gift, so that a letter can be tried before anybody gets one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

#: As references are: nothing is found under it.
REFERENCE = "SAMPLESAMPLE2222"


def sample_of(letter: str, language: str, currency: str, today: date, *, case: str = "") -> dict[str, Any]:
    """Give a letter's values as if somebody had given today.

    Args:
        letter: One of ``mail.passages.LETTERS``.
        language: Of the letter.
        currency: The newsroom's own.
        today: Its day.
        case: The part after the first underscore of a passage that stands only in some letters, such as ``recurring``.
    """
    return {**_gift(language, currency, today), **_promise(today), **_others(today), **_case(letter, case, today)}


def _gift(language: str, currency: str, today: date) -> dict[str, Any]:
    first, last = {"ar": ("ليلى", "حداد"), "he": ("נועה", "לוי")}.get(language, ("Leila", "Haddad"))
    fund = {"ar": "الصندوق العام", "he": "הקרן הכללית"}.get(language, "General fund")
    return {
        "number": f"{today.year}-000123",
        "old_number": f"{today.year}-000117",
        "reference": REFERENCE,
        "received_on": today.isoformat(),
        "refunded_on": today.isoformat(),
        "first_name": first,
        "donor_name": f"{first} {last}",
        "amount_minor": 2500,
        "given_minor": 2500,
        "returned_minor": 0,
        "fee_cover_minor": 0,
        "refund_minor": 2500,
        "is_whole": True,
        "is_recurring": False,
        "currency": currency,
        "frequency": "once",
        "fund": fund,
        "card_last4": "4242",
        "sentences": [],
        "notice": "",
        "legal": "",
        "paper_path": "",
        "reason": "other",
        "is_again": False,
        "described": "",
        "organisation": "Sample Fund",
        "statement": "",
        "year": today.year - 1,
        "gifts": 3,
        "totals": [{"amount_minor": 7500, "currency": currency, "deductible_minor": None}],
    }


def _promise(today: date) -> dict[str, Any]:
    coming = today + timedelta(days=28)
    return {
        "promise": REFERENCE,
        "interval": "month",
        "act": "cancel",
        "by_stripe": False,
        "why": "yearly",
        "on": coming.isoformat(),
        "again_on": coming.isoformat(),
        "good_until": coming.isoformat(),
        "since_on": (today - timedelta(days=365)).isoformat(),
        "lines": [{"on": coming.isoformat(), "what": "charge", "amount_minor": 2500}],
        "failed_minor": 2500,
        "failed": REFERENCE,
        "card_key": "sample",
        "failure_code": "",
        "collected": "",
        "collected_minor": 0,
        "total_minor": 30000,
        "first_minor": 1000,
        "first_currency": "USD",
        "first_interval": "month",
    }


def _others(today: date) -> dict[str, Any]:
    return {
        "purpose": "member",
        "token": "sample",
        "code": "123456",
        "minutes": 15,
        "email": "leila@example.org",
        "change": "main",
        "proof": "sample",
        "days": 3,
        "hint": "sample",
        "asked_on": today.isoformat(),
        "appeal": "sample",
        "headline": "",
        "ask": "",
        "article": "sample",
        "article_title": "",
        "article_language": "en",
        "flag": "correction",
        "name": "Sample",
        "donor_email": "leila@example.org",
        "dispute": "sample",
        "dispute_minor": 2500,
        "status": "lost",
        "is_inquiry": False,
        "due_on": today.isoformat(),
        "day": today.isoformat(),
        "broken": [{"sentence": "Sample.", "rows": [], "count": 0}],
        "rows": 12,
        "first": today.isoformat(),
        "last": today.isoformat(),
        "path": "/staff/finance/exports",
    }


def _case(letter: str, case: str, today: date) -> dict[str, Any]:
    """Give what makes a letter the case that a passage is for."""
    if letter == "promise_changed":
        return {"act": case or "skip"}
    if letter == "dispute_closed":
        return {"status": {"won": "won", "closed": "warning_closed"}.get(case, "lost")}
    values: dict[str, dict[str, Any]] = {
        "recurring": {
            "frequency": "month",
            "next_on": (today + timedelta(days=28)).isoformat(),
            "next_minor": 2500,
            "next_interval": "month",
        },
        "unnamed": {"first_name": "", "donor_name": ""},
        "staff": {"purpose": "staff"},
        "linked": {"change": "linked"},
        "asked": {"change": "asked"},
        "unknown": {"hint": ""},
        "again": {"is_again": True},
        "described": {"described": "10 shares"},
        "inquiry": {"is_inquiry": True},
    }
    # A single gift's receipt has no promise behind it.
    single = {"promise": ""} if letter == "receipt" and case != "recurring" else {}
    return {**single, **values.get(case, {})}
