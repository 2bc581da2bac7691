"""A hook's secret and what is signed with it: the Standard Webhooks manner, with two secrets while one is changed.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from donate import references
from donate.connections.models import Hook


def secret_of(hook: Hook) -> str:
    """Give a hook's secret, as its receiver is told it once: ``whsec_`` and 32 bytes in base64."""
    return "whsec_" + base64.b64encode(_key(hook, hook.salt)).decode()


def signed_headers(hook: Hook, message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Write the headers that prove a message to be ours.

    Args:
        hook: Who it goes to.
        message_id: The same at every try.
        body: As it is sent.
        at: Now, in real time.
    """
    seconds = str(int(at.timestamp()))
    salts = [hook.salt]
    if hook.old_until is not None and at < hook.old_until:
        salts.append(hook.old_salt)
    signed = f"{message_id}.{seconds}.".encode() + body
    marks = [base64.b64encode(hmac.new(_key(hook, salt), signed, hashlib.sha256).digest()).decode() for salt in salts]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }


def _key(hook: Hook, salt: str) -> bytes:
    return references.derive("hook", hook.reference, salt)
