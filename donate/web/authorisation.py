"""The words by which a donor allows repeated charges, shown on the form and kept with the promise."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton
from flask_babel import gettext as _

from donate.recurring.begin import Authorisation
from donate.web.language import current_language

#: Changes with every change of these sentences, in any language.
VERSION = "2026-11-25.1"
_LOCALES = {"en": "en_GB", "ar": "ar_JO", "he": "he"}
# Stands where the sum goes while the page writes one sum for each choice; no reader can type it.
SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"
_IN_EVERY_MONTH = 28


def rule(frequency: str, newsroom: str, total: str, shown_on: date) -> str:
    """Write who may charge what, when, until when.

    Args:
        frequency: ``month`` or ``year``.
        newsroom: Its name in the page's language.
        total: What is charged each time, as shown.
        shown_on: The newsroom's day the form is shown on.
    """
    if frequency == "year":
        day = format_skeleton("MMMMd", shown_on, locale=_LOCALES[current_language()])
        text = _("You allow %(newsroom)s to charge %(sum)s today and then every year on %(day)s until you stop it.")
    else:
        day = _nth(shown_on.day)
        text = _(
            "You allow %(newsroom)s to charge %(sum)s today and then on the %(day)s of each month until you stop it."
        )
        if shown_on.day > _IN_EVERY_MONTH:
            text = _(
                "You allow %(newsroom)s to charge %(sum)s today and then on the %(day)s of each month, "
                "or on the last day of a shorter one, until you stop it."
            )
    return str(text) % {"newsroom": newsroom, "sum": total, "day": day}


def way_out() -> str:
    """Write how it is stopped."""
    return str(_("You can change, skip, pause or stop it yourself at any time: a link by mail opens your account."))


def words_of_sum(*, with_fee: bool) -> str:
    """Name a typed amount, where the page can't know it."""
    return str(_("this amount and the card fee on it") if with_fee else _("this amount"))


def authorisation(frequency: str, newsroom: str, total: str, shown_on: date) -> Authorisation:
    """Write the whole text as the donor saw it, to be kept with the promise.

    Args:
        frequency: ``month`` or ``year``.
        newsroom: Its name in the page's language.
        total: What is charged each time, as shown.
        shown_on: The newsroom's day the form was shown on.
    """
    text = f"{rule(frequency, newsroom, total, shown_on)} {way_out()}"
    return Authorisation(text=text, version=VERSION, language=current_language())


def _nth(day: int) -> str:
    if current_language() != "en":
        return str(day)
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
