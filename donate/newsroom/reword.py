"""Put a letter into the newsroom's own words, version by version; what went out stays as it was said."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from donate import clock
from donate.db import db
from donate.errors import NotFound, WordsRefused
from donate.mail.passages import EVERY_LETTER, LETTERS
from donate.newsroom.models import LetterWords
from donate.newsroom.queries import find_letter_words, list_letter_words


def said_words(letter: str, language: str) -> dict[str, str]:
    """Give what a letter says in the newsroom's own words now, its signature included, to be kept with the letter.

    Args:
        letter: Of its template; one that can't be reworded has none.
        language: Of the letter.
    """
    known = LETTERS.get(letter)
    if known is None:
        return {}
    # The desk's own letters are signed by nobody.
    names = (letter,) if known.audience == "desk" else (EVERY_LETTER, letter)
    found = find_letter_words(names, language)
    return {name: text for each in names if each in found for name, text in found[each].words.items()}


def reword_letter(
    letter: str,
    language: str,
    words: Mapping[str, str],
    house: Mapping[str, str],
    *,
    staff_id: int | None,
    based_on: int,
) -> LetterWords | None:
    """Save what a letter says from now on; call inside ``committed()``.

    Args:
        letter: One of ``LETTERS``.
        language: Of the words.
        words: Of every passage, checked before.
        house: The house's words of every passage now: what says the same is not kept, so that it follows a release.
        staff_id: Whose change it is.
        based_on: The version the writer saw; 0 for none.

    Returns:
        The new version; None where nothing was changed.

    Raises:
        WordsRefused: ``words_changed``, when somebody else saved since.
    """
    newest = find_letter_words([letter], language).get(letter)
    if (newest.number if newest is not None else 0) != based_on:
        raise WordsRefused("words_changed")
    own = {name: text for name, text in words.items() if name in house and text != house[name]}
    their_house = {name: house[name] for name in own}
    if (own, their_house) == ((newest.words, newest.house) if newest is not None else ({}, {})):
        return None
    row = LetterWords(
        letter=letter, language=language, number=based_on + 1, at=clock.real_now(), staff_id=staff_id,
        words=own, house=their_house,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:
        raise WordsRefused("words_changed") from error
    return row


def version_of(letter: str, language: str, number: int) -> LetterWords:
    """Give one version of a letter's own words.

    Raises:
        NotFound: ``version_missing``.
    """
    found = next((each for each in list_letter_words(letter, language) if each.number == number), None)
    if found is None:
        raise NotFound("version_missing")
    return found
