"""Whether the stories a reader opens may be counted in their browser: by the newsroom's setting and their country."""

from __future__ import annotations

from typing import Literal

Counting = Literal["off", "opt_in", "opt_out"]

#: Where nothing may be kept in a browser for this before its reader said yes (ePrivacy Directive, Article 5(3), and the
#: laws of the United Kingdom and Switzerland). European Economic Area: the Union's members, and the three beside them.
ASKS_FIRST = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    "IS", "LI", "NO",
    "GB", "CH",
})  # fmt: skip


def counting_for(setting: str, country: str) -> Counting:
    """Tell how counting is done for a reader.

    Args:
        setting: The newsroom's: ``off``, ``opt_in`` or ``opt_out``.
        country: The reader's, as ISO 3166 has it; empty is unknown, and there too they are asked first.
    """
    if setting == "off":
        return "off"
    return "opt_out" if setting == "opt_out" and country and country not in ASKS_FIRST else "opt_in"
