"""Look-ups of the newsroom's facts and funds."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from donate.db import db
from donate.errors import NotFound
from donate.newsroom.edition import Edition
from donate.newsroom.models import Fund, LetterWords, Logo, Newsroom


def find_newsroom() -> Newsroom | None:
    """Find the newsroom's row; none before its facts were loaded."""
    return db.session.get(Newsroom, 1)


def get_newsroom() -> Newsroom:
    """Give the newsroom's row.

    Raises:
        NotFound: ``newsroom_missing``, before ``flask newsroom load``.
    """
    row = find_newsroom()
    if row is None:
        raise NotFound("newsroom_missing")
    return row


def find_fund(code: str) -> Fund | None:
    """Find a fund by its code."""
    return db.session.scalars(select(Fund).where(Fund.code == code)).first()


def get_general_fund() -> Fund:
    """Give the fund that takes what names none.

    Raises:
        NotFound: ``fund_missing``, before ``flask newsroom load``.
    """
    fund = db.session.scalars(select(Fund).where(Fund.is_general)).first()
    if fund is None:
        raise NotFound("fund_missing")
    return fund


def find_language() -> str:
    """Tell the newsroom's own language; empty before its facts are loaded."""
    return db.session.scalar(select(Newsroom.language)) or ""


def list_funds() -> list[Fund]:
    """List the funds, the general one first."""
    return list(db.session.scalars(select(Fund).order_by(Fund.is_general.desc(), Fund.code)))


def edition_number() -> int:
    """Tell the number of the edition that is out now; 0 before anything was written."""
    return db.session.scalar(select(Edition.number)) or 0


def find_letter_words(letters: Collection[str], language: str) -> dict[str, LetterWords]:
    """Find what letters say in the newsroom's own words now, by letter; none for those that say the house's.

    Args:
        letters: Names of ``mail.passages.LETTERS``.
        language: Of the words.
    """
    newest = (
        select(LetterWords.letter, func.max(LetterWords.number).label("number"))
        .where(LetterWords.letter.in_(letters), LetterWords.language == language)
        .group_by(LetterWords.letter)
        .subquery()
    )
    rows = db.session.scalars(
        select(LetterWords)
        .join(newest, (LetterWords.letter == newest.c.letter) & (LetterWords.number == newest.c.number))
        .where(LetterWords.language == language)
    )
    return {row.letter: row for row in rows}


def list_letter_words(letter: str, language: str) -> list[LetterWords]:
    """List every version of a letter's own words, the newest first."""
    return list(
        db.session.scalars(
            select(LetterWords)
            .where(LetterWords.letter == letter, LetterWords.language == language)
            .order_by(LetterWords.number.desc())
        )
    )


def find_logo(mark: str) -> Logo | None:
    """Find a logo by its mark."""
    return db.session.get(Logo, mark)
