"""Use a proof, once: by its link, or by its code in the browser that asked."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa

from donate import clock, references
from donate.db import db, lock
from donate.entry.mint import is_code
from donate.entry.models import AddressProof
from donate.entry.queries import find_latest_proof, find_proof_of_link
from donate.limits.take import Limit, count, wait_for

MOST_WRONG_CODES = 5
#: Wrong codes for one account in a day, however many proofs are asked for. The link goes on working.
ACCOUNT_CODES = Limit("account-codes", 20, timedelta(days=1))


def look_at_link(token: str) -> tuple[str, AddressProof | None]:
    """Tell how a link stands, changing nothing: ``open``, ``used``, ``expired`` or ``unknown``.

    Args:
        token: From the link.
    """
    proof = find_proof_of_link(references.fingerprint(token))
    if proof is None:
        return "unknown", None
    if proof.used_at is not None:
        return "used", proof
    return ("open" if proof.expires_at > clock.real_now() else "expired"), proof


def use_link(token: str) -> AddressProof | None:
    """Use the proof of a link; call inside ``committed()``.

    Args:
        token: From the link.

    Returns:
        The proof; none when it was used, has ended or never was. Of two presses at once one gets it.
    """
    at = clock.real_now()
    taken = db.session.execute(
        sa.update(AddressProof)
        .where(
            AddressProof.link_hash == references.fingerprint(token),
            AddressProof.used_at.is_(None),
            AddressProof.expires_at > at,
        )
        .values(used_at=at)
        .returning(AddressProof.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    return _spend(taken) if taken is not None else None


def find_asked(browser: str, purposes: tuple[str, ...]) -> AddressProof | None:
    """Find what a browser asked for last and can still prove.

    Args:
        browser: The secret of its cookie.
        purposes: Of the page.
    """
    if not browser:
        return None
    return find_latest_proof(references.fingerprint(browser), purposes, clock.real_now())


def use_code(proof_id: int, typed: str) -> AddressProof | None:
    """Use a proof by its code; a wrong one is counted. Call inside ``committed()``, and commit a wrong one too.

    Args:
        proof_id: What the browser asked for.
        typed: As typed; spaces and dashes between digits are fine.

    Returns:
        The proof; none when the code is wrong, or right too late.
    """
    proof = lock(AddressProof, proof_id)
    code = re.sub(r"[\s-]", "", to_western(typed))
    is_shut = proof.used_at is not None or proof.expires_at <= clock.real_now()
    if is_shut or proof.wrong_codes >= MOST_WRONG_CODES:
        return None
    # Silent: who guesses at an account learns neither that it exists nor that it rests.
    rests = bool(proof.account) and wait_for(ACCOUNT_CODES, proof.account) > 0
    if is_code(proof, code) and not rests:
        proof.used_at = clock.real_now()
        db.session.flush()
        return _spend(proof.id)
    proof.wrong_codes += 1
    if proof.account:
        count(ACCOUNT_CODES, proof.account)
    return None


def to_western(typed: str) -> str:
    """Write digits of any script as 0 to 9: a phone's Arabic keyboard types its own."""
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in typed)


def end_proofs(address: str, purpose: str) -> None:
    """End what is still open for an address; call inside ``committed()``."""
    db.session.execute(
        sa.update(AddressProof)
        .where(AddressProof.address == address, AddressProof.purpose == purpose, AddressProof.used_at.is_(None))
        .values(used_at=clock.real_now())
        .execution_options(synchronize_session=False)
    )


def _spend(proof_id: int) -> AddressProof:
    """End the other open proofs of the same address: one way in was enough."""
    proof = db.session.get_one(AddressProof, proof_id, populate_existing=True)
    end_proofs(proof.address, proof.purpose)
    return proof
