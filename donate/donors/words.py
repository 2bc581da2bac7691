"""The words a donor is found by: names and addresses as they were given, in any script, folded to be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from donate.db import db, insert_of
from donate.donors.models import DonorWord
from donate.donors.queries import list_words

#: Letters a word is kept by; whoever types more of one finds it by these.
LONGEST = 60
#: Letters that are written in several ways and read as one: Arabic alef, yeh and teh marbuta, Persian kaf and yeh.
_ONE_LETTER = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه",
                             "ک": "ك", "ـ": "", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})  # fmt: skip
#: Rows of one statement: each has two values, and SQLite takes some thousand.
_AT_ONCE = 400
_BETWEEN = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Write a text as it is compared: without case, accents, vowel marks, and letters that look otherwise only.

    Args:
        text: In any script.
    """
    folded = text.casefold().translate(_ONE_LETTER)
    bare = "".join(each for each in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", bare)


def words_of(*texts: str) -> list[str]:
    """Give the words of names and addresses, folded, each once, in their order.

    Args:
        texts: An address's parts are words of it, and so is the whole of it.
    """
    found: dict[str, None] = {}
    for text in texts:
        folded = fold(text)
        if "@" in folded:
            found[folded[:LONGEST]] = None
        found.update(dict.fromkeys(word[:LONGEST] for word in _BETWEEN.split(folded) if word))
    return list(found)


def note_words(donor_id: int, *texts: str) -> None:
    """Let a donor be found by the words of these texts too; call inside ``committed()``.

    Args:
        donor_id: Whose.
        texts: Names and addresses as they were given.
    """
    _write(donor_id, words_of(*texts))


def note_many(texts_of: Mapping[int, Iterable[str]]) -> None:
    """Let many donors be found by words of texts, in few statements; call inside ``committed()``.

    Args:
        texts_of: Names and addresses as they were given, by the donor's key.
    """
    rows = [{"word": w, "donor_id": donor_id} for donor_id, texts in texts_of.items() for w in words_of(*texts)]
    for at in range(0, len(rows), _AT_ONCE):
        db.session.execute(insert_of(DonorWord).values(rows[at : at + _AT_ONCE]).on_conflict_do_nothing())


def forget_words(donor_id: int) -> None:
    """Let nobody find a donor by any word any more; call inside ``committed()``."""
    db.session.execute(sa.delete(DonorWord).where(DonorWord.donor_id == donor_id))


def move_words(donor_id: int, to_donor_id: int) -> None:
    """Let another donor be found by all words of one who joins them; call inside ``committed()``.

    Args:
        donor_id: Who goes.
        to_donor_id: Who stays.
    """
    words = list_words(donor_id)
    forget_words(donor_id)
    _write(to_donor_id, words)


def _write(donor_id: int, words: list[str]) -> None:
    if words:
        db.session.execute(
            insert_of(DonorWord)
            .values([{"word": word, "donor_id": donor_id} for word in words])
            .on_conflict_do_nothing()
        )
