"""Tidy: forget that letters went out whose words are kept nowhere, such as a way in."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from donate import clock
from donate.db import db
from donate.mail.models import MailMessage

KEEP = timedelta(days=2)


def drop_unkept_mail() -> None:
    """Delete the rows of letters that are not kept, addresses and all; call inside ``committed()``."""
    db.session.execute(
        sa.delete(MailMessage).where(MailMessage.is_kept.is_(False), MailMessage.sent_at < clock.now() - KEEP)
    )
