"""Correct the name and postal address that one gift bears, and replace its receipt where that said otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping

from donate import clock
from donate.db import db, lock
from donate.donors.words import note_words
from donate.errors import DonorRefused
from donate.giving.models import Donation
from donate.newsroom.queries import get_newsroom
from donate.receipts.correct import correct_receipt
from donate.receipts.locking import lock_holder
from donate.receipts.whom import address_lines
from donate.records.queries import list_receipts_of
from donate.team.history import Who, record_history

_COUNTRY = re.compile(r"[A-Z]{2}")
#: What of a gift says who gave it, and how many letters each holds.
GIVER_FIELDS: Mapping[str, int] = {
    "first_name": 120, "last_name": 120, "address_line1": 200, "address_line2": 200, "city": 120, "region": 120,
    "postcode": 20, "country": 2,
}  # fmt: skip


def correct_giver(donation_id: int, words: Mapping[str, str], who: Who) -> bool:
    """Correct who gave, as it stands on one gift; call inside ``committed()``.

    Args:
        donation_id: Which gift.
        words: By ``GIVER_FIELDS``, as typed.
        who: The colleague.

    Returns:
        Whether anything changed.

    Raises:
        DonorRefused: ``field_too_long`` (``field``, ``most``), ``country_unknown``, or ``donor_erased`` where the
            gift's giver was forgotten.
    """
    donation = lock(Donation, donation_id)
    if not donation.email and donation.anonymous and donation.status == "succeeded" and not donation.donor_name:
        raise DonorRefused("donor_erased")
    clean = {name: " ".join(words.get(name, "").split()) for name in GIVER_FIELDS}
    clean["country"] = clean["country"].upper()
    for name, most in GIVER_FIELDS.items():
        if len(clean[name]) > most:
            raise DonorRefused("country_unknown" if name == "country" else "field_too_long", field=name, most=most)
    if clean["country"] and not _COUNTRY.fullmatch(clean["country"]):
        raise DonorRefused("country_unknown")
    changed = sorted(name for name, value in clean.items() if getattr(donation, name) != value)
    if not changed:
        return False
    _keep_named(donation)
    for name in changed:
        setattr(donation, name, clean[name])
    db.session.flush()
    if donation.donor_id is not None:
        note_words(donation.donor_id, clean["first_name"], clean["last_name"])
    # The history keeps no name and no address: it says which lines changed.
    record_history(who, "correct_giver", "donation", donation.reference, after={"fields": "/".join(changed)[:80]})
    correct_receipt(donation, "correction", zone=get_newsroom().time_zone, names_another=True)
    return True


def _keep_named(donation: Donation) -> None:
    """Let papers that are out go on naming whom they named: a void one is drawn as it was handed out."""
    newsroom = get_newsroom()
    for receipt in list_receipts_of([donation.id]):
        lock_holder(
            receipt,
            name=donation.donor_name,
            address="\n".join(address_lines(donation)),
            country=newsroom.country,
            today=clock.today(newsroom.time_zone),
        )
