"""Correct a donor's name and language, with the statements that are out: they go on naming whom they named."""

from __future__ import annotations

from donate import clock
from donate.db import lock
from donate.donors.correct import PersonWords, correct_donor
from donate.donors.models import Donor
from donate.newsroom.queries import get_newsroom
from donate.receipts.locking import lock_holder
from donate.receipts.whom import donor_name
from donate.records.queries import list_statements_of
from donate.team.history import Who


def correct_person(donor_id: int, words: PersonWords, who: Who) -> bool:
    """Correct a donor's name and language; call inside ``committed()``.

    Args:
        donor_id: Whose.
        words: As it shall be.
        who: The colleague.

    Returns:
        Whether anything changed.

    Raises:
        DonorRefused: As ``donors.correct.correct_donor``.
    """
    donor, newsroom = lock(Donor, donor_id), get_newsroom()
    before = donor_name(donor)
    if not correct_donor(donor_id, words, who):
        return False
    for statement in list_statements_of(donor_id):
        lock_holder(statement, name=before, address="", country=newsroom.country, today=clock.today(newsroom.time_zone))
    return True
