"""The fund and the appeal a file is narrowed to, as conditions; a word stands for gifts to no appeal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from donate.appeals.models import Appeal
from donate.giving.models import Donation
from donate.newsroom.models import Fund

#: In place of an appeal's address: gifts to none. No appeal can have it for its own.
NO_APPEAL = "none"


def narrowed(fund: str | None, appeal: str | None, of: Any = Donation.id) -> list[ColumnElement[bool]]:
    """Write what rows must be of; both tables are joined, so that rows without them are there too.

    Args:
        fund: A fund's code; None is any.
        appeal: An appeal's slug or ``NO_APPEAL``; None is any or none.
        of: The key of what is of an appeal or of none: rows without it are of neither.
    """
    asked: list[ColumnElement[bool]] = []
    if fund is not None:
        asked.append(Fund.code == fund)
    if appeal == NO_APPEAL:
        asked += [Appeal.slug.is_(None), of.is_not(None)]
    elif appeal is not None:
        asked.append(Appeal.slug == appeal)
    return asked


def slug_of(appeal: str | None) -> str | None:
    """Give an appeal as sums of gifts are asked for it: empty is of none, None asks nothing."""
    return "" if appeal == NO_APPEAL else appeal
