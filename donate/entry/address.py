"""Addresses as they are compared: who proves one, whom it belongs to, what was given with it."""

from __future__ import annotations


def normalise_email(email: str) -> str:
    """Write an address the one way it is compared in: trimmed, lower case."""
    return email.strip().lower()
