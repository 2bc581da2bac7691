"""Roles and permissions in the words a staff member reads."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from donate.money import Money
from donate.web.reading import money


def say_role(role: str) -> str:
    """Name a role.

    Args:
        role: One of ``team.permissions.ROLES``.
    """
    words: dict[str, str] = {
        "owner": _("Owner"),
        "finance": _("Finance"),
        "auditor": _("Auditor"),
        "fundraising": _("Fundraising"),
        "editor": _("Editor"),
        "support": _("Reader support"),
    }
    return words[role]


def say_permission(permission: str) -> str:
    """Say what a permission allows.

    Args:
        permission: One of ``team.permissions.PERMISSIONS``.
    """
    words: dict[str, str] = {
        "enter_desk": _("Come in to the desk"),
        "see_gifts": _("See gifts"),
        "see_donors": _("See donors and what they gave"),
        "answer_donors": _("Answer donors and resend receipts"),
        "view_as_member": _("See a member’s pages as they see them, without changing anything"),
        "merge_donors": _("Make two records of one person into one"),
        "erase_donors": _("Forget a person who asks for it"),
        "import_gifts": _("Bring in past gifts from elsewhere"),
        "record_offline_gifts": _("Record cheques, transfers and cash"),
        "refund_gifts": _("Refund gifts"),
        "export_personal_data": _("Export names and addresses"),
        "see_ledger": _("See the ledger and payouts"),
        "close_periods": _("Close months"),
        "export_books": _("Export the books"),
        "see_appeals": _("See appeals and what they raised"),
        "export_appeal_donors": _("Take along who gave to an appeal, with names and addresses"),
        "edit_appeals": _("Write and change appeals"),
        "pause_appeals": _("Pause an appeal at once"),
        "resume_appeals": _("Let a resting appeal run again, once its stories are looked over"),
        "edit_articles": _("Keep a story free of asks, and bring in stories"),
        "see_operations": _("See how the machines are doing"),
        "replay_events": _("Process Stripe’s events again"),
        "see_history": _("See who did what"),
        "manage_staff": _("Add staff and change roles"),
        "change_texts": _("Change the words of letters, greetings and notices"),
        "change_settings": _("Change the newsroom’s facts, funds and levels"),
        "manage_hooks": _("Connect other programs to the books"),
    }
    return words[permission]


def money_of(value: Any) -> Any:
    """Write a sum as the page's language writes it; anything else stays as it is.

    Args:
        value: Of an error's values.
    """
    return money(value) if isinstance(value, Money) else value


def say_what_role_does(role: str) -> str:
    """Say in a line what somebody with a role does here, for whoever chooses one.

    Args:
        role: One of ``team.permissions.ROLES``.
    """
    words: dict[str, str] = {
        "owner": _("Everything, and who works here. Give it to two people, so that one can help the other."),
        "finance": _("Keeps the books: gifts and donors, refunds, cheques, months, exports with names."),
        "auditor": _(
            "Looks at the books, the appeals and the history and changes nothing. What they look at is noted."
        ),
        "fundraising": _("Raises money: writes appeals, sees what they bring, donors and their gifts."),
        "editor": _("Minds the stories: flags, and which appeals rest. Sees no donor and no gift."),
        "support": _("Answers readers: donors, gifts, receipts. Can neither refund nor export."),
    }
    return words[role]
