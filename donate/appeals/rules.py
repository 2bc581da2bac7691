"""What an appeal may ask of a page and its reader: one plain value, kept with the appeal as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

#: Where asks stand on pages for reading; an appeal's own page is always there.
PLACEMENTS = ("header", "inline", "end", "footer")

#: What a reader may be to the newsroom. ``guest`` is everybody of whom nothing is known.
STANDINGS = ("guest", "none", "donor", "lapsed", "one_off", "recurring", "member", "failed_card")

#: Who is asked where an appeal says nothing else: members and givers are left alone.
ASKED = frozenset({"guest", "none", "donor", "lapsed"})

FREQUENCIES = ("once", "month", "year")


@dataclass(frozen=True)
class Rules:
    """Whom an appeal asks; an empty set, or none, asks nothing.

    Args:
        audience: Standings that are asked.
        given: How a reader gives or gave last, to be asked: ``once``, ``month``, ``year``.
        countries: ISO 3166 codes that are asked; a reader of unknown country is not.
        not_countries: Codes that are not.
        read_least: Articles read in the last 30 days, of readers who let us count.
        read_most: Likewise.
        views_most: How often one reader is shown it in 30 days.
        rests_days: For how many days it rests after a reader closed it.
        sources: Where the visit came from (``utm_source``), to be asked.
        not_sources: Likewise, not to be.
        referrers: Hosts whose links are asked, such as ``news.google.com``.
        not_referrers: Hosts whose links are not.
        allowed_flags: Flags of a story beside which it may stand all the same: ``sensitive``, ``correction``.
    """

    audience: frozenset[str] = ASKED
    given: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    not_countries: frozenset[str] = frozenset()
    read_least: int | None = None
    read_most: int | None = None
    views_most: int | None = None
    rests_days: int = 30
    sources: frozenset[str] = frozenset()
    not_sources: frozenset[str] = frozenset()
    referrers: frozenset[str] = frozenset()
    not_referrers: frozenset[str] = frozenset()
    allowed_flags: frozenset[str] = frozenset()


#: An appeal that asks for nothing special.
PLAIN = Rules()

_NUMBERS = frozenset({"read_least", "read_most", "views_most", "rests_days"})


def rules_from(told: Mapping[str, Any]) -> Rules:
    """Read the JSON of a row; names that are no rule are passed over.

    Args:
        told: As ``rules_to_json`` wrote it.
    """
    known = {each.name for each in fields(Rules)}
    read: dict[str, Any] = {
        name: value if name in _NUMBERS else frozenset(value) for name, value in told.items() if name in known
    }
    return Rules(**read)


def rules_to_json(rules: Rules) -> dict[str, Any]:
    """Write rules as JSON, without those that ask nothing."""
    return {
        each.name: value if each.name in _NUMBERS else sorted(value)
        for each in fields(Rules)
        if (value := getattr(rules, each.name)) != getattr(PLAIN, each.name)
    }
