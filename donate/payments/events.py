"""Stripe's events: a delivery's signature, and the list of what happened."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import stripe

from donate.payments.gateway import talking
from donate.payments.setup import EVENTS
from donate.payments.values import EventSeen

# https://docs.stripe.com/webhooks#replay-attacks
_TOLERANCE_SECONDS = 300


def is_signed(body: bytes, header: str, secrets: list[str]) -> bool:
    """Tell whether Stripe signed these bytes with one of our secrets, in the last five minutes.

    Args:
        body: The raw bytes as they came.
        header: ``Stripe-Signature``.
        secrets: ``whsec_…``, any of which may fit while one is replaced.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    for secret in secrets:
        try:
            # Checks the same as construct_event without building a tree of objects nobody reads.
            stripe.WebhookSignature.verify_header(text, header, secret, _TOLERANCE_SECONDS)
        except stripe.SignatureVerificationError:
            continue
        return True
    return False


def list_events(since: datetime) -> list[EventSeen]:
    """List our kinds of events since a moment, newest first (Stripe keeps them for 30 days)."""
    asked: Any = {"created": {"gte": int(since.timestamp())}, "types": list(EVENTS), "limit": 100}
    with talking() as v1:
        return [_seen(event) for event in v1.events.list(asked).auto_paging_iter()]


def _seen(event: stripe.Event) -> EventSeen:
    plain = event.to_dict()
    return EventSeen(
        event.id, event.type, str(plain["data"]["object"].get("id", "")), json.dumps(plain, default=str).encode()
    )
