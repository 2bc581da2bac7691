"""Tidy: forget proofs that are over, addresses and all."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from donate import clock
from donate.db import db
from donate.entry.models import AddressProof

KEEP = timedelta(days=1)


def drop_old_proofs() -> None:
    """Delete proofs that ended a day ago; call inside ``committed()``. Until then a late press is told why."""
    db.session.execute(sa.delete(AddressProof).where(AddressProof.expires_at < clock.real_now() - KEEP))
