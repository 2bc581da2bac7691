"""Which permission each kind of export asks for: what names people asks for more than what names money."""

from __future__ import annotations

#: Kinds whose rows hold names and addresses of people.
WITH_PEOPLE = frozenset({"donations", "donors", "recurring"})


def permission_for(kind: str) -> str:
    """Tell what somebody's role must allow to have an export.

    Args:
        kind: One of ``reports.export.KINDS``.
    """
    if kind == "history":
        return "see_history"
    return "export_personal_data" if kind in WITH_PEOPLE else "export_books"
