"""Consent given on a donation form: it counts once its address is proven, and never against a donor's own no."""

from __future__ import annotations

from donate.db import db, lock
from donate.donors.models import Donor, MailChoice
from donate.donors.queries import find_choice, list_emails
from donate.giving.queries import find_newsletter_gift


def adopt_consent(donor_id: int) -> bool:
    """Take over the newest consent of the forms sent with proven addresses; call inside ``committed()``.

    Anybody can type an address on a form: until its owner has come in, nothing is sent because of it. Whoever has
    said yes or no themselves is not overruled by a form.

    Args:
        donor_id: Who has just proved an address.

    Returns:
        Whether there was one.
    """
    lock(Donor, donor_id)
    if find_choice(donor_id, "newsletter") is not None:
        return False
    proven = [each.email for each in list_emails(donor_id) if each.proven_at is not None]
    gift = find_newsletter_gift(donor_id, proven)
    if gift is None:
        return False
    db.session.add(
        MailChoice(
            donor_id=donor_id,
            kind="newsletter",
            wanted=True,
            chosen_at=gift.created_at,
            place="form",
            words=gift.newsletter_words,
            language=gift.language,
            cause=f"gift:{gift.reference}",
        )
    )
    db.session.flush()
    return True
