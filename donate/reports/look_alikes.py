"""Donors who may be one person: the same name, or an address that differs by its domain only."""

from __future__ import annotations

from sqlalchemy import select

from donate.db import db
from donate.donors.models import Donor, DonorWord
from donate.donors.queries import list_emails
from donate.donors.words import words_of
from donate.reports.find_people import MOST, FoundDonor, show_donors

#: The part before the @ of an address says something from so many letters on.
_TELLING = 4


def look_alikes_of(donor: Donor) -> list[FoundDonor]:
    """List donors who may be the same person, likeliest first by their newest gift.

    Args:
        donor: Whom they look like.
    """
    found: dict[int, None] = {}
    name = words_of(donor.first_name, donor.last_name)
    if len(name) > 1:
        found.update(dict.fromkeys(_with_all(name)))
    for email in list_emails(donor.id):
        local = email.email.partition("@")[0]
        if len(local) >= _TELLING:
            start = local + "@"
            asked = select(DonorWord.donor_id).where(DonorWord.word >= start, DonorWord.word < start + "\U0010ffff")
            found.update(dict.fromkeys(db.session.scalars(asked.limit(MOST))))
    found.pop(donor.id, None)
    return show_donors(list(found)[:MOST])


def _with_all(words: list[str]) -> list[int]:
    asked = select(DonorWord.donor_id).where(DonorWord.word == words[0])
    for word in words[1:]:
        asked = asked.where(DonorWord.donor_id.in_(select(DonorWord.donor_id).where(DonorWord.word == word)))
    return list(db.session.scalars(asked.limit(MOST)))
