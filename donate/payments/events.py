"""Stripe's events: a delivery's signature, and the list of what happened."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import stripe

from donate import clock
from donate.payments.gateway import talking
from donate.payments.setup import EVENTS
from donate.payments.values import EventSeen

# https://docs.stripe.com/webhooks#replay-attacks
_TOLERANCE_SECONDS = 300
# Stripe lists no more kinds of events than this in one question.
_TYPES_AT_MOST = 20


def signature_fault(body: bytes, header: str, secrets: list[str]) -> str | None:
    """Tell what is wrong with a delivery's signature; None where Stripe made it in the last five minutes.

    Args:
        body: The raw bytes as they came.
        header: ``Stripe-Signature``.
        secrets: ``whsec_…``, any of which may fit while one is replaced.

    Returns:
        ``signature_wrong``, or ``signature_old`` for one that was right when it was made.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "signature_wrong"
    # Signatures are hexadecimal; comparing in constant time takes no other letters.
    if not header.isascii():
        return "signature_wrong"
    if any(_fits(text, header, secret, _TOLERANCE_SECONDS) for secret in secrets):
        return None
    return "signature_old" if any(_fits(text, header, secret, None) for secret in secrets) else "signature_wrong"


def _fits(text: str, header: str, secret: str, tolerance: int | None) -> bool:
    try:
        # Checks the same as construct_event without building a tree of objects nobody reads.
        stripe.WebhookSignature.verify_header(text, header, secret, tolerance)
    except stripe.SignatureVerificationError:
        return False
    return True


def list_events(since: datetime, until: datetime) -> list[EventSeen]:
    """List our kinds of events of a span of time, oldest first (Stripe keeps them for 30 days).

    https://docs.stripe.com/api/events/list

    Args:
        since: Not older than this.
        until: Older than this.
    """
    created = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
    found: list[EventSeen] = []
    for at in range(0, len(EVENTS), _TYPES_AT_MOST):
        types = list(EVENTS[at : at + _TYPES_AT_MOST])
        asked: Any = {"created": created, "types": types, "limit": 100}
        with talking() as v1:
            found += [_seen(event) for event in v1.events.list(asked).auto_paging_iter()]
    return sorted(found, key=lambda seen: seen.created_at)


def _seen(event: stripe.Event) -> EventSeen:
    plain = event.to_dict()
    return EventSeen(
        event.id,
        event.type,
        str(plain["data"]["object"].get("id", "")),
        clock.from_epoch(event.created),
        json.dumps(plain, default=str).encode(),
    )
