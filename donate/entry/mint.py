"""Make the link and the code of a proof, which from then on only their mail holds."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from donate import clock, references
from donate.db import db
from donate.entry.models import AddressProof

CODE_DIGITS = 6


@dataclass(frozen=True)
class Keys:
    """What the mail carries.

    Args:
        token: Stands in the link.
        code: Six digits, typed in the browser that asked.
    """

    token: str
    code: str


def mint_keys(proof: AddressProof, account: str) -> Keys:
    """Make new keys for a locked proof; call inside ``committed()``. Earlier ones of the same proof stop working.

    Args:
        proof: Not used yet.
        account: Whose it is: ``member:<id>``, ``staff:<id>``.
    """
    keys = Keys(references.new_secret(), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}")
    proof.account = account
    proof.link_hash = references.fingerprint(keys.token)
    proof.code_salt = references.new_secret()
    proof.code_hash = hash_code(proof.code_salt, keys.code)
    proof.mintings += 1
    return keys


def mint_invitation(address: str, account: str, life: timedelta) -> tuple[AddressProof, str]:
    """Make a staff link that no mail carries; call inside ``committed()``.

    Args:
        address: Normalised.
        account: ``staff:<id>``.
        life: How long it works.

    Returns:
        The proof, and the token of its link.
    """
    asked_at: datetime = clock.real_now()
    token = references.new_secret()
    proof = AddressProof(
        reference=references.new_reference(),
        purpose="staff",
        address=address,
        account=account,
        language="en",
        link_hash=references.fingerprint(token),
        asked_at=asked_at,
        expires_at=asked_at + life,
    )
    db.session.add(proof)
    db.session.flush()
    return proof, token


def hash_code(salt: str, code: str) -> str:
    """Hash a code with its proof's own salt and our secret: a million codes are soon tried without it."""
    return references.sign("proof-code", salt, code)


def is_code(proof: AddressProof, typed: str) -> bool:
    """Tell whether a code is the proof's; it takes as long where there is none."""
    right = hmac.compare_digest(hash_code(proof.code_salt, typed), proof.code_hash or hash_code("", ""))
    return right and bool(proof.code_hash)
