"""What is the newsroom's own of a receipt's look: its accent and its logo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from donate.newsroom.queries import find_logo, get_newsroom


@dataclass(frozen=True)
class PaperLook:
    """The look of a paper beside its words.

    Args:
        accent: ``#rrggbb``; empty is the house's.
        kind: Of the logo, ``png`` or ``svg``; empty is the house's mark.
        logo: Its bytes.
    """

    accent: str = ""
    kind: str = ""
    logo: bytes = b""

    def values(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        picture: Any = self.logo.decode() if self.kind == "svg" else list(self.logo)
        return {"accent": self.accent, "kind": self.kind, "logo": picture}


def look_on_paper() -> PaperLook:
    """Give the look of papers drawn now: what they say is kept, how they look is the newsroom's of today."""
    look: dict[str, Any] = get_newsroom().look or {}
    logo = find_logo(look["logo"]["mark"]) if look.get("logo") else None
    if logo is None:
        return PaperLook(look.get("accent", ""))
    return PaperLook(look.get("accent", ""), logo.kind, logo.body)
