"""Words for readers as they would stand on a page, drawn from what a form holds; nothing is saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from donate import clock
from donate.articles.sanitise import sanitise
from donate.newsroom.greet import greeting_on, list_overlaps
from donate.web.language import LANGUAGES, direction
from donate.web.reading import newsroom
from donate.web.staff.appeal_reading import paragraphs
from donate.web.staff.settings.fields import Typed


def preview_of(part: str, typed: Typed, form: Mapping[str, str]) -> dict[str, Any]:
    """Give what a part's words come to.

    Args:
        part: One of the parts that are words.
        typed: What its form holds.
        form: As sent: ``day`` is the day that greetings are tried on.

    Returns:
        ``lines``: (language, direction, title, HTML or text); of greetings also ``day`` and ``overlaps``.
    """
    if part == "greetings":
        return _greetings(typed, form)
    if part == "pages":
        return {"lines": [
            (code, direction(code), words["title"], sanitise(paragraphs(words["body_html"])))
            for versions in typed["texts"].values() for code, words in versions.items()
            if words["title"] or words["body_html"]
        ]}  # fmt: skip
    rows = typed["tax"]["disclosures"] if part == "disclosures" else []
    words = [row["text"] for row in rows if not row["gone"]] if part == "disclosures" else [
        typed[name] for name in ("mission", "support_line", "footer_ask", "legal_line")
    ]  # fmt: skip
    return {"lines": [
        (code, direction(code), "", each[code]) for code in LANGUAGES for each in words if each.get(code)
    ]}  # fmt: skip


def with_paragraphs(texts: Mapping[str, Mapping[str, dict[str, str]]]) -> dict[str, Any]:
    """Make paragraphs of texts that were typed without tags.

    Args:
        texts: By page and language, as the file has them.
    """
    return {
        slug: {code: {**words, "body_html": paragraphs(words.get("body_html", ""))} for code, words in versions.items()}
        for slug, versions in texts.items()
    }


def _greetings(typed: Typed, form: Mapping[str, str]) -> dict[str, Any]:
    rows = [
        {
            "from": row["from"],
            "until": row["until"],
            "words": {code: text for code, text in row["text"].items() if text},
        }
        for row in typed["greetings"]
        if not row["gone"] and _is_day(row["from"]) and _is_day(row["until"])
    ]
    day = _day(form.get("day", ""))
    shown = greeting_on(rows, day)
    return {
        "day": day,
        "lines": [(code, direction(code), "", text) for code, text in shown.items()],
        "overlaps": [(_named(rows[one]), _named(rows[other])) for one, other in list_overlaps(rows)],
    }


def _named(row: Mapping[str, Any]) -> str:
    return next(iter(row["words"].values()), f"{row['from']} – {row['until']}")


def _is_day(text: str) -> bool:
    try:
        date(2024, int(text[:2]), int(text[3:]))
    except ValueError:
        return False
    return len(text) == 5 and text[2] == "-"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.today(newsroom().time_zone)
