"""A member comes in by a proven address, and finds every gift ever made with it."""

from __future__ import annotations

from donate.db import db
from donate.donors.come_in import LIFE
from donate.donors.find_or_create import find_or_create_donor
from donate.donors.models import MemberSession
from donate.donors.prove_email import prove_email
from donate.donors.queries import find_donor_by_email
from donate.entry.models import AddressProof
from donate.entry.sessions import begin_session
from donate.errors import NotFound
from donate.giving.queries import find_latest_on_the_way
from donate.records.consents import adopt_consent


def enter_account(proof: AddressProof, device: str, network: str) -> tuple[MemberSession, str]:
    """Begin the session of a used proof; call inside ``committed()``.

    Args:
        proof: Just used, for a member.
        device: In words.
        network: For the history.

    Returns:
        The session, and the secret for its cookie.

    Raises:
        NotFound: ``donor_missing``, when nobody gives with the address any more.
    """
    if find_donor_by_email(proof.address) is None:
        gift = find_latest_on_the_way(proof.address)
        if gift is None:
            raise NotFound("donor_missing")
        find_or_create_donor(proof.address, gift.first_name, gift.last_name, gift.language)
    donor = prove_email(proof.address, network)
    assert donor is not None
    db.session.flush()
    adopt_consent(donor.id)
    return begin_session(MemberSession, donor.id, LIFE, device)
