"""Queue a message inside the transaction that makes it necessary."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from donate import clock
from donate.db import db
from donate.mail.models import MailMessage
from donate.mail.queries import find_message
from donate.queue.enqueue import enqueue


@dataclass(frozen=True)
class Letter:
    """One message to one person.

    Args:
        key: What makes it one: ``receipt:<reference>``.
        template: Its files in ``templates/mail/``: ``<template>.subject.txt``, ``.txt`` and ``.html``.
        values: Plain JSON values for the template.
        unsubscribe: The path that ends letters of its kind; empty for those that can't be declined.
        is_kept: Whether its words and address stay after it went out.
    """

    key: str
    template: str
    to_address: str
    to_name: str
    sender_address: str
    sender_name: str
    language: str
    values: dict[str, Any]
    unsubscribe: str = ""
    is_kept: bool = True


def queue_mail(letter: Letter, *, job: str = "deliver_mail", **args: Any) -> None:
    """Write a message and the job that delivers it, once for its key; call inside ``committed()``.

    A template that is broken then spoils the job, never the gift.

    Args:
        letter: What is written.
        job: The name of a job that asks something of its own before it delivers.
        args: Plain values for that job, beside the message.
    """
    # Whoever asked to be forgotten left no address, and there may still be something that would be written about.
    if not letter.to_address or find_message(letter.key) is not None:
        return
    message = MailMessage(**asdict(letter), queued_at=clock.now())
    db.session.add(message)
    db.session.flush()
    enqueue(job, f"mail:{letter.key}", message_id=message.id, **args)


def withdraw_mail(message_id: int) -> None:
    """Let a message that has not gone out never go out; call inside ``committed()``.

    Args:
        message_id: Of a queued message; one that went out is left alone.
    """
    message = db.session.get(MailMessage, message_id)
    if message is not None and message.sent_at is None:
        db.session.delete(message)
