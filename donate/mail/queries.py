"""Look-ups of messages."""

from __future__ import annotations

from sqlalchemy import select

from donate.db import db
from donate.mail.models import MailMessage


def find_message(key: str) -> MailMessage | None:
    """Find a message by its key."""
    return db.session.scalars(select(MailMessage).where(MailMessage.key == key)).first()


def get_message(message_id: int) -> MailMessage:
    """Give a message by its row's key."""
    return db.session.get_one(MailMessage, message_id)


def list_latest_messages(at_most: int = 50) -> list[MailMessage]:
    """List the newest messages that were delivered, for the demo's outbox."""
    return list(
        db.session.scalars(
            select(MailMessage).where(MailMessage.sent_at.is_not(None)).order_by(MailMessage.id.desc()).limit(at_most)
        )
    )
