"""Proofs of an address, and what every kind of session holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, UtcDateTime


class AddressProof(Base):
    """One asked-for proof that somebody reads an address: a link and a code, each kept as a hash; gone after a day."""

    __tablename__ = "address_proof"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("link_hash"),
        sa.CheckConstraint("purpose IN ('member', 'staff', 'address', 'gave')", name="purpose"),
        sa.CheckConstraint("wrong_codes >= 0", name="wrong_codes"),
        sa.Index("ix_address_proof_browser", "browser_hash", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: What it opens: a member's account, the staff's desk, or one more address for the account in ``account``; ``gave``
    #: opens nothing: it asks for a letter that says whether a gift was made with the address.
    purpose: Mapped[str] = mapped_column(sa.String(8))
    address: Mapped[str] = mapped_column(sa.String(254), index=True)
    #: Whose it is, once a mail went out: ``member:<id>``, ``staff:<id>``; empty where the address is unknown.
    account: Mapped[str] = mapped_column(sa.String(40), default="")
    language: Mapped[str] = mapped_column(sa.String(8))
    #: Where to go afterwards: a path of this site.
    next_path: Mapped[str] = mapped_column(sa.String(500), default="")
    #: Of the browser that asked: the code can be typed only there.
    browser_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    link_hash: Mapped[str | None] = mapped_column(sa.String(64))
    code_salt: Mapped[str] = mapped_column(sa.String(43), default="")
    code_hash: Mapped[str] = mapped_column(sa.String(24), default="")
    wrong_codes: Mapped[int] = mapped_column(sa.Integer, default=0)
    #: How often its keys were made: a mail that had to be sent again carries new ones.
    mintings: Mapped[int] = mapped_column(sa.Integer, default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionRow(Base):
    """What a session of any kind holds; each room's own class says whose it is."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: What pages name it by.
    reference: Mapped[str] = mapped_column(sa.String(16), unique=True)
    #: Of the secret in the cookie; the secret itself is nowhere here.
    id_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: Browser and system in words, such as ``Firefox, Windows``.
    device: Mapped[str] = mapped_column(sa.String(80), default="")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The end that no use puts off.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    if TYPE_CHECKING:
        #: The donor or the staff member.
        owner_id: Mapped[int]
