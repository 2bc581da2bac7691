"""E-mail addresses as typed: is it one, and is it likely the one that was meant?"""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

LONGEST = 254
_COMMON = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "live.com", "msn.com", "aol.com",
    "protonmail.com", "proton.me", "googlemail.com", "yahoo.co.uk", "hotmail.co.uk", "hotmail.fr", "yahoo.fr",
    "walla.co.il", "walla.com", "netvision.net.il", "bezeqint.net", "gmx.de", "gmx.net", "web.de",
)  # fmt: skip
# One letter from a common one, and yet real.
_REAL = frozenset({"mail.com", "email.com", "ymail.com", "gmx.com", "gmx.at", "live.co", "me.com", "mac.com", "aol.de"})
_KNOWN = {
    "gmial.com": "gmail.com", "gmali.com": "gmail.com", "gmal.com": "gmail.com", "gamil.com": "gmail.com",
    "gnail.com": "gmail.com", "hotmial.com": "hotmail.com", "hotmali.com": "hotmail.com", "homtail.com": "hotmail.com",
    "yaho.com": "yahoo.com", "yhaoo.com": "yahoo.com", "outlok.com": "outlook.com", "outloook.com": "outlook.com",
    "iclould.com": "icloud.com", "gmail": "gmail.com", "hotmail": "hotmail.com", "yahoo": "yahoo.com",
    "hotmial": "hotmail.com", "gmial": "gmail.com",
}  # fmt: skip
_ENDINGS = {
    ".con": ".com",
    ".cmo": ".com",
    ".ocm": ".com",
    ".vom": ".com",
    ".comm": ".com",
    ".ogr": ".org",
    ".rog": ".org",
}


def check_address(typed: str, *, livemode: bool) -> tuple[str, str]:
    """Read an address; nobody is asked over the network whether it exists.

    Args:
        typed: As typed, trimmed.
        livemode: Whether real money moves; test addresses are taken where none does.

    Returns:
        The address in the form it is sent to, and the sentence that names the repair: one of the two is empty.
    """
    if not typed:
        return "", _("Write your e-mail address: your receipt goes there.")
    if len(typed) > LONGEST:
        return "", _("An e-mail address has %(most)s letters at most.", most=LONGEST)
    if "@" not in typed:
        return "", _("Add the part with the @ sign, such as %(example)s", example="leila@example.org")
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False, test_environment=not livemode)
    except EmailNotValidError:
        return "", _("Look at this address again: it should be like %(example)s", example="leila@example.org")
    return found.ascii_email or found.normalized, ""


def masked(address: str) -> str:
    """Show enough of an address to recognise it, and no more: ``t•••@example.org``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def likely_meant(address: str) -> str | None:
    """Tell the address that was likely meant, when the domain looks mistyped.

    Args:
        address: A valid one.
    """
    local, _at, domain = address.rpartition("@")
    domain = domain.lower()
    better = _KNOWN.get(domain) or _ending(domain) or _neighbour(domain)
    return f"{local}@{better}" if better and better != domain else None


def _ending(domain: str) -> str | None:
    for wrong, right in _ENDINGS.items():
        if domain.endswith(wrong):
            repaired = domain.removesuffix(wrong) + right
            return _KNOWN.get(repaired, repaired)
    return None


def _neighbour(domain: str) -> str | None:
    if domain in _COMMON or domain in _REAL:
        return None
    return next((common for common in _COMMON if _one_edit_apart(domain, common)), None)


def _one_edit_apart(one: str, other: str) -> bool:
    """Tell whether one letter added, left out, changed or two neighbours swapped make them the same."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    )
