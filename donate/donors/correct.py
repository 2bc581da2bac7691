"""Add a donor at the desk, and correct what is kept of one: name and language."""

from __future__ import annotations

from dataclasses import dataclass

from donate import clock
from donate.db import db, lock
from donate.donors.find_or_create import find_or_create_donor
from donate.donors.models import Donor, DonorEmail
from donate.donors.queries import find_donor_by_email
from donate.donors.words import note_words
from donate.entry.address import normalise_email
from donate.errors import DonorRefused
from donate.references import new_reference
from donate.team.history import Who, record_history

#: Letters of each part of a name.
LONGEST_NAME = 120


@dataclass(frozen=True)
class PersonWords:
    """What is kept of a donor, as typed at the desk.

    Args:
        first_name: An organisation's name stands in ``last_name`` alone.
        last_name: See there.
        language: Of the letters to them.
    """

    first_name: str
    last_name: str
    language: str

    def checked(self) -> PersonWords:
        """Give them trimmed.

        Raises:
            DonorRefused: ``name_too_long`` (``most``).
        """
        first, last = " ".join(self.first_name.split()), " ".join(self.last_name.split())
        if max(len(first), len(last)) > LONGEST_NAME:
            raise DonorRefused("name_too_long", most=LONGEST_NAME)
        return PersonWords(first, last, self.language)


def add_donor(words: PersonWords, email: str, who: Who) -> Donor:
    """Write down somebody who gave or will give; call inside ``committed()``.

    Args:
        words: Their name and language.
        email: As typed, already known to be one; empty for somebody without.
        who: The colleague.

    Raises:
        DonorRefused: ``donor_known`` (``donor``: their reference), ``name_missing``, or as ``PersonWords.checked``.
    """
    words = words.checked()
    address = normalise_email(email)
    if not address and not words.last_name and not words.first_name:
        raise DonorRefused("name_missing")
    known = find_donor_by_email(address) if address else None
    if known is not None:
        raise DonorRefused("donor_known", donor=known.reference)
    if address:
        donor = find_or_create_donor(address, words.first_name, words.last_name, words.language)
    else:
        donor = Donor(
            reference=new_reference(), first_name=words.first_name, last_name=words.last_name,
            language=words.language, created_at=clock.now(),
        )  # fmt: skip
        db.session.add(donor)
        db.session.flush()
        note_words(donor.id, words.first_name, words.last_name)
    record_history(who, "add_donor", "donor", donor.reference)
    return donor


def correct_donor(donor_id: int, words: PersonWords, who: Who) -> bool:
    """Correct a donor's name and language; what earlier gifts and receipts say stays; call inside ``committed()``.

    Args:
        donor_id: Whose.
        words: As it shall be.
        who: The colleague, or the donor.

    Returns:
        Whether anything changed.

    Raises:
        DonorRefused: ``donor_erased``, or as ``PersonWords.checked``.
    """
    words = words.checked()
    donor = lock(Donor, donor_id)
    if donor.erased_at is not None:
        raise DonorRefused("donor_erased")
    before = PersonWords(donor.first_name, donor.last_name, donor.language)
    if before == words:
        return False
    donor.first_name, donor.last_name, donor.language = words.first_name, words.last_name, words.language
    db.session.flush()
    note_words(donor.id, words.first_name, words.last_name)
    # The history keeps nobody's name: it says that it changed, not how.
    record_history(
        who, "correct_donor", "donor", donor.reference,
        before={"language": before.language},
        after={"language": words.language, "name_changed": before.first_name != words.first_name
               or before.last_name != words.last_name},
    )  # fmt: skip
    return True


def add_address(donor: Donor, email: str, who: Who) -> DonorEmail:
    """Write down an address of a donor who has none yet: it proves nothing, and letters can go; inside ``committed()``.

    Args:
        donor: Without any address, such as who gave by cheque.
        email: As typed.
        who: The colleague.

    Raises:
        DonorRefused: ``donor_known`` (``donor``) where it is somebody's.
    """
    address = normalise_email(email)
    known = find_donor_by_email(address)
    if known is not None:
        raise DonorRefused("donor_known", donor=known.reference)
    row = DonorEmail(donor_id=donor.id, email=address, is_main=True)
    db.session.add(row)
    db.session.flush()
    note_words(donor.id, address)
    record_history(who, "add_address", "donor", donor.reference, after={"donor_email_id": row.id})
    return row
