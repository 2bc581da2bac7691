"""The ``[tax]`` table of the newsroom's file: what receipts may say of tax, and what states ask to be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from donate.errors import Unreadable
from donate.newsroom.models import Newsroom
from donate.newsroom.read_values import check_text

STANDINGS = ("charity", "sponsored", "none")
_TEXTS = ("legal_name", "number", "sponsor_name", "sponsor_number")
#: What a standing cannot be without.
_NEEDED = {"charity": ("number",), "sponsored": ("sponsor_name", "sponsor_number"), "none": ()}


def read_tax(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read what the newsroom is in the eyes of its tax office; without the table, gifts are not deductible.

    Args:
        data: The file's contents; ``legal_name`` and ``tax_number`` at its top stand in for the table's own.

    Raises:
        Unreadable: ``key_missing`` (key) or ``value_wrong`` (key, value, should).
    """
    told = data.get("tax", {})
    if not isinstance(told, Mapping):
        raise Unreadable("value_wrong", key="tax", value=told, should="a table")
    standing = told.get("standing", "none")
    if standing not in STANDINGS:
        raise Unreadable("value_wrong", key="tax.standing", value=standing, should="charity, sponsored or none")
    at_the_top = {"legal_name": data.get("legal_name"), "number": data.get("tax_number")}
    tax: dict[str, Any] = {"standing": standing}
    for name in _TEXTS:
        value = told.get(name, at_the_top.get(name) or "")
        tax[name] = check_text(value, f"tax.{name}", 200).strip()
    for name in _NEEDED[standing]:
        if not tax[name]:
            raise Unreadable("key_missing", key=f"tax.{name}")
    tax["address"] = _lines(told.get("address", []))
    tax["disclosures"] = _disclosures(told.get("disclosures", []))
    return tax


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


def asking_words(newsroom: Newsroom, language: str) -> dict[str, Any]:
    """Give what a letter that asks needs for its foot, as plain JSON; nothing where nobody has told the standing.

    Args:
        newsroom: Its row.
        language: Of the letter.

    Returns:
        ``tax``, of which the letter's template makes one sentence, and ``disclosures``.
    """
    if not newsroom.tax:
        return {}
    told = {name: newsroom.tax.get(name, "") for name in ("standing", *_TEXTS)}
    told["legal_name"] = told["legal_name"] or newsroom.name
    return {"tax": {**told, "country": newsroom.country}, "disclosures": disclosures_of(newsroom, language)}


def tell_tax(row: Newsroom) -> dict[str, Any]:
    """Tell the table as the file has it.

    Args:
        row: The newsroom's.
    """
    told: Mapping[str, Any] = row.tax or {}
    return {
        "standing": told.get("standing", "none"),
        **{name: told.get(name, "") for name in _TEXTS},
        "address": list(told.get("address", [])),
        "disclosures": [
            {"region": each.get("region", ""), "text": dict(each["words"])} for each in told.get("disclosures", [])
        ],
    }


def _lines(told: Any) -> list[str]:
    if not isinstance(told, list) or not all(isinstance(line, str) for line in told):
        raise Unreadable("value_wrong", key="tax.address", value=told, should="a list of lines")
    return [line.strip() for line in told if line.strip()]


def _disclosures(told: Any) -> list[dict[str, Any]]:
    if not isinstance(told, list):
        raise Unreadable("value_wrong", key="tax.disclosures", value=told, should="a list of tables")
    return [_disclosure(each, at) for at, each in enumerate(told, 1)]


def _disclosure(told: Any, at: int) -> dict[str, Any]:
    key = f"tax.disclosures[{at}]"
    words = told.get("text") if isinstance(told, Mapping) else None
    if not isinstance(words, Mapping) or not words or not all(isinstance(text, str) for text in words.values()):
        raise Unreadable(
            "value_wrong", key=f"{key}.text", value=words, should='words by language, such as { en = "…" }'
        )
    region = check_text(told.get("region", ""), f"{key}.region", 60)
    return {"region": region, "words": dict(words)}
