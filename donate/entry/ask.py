"""Ask for a proof of an address: one row and one job, the same for an address we know and one we don't."""

from __future__ import annotations

from datetime import timedelta

from donate import clock, references
from donate.db import db
from donate.entry.models import AddressProof
from donate.limits.take import Limit, take
from donate.queue.enqueue import enqueue

LIFE = timedelta(minutes=15)
#: Requests for mail from one network, whatever the address: a whole office may sign in.
NETWORK_ASKS = Limit("proof-network", 30, timedelta(minutes=15))
#: Mails to one address, whoever asks for them; short, so that nobody can keep another person out for long.
ADDRESS_ASKS = Limit("proof-address", 4, timedelta(minutes=10))
#: Addresses that one account asks to link.
ACCOUNT_ASKS = Limit("proof-account", 10, timedelta(hours=1))


def wait_to_ask(network: str, address: str, account: str = "") -> int:
    """Count one request for a proof; call outside ``committed()``.

    Args:
        network: Whence it comes.
        address: Normalised.
        account: Whose request it is, where somebody is signed in.

    Returns:
        The seconds to wait, the same for an address we know and one we don't; 0 when it may be asked.
    """
    own = ((ACCOUNT_ASKS, account),) if account else ()
    return take((NETWORK_ASKS, network), *own, (ADDRESS_ASKS, address))


def ask_proof(
    purpose: str, address: str, language: str, *, next_path: str = "", browser: str = "", account: str = ""
) -> AddressProof:
    """Write down that somebody wants to prove an address, and ask for the mail; call inside ``committed()``.

    Whether the address is known is found out by the job, so that who asks can't tell by the time it takes.

    Args:
        purpose: ``member``, ``staff``, ``address`` or ``gave``.
        address: Normalised.
        language: The page's.
        next_path: Where to go afterwards; a safe path.
        browser: The secret of the asking browser's cookie.
        account: For ``address``, whose account it shall belong to.
    """
    asked_at = clock.real_now()
    proof = AddressProof(
        reference=references.new_reference(),
        purpose=purpose,
        address=address,
        account=account,
        language=language,
        next_path=next_path,
        browser_hash=references.fingerprint(browser) if browser else "",
        asked_at=asked_at,
        expires_at=asked_at + LIFE,
    )
    db.session.add(proof)
    db.session.flush()
    enqueue("answer_proof", f"proof:{proof.reference}", proof_id=proof.id)
    return proof
