"""Answer who asked for a proof, by mail: the way in for an address we know, a short word for one we don't."""

from __future__ import annotations

from donate import clock
from donate.db import committed, lock
from donate.donors.queries import find_donor_by_email
from donate.entry.ask import LIFE
from donate.entry.mint import mint_keys
from donate.entry.models import AddressProof
from donate.entry.queries import find_proof
from donate.giving.queries import find_latest_on_the_way
from donate.mail.deliver import send_unkept
from donate.mail.queue import Letter
from donate.members.hint import hint_for, make_hint
from donate.members.standing import Giving, standing_of
from donate.newsroom.queries import get_newsroom
from donate.records.letters import write_letter
from donate.references import fingerprint
from donate.team.come_in import find_staff_to_let_in


def answer_proof(proof_id: int) -> None:
    """Mail the keys of a proof, or that the address is not known; call outside ``committed()``.

    Run again, it mails new keys, and those of the mail before stop working.

    Args:
        proof_id: Of the row; one that is used, has ended or has gone is left alone.
    """
    proof = find_proof(proof_id)
    if proof is None or not _is_waiting(proof):
        return
    if proof.purpose == "gave":
        send_unkept(_of_gifts(proof))
        return
    account = proof.account or account_of(proof.purpose, proof.address)
    letter = _with_keys(proof_id, account) if account else _for_nobody(proof)
    if letter is not None:
        send_unkept(letter)


def account_of(purpose: str, address: str) -> str:
    """Tell whose account an address opens: ``member:<id>``, ``member:new:…`` or ``staff:<id>``; else nothing.

    Args:
        purpose: ``member`` or ``staff``.
        address: Normalised.
    """
    if purpose == "staff":
        staff = find_staff_to_let_in(address)
        return f"staff:{staff.id}" if staff is not None else ""
    donor = find_donor_by_email(address)
    if donor is not None:
        return f"member:{donor.id}"
    # A first gift that the bank takes days for has no donor yet, and still somebody who asks about it.
    return f"member:new:{fingerprint(address)[:16]}" if find_latest_on_the_way(address) else ""


def _is_waiting(proof: AddressProof) -> bool:
    return proof.used_at is None and proof.expires_at > clock.real_now()


def _with_keys(proof_id: int, account: str) -> Letter | None:
    with committed():
        proof = lock(AddressProof, proof_id)
        if not _is_waiting(proof):
            return None
        keys = mint_keys(proof, account)
        return write_letter(
            # A number in it: a mail program drops a second letter of the same name, and the first one's keys are old.
            f"proof:{proof.reference}:{proof.mintings}",
            "link_address" if proof.purpose == "address" else "sign_in",
            proof.address,
            proof.language,
            purpose=proof.purpose,
            token=keys.token,
            code=keys.code,
            minutes=int(LIFE.total_seconds()) // 60,
        )


def _of_gifts(proof: AddressProof) -> Letter:
    """Say whether a gift was made with an address, with a link that tells its browser so."""
    today = clock.today(get_newsroom().time_zone)
    donor = find_donor_by_email(proof.address)
    hint = hint_for(standing_of(donor.id).giving, today) if donor is not None else None
    if hint is None and find_latest_on_the_way(proof.address) is not None:
        hint = hint_for(Giving(single_on=today), today)
    return write_letter(
        f"proof:{proof.reference}:0",
        "already_gave",
        proof.address,
        proof.language,
        hint=make_hint(hint) if hint is not None else "",
    )


def _for_nobody(proof: AddressProof) -> Letter:
    return write_letter(
        f"proof:{proof.reference}:0", "sign_in_unknown", proof.address, proof.language, purpose=proof.purpose
    )
