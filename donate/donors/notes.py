"""Notes about donors: what a colleague keeps in mind for the others, by whom and when."""

from __future__ import annotations

from donate import clock, references
from donate.db import db
from donate.donors.models import Donor, DonorNote
from donate.errors import DonorRefused
from donate.team.history import Who, record_history

#: Letters of one note.
LONGEST_NOTE = 2000


def write_note(donor: Donor, words: str, who: Who, *, about_gift: str = "") -> DonorNote:
    """Keep a note about a donor; call inside ``committed()``.

    Args:
        donor: Whom it is about.
        words: As typed.
        who: The colleague.
        about_gift: The reference of the gift it explains; empty where it is about the person.

    Raises:
        DonorRefused: ``note_empty``, ``note_too_long`` (``most``), or ``donor_erased``.
    """
    words = words.strip()
    if not words:
        raise DonorRefused("note_empty")
    if len(words) > LONGEST_NOTE:
        raise DonorRefused("note_too_long", most=LONGEST_NOTE)
    if donor.erased_at is not None:
        raise DonorRefused("donor_erased")
    assert who.kind == "staff"
    assert who.row_id is not None
    note = DonorNote(
        reference=references.new_reference(),
        donor_id=donor.id,
        staff_id=who.row_id,
        about_gift=about_gift,
        words=words,
        written_at=clock.real_now(),
    )
    db.session.add(note)
    db.session.flush()
    record_history(who, "write_note", "donor", donor.reference, after={"note": note.reference, "gift": about_gift})
    return note


def remove_note(donor: Donor, note: DonorNote, who: Who) -> None:
    """Take a note away for good; call inside ``committed()``.

    Args:
        donor: Whom it is about.
        note: One of theirs.
        who: The colleague.
    """
    record_history(who, "remove_note", "donor", donor.reference, before={"note": note.reference})
    db.session.delete(note)
    db.session.flush()
