"""Past gifts in the words a staff member reads: whose file it is, how far it is, what became of its rows."""

from __future__ import annotations

from flask_babel import gettext as _


def say_system(name: str) -> str:
    """Name the system a file is from."""
    words: dict[str, str] = {
        "generic": _("Any other system, in columns of our names"),
        "givewp": "GiveWP",
        "donorbox": "Donorbox",
        "civicrm": "CiviCRM",
        "stripe": _("Stripe’s own export of payments"),
    }
    return words[name]


def say_state(state: str) -> str:
    """Say how an import stands."""
    words: dict[str, str] = {
        "waiting": _("Waiting"),
        "looking": _("Being looked at"),
        "looked": _("Looked at, nothing written"),
        "queued": _("Waiting"),
        "writing": _("Being brought in"),
        "done": _("Brought in"),
        "refused": _("Can’t be read"),
        "gone": _("Gone"),
    }
    return words[state]


def say_outcome(outcome: str, *, is_dry: bool) -> str:
    """Say what became of rows, or will."""
    words: dict[str, str] = {
        "new": _("New gifts") if is_dry else _("Brought in"),
        "known": _("Imported before"),
        "ours": _("Here already by Stripe’s number"),
        "updated": _("Imported before, and more of them went back since"),
        "refused": _("Left out"),
    }
    return words[outcome]
