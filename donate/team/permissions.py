"""Who may do what: permissions named by what they allow, and which role has which."""

from __future__ import annotations

#: Every permission; a view names one of these, never a role.
PERMISSIONS = (
    "enter_desk",
    "see_gifts",
    "see_donors",
    "answer_donors",
    "view_as_member",
    "merge_donors",
    "erase_donors",
    "import_gifts",
    "record_offline_gifts",
    "refund_gifts",
    "export_personal_data",
    "see_ledger",
    "close_periods",
    "export_books",
    "see_appeals",
    "export_appeal_donors",
    "edit_appeals",
    "pause_appeals",
    "resume_appeals",
    "edit_articles",
    "see_operations",
    "replay_events",
    "see_history",
    "manage_staff",
    "change_texts",
    "change_settings",
    "manage_hooks",
)

_READS_BOOKS = {"enter_desk", "see_gifts", "see_ledger", "export_books", "see_history"}
_MEETS_DONORS = {"enter_desk", "see_gifts", "see_donors", "answer_donors"}

ROLES: dict[str, frozenset[str]] = {
    "owner": frozenset(PERMISSIONS),
    "finance": frozenset(
        _READS_BOOKS
        | {"see_donors", "record_offline_gifts", "refund_gifts", "export_personal_data", "close_periods"}
        | {"merge_donors", "import_gifts"}
    ),
    # Sees the books and the history, and changes nothing.
    "auditor": frozenset(_READS_BOOKS | {"see_appeals"}),
    "fundraising": frozenset(
        _MEETS_DONORS
        | {"record_offline_gifts", "see_appeals", "export_appeal_donors", "edit_appeals", "pause_appeals"}
        | {"merge_donors", "change_texts"}
    ),
    # A story that turns sad must lose its ask at once, whoever is on duty.
    "editor": frozenset({"enter_desk", "see_appeals", "pause_appeals", "resume_appeals", "edit_articles"}),
    "support": frozenset(_MEETS_DONORS | {"view_as_member"}),
}


#: Roles of people from outside, of whom is written down what they look at.
WATCHED = frozenset({"auditor"})


def may(role: str, permission: str) -> bool:
    """Tell whether a role may do something; what is unknown is not allowed.

    Args:
        role: One of ``ROLES``.
        permission: One of ``PERMISSIONS``.
    """
    return permission in PERMISSIONS and permission in ROLES.get(role, ())


def may_grant(role: str, wanted: str) -> bool:
    """Tell whether who has a role may give another: nobody grants what they may not do themselves.

    Args:
        role: Of whoever grants; one of ``ROLES``.
        wanted: The role that is granted, or that somebody has who is acted upon.
    """
    return wanted in ROLES and ROLES[wanted] <= ROLES.get(role, frozenset())
