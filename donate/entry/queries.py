"""Look-ups of proofs and sessions."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from donate.db import db
from donate.entry.models import AddressProof, SessionRow

Kept = TypeVar("Kept", bound=SessionRow)


def find_proof(proof_id: int) -> AddressProof | None:
    """Find a proof by its row's key; none when it has gone."""
    return db.session.get(AddressProof, proof_id)


def find_proof_of_link(link_hash: str) -> AddressProof | None:
    """Find the proof that a link stands for, used or not."""
    return db.session.scalars(select(AddressProof).where(AddressProof.link_hash == link_hash)).first()


def find_latest_proof(browser_hash: str, purposes: tuple[str, ...], since: datetime) -> AddressProof | None:
    """Find what a browser asked for last, if it was not used and has not ended at a moment."""
    return db.session.scalars(
        select(AddressProof)
        .where(
            AddressProof.browser_hash == browser_hash,
            AddressProof.purpose.in_(purposes),
            AddressProof.used_at.is_(None),
            AddressProof.expires_at > since,
        )
        .order_by(AddressProof.id.desc())
        .limit(1)
    ).first()


def find_session(model: type[Kept], id_hash: str) -> Kept | None:
    """Find a session of a kind by its cookie's hash."""
    return db.session.scalars(select(model).where(model.id_hash == id_hash)).first()


def list_sessions(model: type[Kept], owner_id: int, since: datetime, used_since: datetime) -> list[Kept]:
    """List somebody's sessions that have not ended, the last used first."""
    return list(
        db.session.scalars(
            select(model)
            .where(model.owner_id == owner_id, model.expires_at > since, model.last_used_at > used_since)
            .order_by(model.last_used_at.desc(), model.id.desc())
        )
    )
