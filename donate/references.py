"""Public references and signed keys: what stands in URLs and mails instead of row numbers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

_secret = b""

_REFERENCE = re.compile(r"[A-Z2-7]{16}")


def use_secret(secret: str) -> None:
    """Sign with this secret from now on.

    Args:
        secret: ``SECRET_KEY``.
    """
    global _secret
    _secret = secret.encode()


def new_reference() -> str:
    """Mint a reference: 80 random bits as 16 letters and digits (RFC 4648 base32)."""
    return base64.b32encode(secrets.token_bytes(10)).decode()


def reference_from(*parts: str) -> str:
    """Give the one reference that belongs to some parts, for rows that must come out the same each time."""
    return base64.b32encode(hashlib.sha256("\x00".join(parts).encode()).digest()[:10]).decode()


def new_secret() -> str:
    """Mint a secret to be carried in a link or cookie: 256 random bits as 43 letters and digits."""
    return secrets.token_urlsafe(32)


def is_reference(text: str) -> bool:
    """Tell whether a text has the shape of a reference."""
    return bool(_REFERENCE.fullmatch(text))


def spell(reference: str) -> str:
    """Group a reference for reading aloud: ``G7K4-QX2M-P5VD-3LTA``."""
    return "-".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def sign(purpose: str, *parts: str) -> str:
    """Sign parts for one purpose: a key that nobody without the secret can make.

    Args:
        purpose: What the key is for, such as ``gift``; a key of one purpose is nothing for another.
        parts: What is signed, in order.
    """
    return base64.urlsafe_b64encode(derive(purpose, *parts)[:18]).decode()


def derive(purpose: str, *parts: str) -> bytes:
    """Derive 32 bytes for one purpose that nobody without the secret can make.

    Args:
        purpose: What they are for; those of one purpose tell nothing of another's.
        parts: What they are derived from, in order.
    """
    if not _secret:
        raise RuntimeError("references.use_secret() comes first")
    return hmac.new(_secret, "\x00".join((purpose, *parts)).encode(), hashlib.sha256).digest()


def is_signed(key: str, purpose: str, *parts: str) -> bool:
    """Tell whether a key was signed here for this purpose and these parts."""
    return hmac.compare_digest(key.encode(), sign(purpose, *parts).encode())


def fingerprint(*parts: str) -> str:
    """Tell contents apart: a SHA-256 over parts, as hex."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
