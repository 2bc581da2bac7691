"""Where at the desk something is shown that the history tells of."""

from __future__ import annotations

import re
from collections.abc import Container

from donate.web.reading import url_for

_REFERENCE = re.compile(r"[A-Z2-7]{16}")
_BY_ROW = re.compile(r"article-[0-9]+")


def path_of_object(object_kind: str, reference: str, who_may: Container[str]) -> str:
    """Give the path of something's own page, where the reader may open it; else nothing.

    Args:
        object_kind: As the history keeps it.
        reference: Likewise.
        who_may: The permissions of whoever reads.
    """
    if object_kind == "appeal" and "see_appeals" in who_may:
        return url_for("staff.appeal", slug=reference)
    # A story whose address is in other letters stands there by its row's key, which is no address.
    if object_kind == "article" and "edit_articles" in who_may and not _BY_ROW.fullmatch(reference):
        return url_for("staff.article", slug=reference)
    if object_kind == "donor" and "see_donors" in who_may and _REFERENCE.fullmatch(reference):
        return url_for("staff.donor", reference=reference)
    if object_kind == "donation" and "see_donors" in who_may and _REFERENCE.fullmatch(reference):
        return url_for("staff.gift", reference=reference)
    if object_kind == "donation" and "see_ledger" in who_may and _REFERENCE.fullmatch(reference):
        return url_for("staff.gift_trail", reference=reference)
    if object_kind == "period" and "see_ledger" in who_may:
        return url_for("staff.period", month=reference)
    if object_kind == "payout" and "see_ledger" in who_may:
        return url_for("staff.payout", payout_id=reference)
    if object_kind == "placement" and "see_appeals" in who_may:
        return url_for("staff.ask_places")
    if object_kind == "staff" and "manage_staff" in who_may:
        return url_for("staff.team_member", reference=reference)
    return ""
