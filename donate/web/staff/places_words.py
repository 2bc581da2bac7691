"""The places where asks stand, in the words the desk reads."""

from __future__ import annotations

from flask_babel import gettext as _


def say_place(placement: str) -> str:
    """Name a place; what we don't know stays as it came.

    Args:
        placement: One of ``appeals.rules.PLACEMENTS``, or ``page`` for an appeal's own.
    """
    words: dict[str, str] = {
        "header": _("Top of the page"),
        "inline": _("Within the story"),
        "end": _("End of the story"),
        "footer": _("Foot of the page"),
        "page": _("The appeal’s own page"),
    }
    return words.get(placement, placement)


def describe_place(placement: str) -> str:
    """Say what stands in a place.

    Args:
        placement: One of ``appeals.rules.PLACEMENTS``.
    """
    words: dict[str, str] = {
        "header": _("The line in the page’s head: one sentence and a button, on every page for reading."),
        "inline": _("Two sentences between paragraphs, and beside the stories of the front page."),
        "end": _("The letter after the last paragraph, with its amounts."),
        "footer": _("The line above the page’s foot, where no letter stands."),
    }
    return words[placement]


def say_stop(placement: str) -> str:
    """Say what the button does that switches a place off.

    Args:
        placement: One of ``appeals.rules.PLACEMENTS``.
    """
    words: dict[str, str] = {
        "header": _("Stop all asks at the top of the page"),
        "inline": _("Stop all asks within stories"),
        "end": _("Stop all asks at the end of stories"),
        "footer": _("Stop all asks at the foot of the page"),
    }
    return words[placement]


def say_start(placement: str) -> str:
    """Say what the button does that switches a place on again.

    Args:
        placement: One of ``appeals.rules.PLACEMENTS``.
    """
    words: dict[str, str] = {
        "header": _("Let asks stand at the top of the page again"),
        "inline": _("Let asks stand within stories again"),
        "end": _("Let asks stand at the end of stories again"),
        "footer": _("Let asks stand at the foot of the page again"),
    }
    return words[placement]
