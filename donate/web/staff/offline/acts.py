"""What was done at the desk of offline gifts, in the words of its history."""

from __future__ import annotations

from flask_babel import gettext as _


def say_act(act: str) -> str:
    """Say in a word what was done; an act of another desk keeps its name."""
    words: dict[str, str] = {
        "record_offline_gift": _("Recorded"),
        "withdraw_offline_gift": _("Withdrawn"),
        "open_offline_batch": _("Opened"),
        "change_offline_batch": _("Control totals changed"),
        "add_offline_line": _("Line added"),
        "change_offline_line": _("Line changed"),
        "remove_offline_line": _("Line removed"),
        "choose_offline_donor": _("Donor chosen"),
        "post_offline_batch": _("Posted"),
        "discard_offline_batch": _("Thrown away"),
    }
    return words.get(act, act.replace("_", " "))
