"""Letters about somebody's own account, with the way out of those that can be declined."""

from __future__ import annotations

from typing import Any

from donate.donors.models import Donor
from donate.donors.preferences import way_out
from donate.mail.queue import Letter
from donate.newsroom.letters import letter_from_newsroom


def write_letter(
    key: str, template: str, to_address: str, language: str, *, to_donor: Donor | None = None, kind: str = "",
    **values: Any,
) -> Letter:  # fmt: skip
    """Write a letter in the newsroom's name.

    Args:
        key: What makes it one.
        template: Its files in ``templates/mail/``.
        to_address: Whom it goes to.
        language: Of its words.
        to_donor: Whose preferences say whether letters of its kind come; None where the kind can't be declined.
        kind: One of ``KINDS``; empty where it can't be declined.
        values: Plain JSON values.
    """
    out = way_out(to_donor, kind) if to_donor is not None and kind else ""
    return letter_from_newsroom(key, template, to_address, language, unsubscribe=out, **values)
