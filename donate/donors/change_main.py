"""Change which address a donor is written to; other sessions end, in case the old one was somebody else's to read."""

from __future__ import annotations

from donate import clock
from donate.db import db, lock
from donate.donors.models import Donor, DonorEmail, MemberSession
from donate.donors.queries import find_main_email, get_email_of
from donate.entry.sessions import end_sessions
from donate.errors import NotFound
from donate.team.history import Who, record_history


def change_main_email(donor_id: int, email: str, who: Who, *, session: str) -> str:
    """Write to another proven address from now on; call inside ``committed()``.

    Args:
        donor_id: Whose.
        email: Normalised, one of theirs.
        who: For the history.
        session: The reference of the session that stays; all others end.

    Returns:
        The address that was written to before; empty when nothing changes.

    Raises:
        NotFound: ``address_missing``, when it is not theirs or not proven.
    """
    donor = lock(Donor, donor_id)
    wanted = get_email_of(donor_id, email)
    if wanted.proven_at is None:
        raise NotFound("address_missing")
    before = find_main_email(donor_id)
    if before is not None and before.id == wanted.id:
        return ""
    move_main(before, wanted)
    end_sessions(MemberSession, donor_id, but=session)
    record_history(
        who, "change_main_email", "donor", donor.reference,
        before={"donor_email_id": before.id if before else None}, after={"donor_email_id": wanted.id},
    )  # fmt: skip
    return before.email if before is not None else ""


def move_main(before: DonorEmail | None, wanted: DonorEmail) -> None:
    """Take the mark from one address and give it to another; call inside ``committed()``."""
    if before is not None:
        # First: for a moment there must be none rather than two.
        before.is_main = False
        db.session.flush()
    wanted.is_main = True
    db.session.get_one(Donor, wanted.donor_id).updated_at = clock.now()
    db.session.flush()
