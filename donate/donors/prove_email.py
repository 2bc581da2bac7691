"""Prove an address: its owner opened what only its mailbox had."""

from __future__ import annotations

from donate import clock
from donate.db import db
from donate.donors.models import Donor, DonorEmail
from donate.donors.queries import find_email
from donate.team.history import Who, record_history


def prove_email(email: str, network: str) -> Donor | None:
    """Note that an address is its donor's own; call inside ``committed()``.

    Args:
        email: Normalised, and just proven.
        network: For the history.

    Returns:
        The donor; none when nobody gives with this address.
    """
    row = find_email(email)
    if row is None:
        return None
    donor = db.session.get_one(Donor, row.donor_id)
    if row.proven_at is None:
        note_proven(row, donor, network)
    return donor


def note_proven(row: DonorEmail, donor: Donor, network: str) -> None:
    """Write down when an address was proven first; call inside ``committed()``."""
    row.proven_at = clock.real_now()
    db.session.flush()
    record_history(Who("member", donor.id, network), "prove_email", "donor_email", str(row.id))
