"""Mail a new colleague their first way in: a link that signs in once, within a day."""

from __future__ import annotations

from donate import references
from donate.db import committed, db, lock
from donate.entry.mint import mint_invitation
from donate.mail.deliver import send_unkept
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.queries import get_newsroom
from donate.team.hire import INVITATION
from donate.team.models import Staff
from donate.team.queries import works_here


def mail_invitation(staff_id: int, by_id: int) -> None:
    """Mail a colleague their first link; call outside ``committed()``. Run again, it mails another link.

    Args:
        staff_id: Who; one who was disabled meanwhile, or came in by another way, gets none.
        by_id: The colleague who added them, whom the letter names.
    """
    newsroom = get_newsroom()
    with committed():
        staff = lock(Staff, staff_id)
        if not works_here(staff) or staff.totp_since is not None:
            return
        by = db.session.get(Staff, by_id)
        _proof, token = mint_invitation(staff.email, f"staff:{staff.id}", INVITATION)
        letter = letter_from_newsroom(
            f"invite:{references.new_reference()}",
            "staff_invited",
            staff.email,
            newsroom.language,
            is_kept=False,
            by=by.email if by is not None else "",
            role=staff.role,
            ends_on=staff.ends_on.isoformat() if staff.ends_on else "",
            token=token,
        )
    send_unkept(letter)
