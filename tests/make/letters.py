"""A receipt's letter, as the gift that succeeded queues it."""

from __future__ import annotations

from donate.mail.queue import Letter


def letter(**more: str) -> Letter:
    """Write a receipt to Amal; ``more`` changes the envelope or a value."""
    envelope = {
        "key": "receipt:AAAABBBBCCCCDDDD",
        "template": "receipt",
        "to_address": "amal@example.org",
        "to_name": "Amal Haddad",
        "sender_address": "giving@plumbline.example",
        "sender_name": "The Plumb Line",
        "language": "en",
    }
    values = {
        "number": "2026-000001",
        "reference": "AAAABBBBCCCCDDDD",
        "received_on": "2026-03-02",
        "first_name": "Amal",
        "donor_name": "Amal Haddad",
        "amount_minor": 2609,
        "fee_cover_minor": 109,
        "currency": "USD",
        "frequency": "once",
        "fund": "General fund",
        "card_last4": "4242",
        "legal": "A nonprofit.",
        "newsroom": "The Plumb Line",
        "next_charge_on": None,
    }
    for name, value in more.items():
        (envelope if name in envelope else values)[name] = value  # type: ignore[index]
    return Letter(**envelope, values=values)
