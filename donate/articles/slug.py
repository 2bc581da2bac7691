"""Addresses made from words, in any script."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 80


def slug_from(words: str) -> str:
    """Make an address from words: lower case, hyphens, accents and apostrophes dropped, any script kept.

    Args:
        words: Such as ``Amman’s Lost Water``.

    Returns:
        Such as ``ammans-lost-water``; empty when nothing is a letter or digit.
    """
    plain = unicodedata.normalize("NFKD", words.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"['’‘ʼ׳״`]", "", unicodedata.normalize("NFC", plain))
    slug = re.sub(r"[\W_]+", "-", plain).strip("-")
    if len(slug) <= _LONGEST:
        return slug
    head, hyphen, _rest = slug[: _LONGEST + 1].rpartition("-")
    return head if hyphen else slug[:_LONGEST]


def numbered(slug: str, number: int) -> str:
    """Set two stories of one name apart: ``lost-water-2``."""
    return slug if number < 2 else f"{slug}-{number}"
