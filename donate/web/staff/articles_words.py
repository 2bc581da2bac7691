"""Flags of stories and states of appeals in the words an editor reads, and where an appeal is at the desk."""

from __future__ import annotations

from urllib.parse import quote

from flask_babel import gettext as _

from donate.appeals.models import Appeal
from donate.web.language import current_language, prefixed


def say_flag(flag: str) -> str:
    """Name a flag.

    Args:
        flag: One of ``articles.flags.FLAGS``.
    """
    words: dict[str, str] = {
        "do_not_ask": _("Free of asks"),
        "sensitive": _("Sensitive"),
        "correction": _("Corrected"),
        "retraction": _("Retracted"),
        "embargo": _("Under embargo"),
    }
    return words[flag]


def say_meaning(flag: str) -> str:
    """Say what a flag does to the asks beside a story.

    Args:
        flag: One of ``articles.flags.FLAGS``.
    """
    words: dict[str, str] = {
        "do_not_ask": _("No ask stands beside this story."),
        "sensitive": _("Only the standing appeal asks beside it, and appeals whose rules allow sensitive stories."),
        "correction": _("Other appeals go on asking beside it."),
        "retraction": _("No ask stands beside this story."),
        "embargo": _("No ask stands beside this story until the flag is taken off."),
    }
    return words[flag]


def say_status(status: str) -> str:
    """Say how an appeal stands.

    Args:
        status: ``draft``, ``live``, ``paused`` or ``ended``.
    """
    words: dict[str, str] = {
        "draft": _("Being written"),
        "live": _("Live"),
        "paused": _("Resting"),
        "ended": _("Ended"),
    }
    return words[status]


def desk_path_of(appeal: Appeal) -> str:
    """Give the address of an appeal's page at the desk, in this page's language."""
    return prefixed(f"/staff/appeals/{quote(appeal.slug)}", current_language())
