"""What the history keeps, in words: what something was done to and which values changed. Acts: happened_acts."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from donate.donors.preferences import KINDS as LETTERS
from donate.team.history import Plain
from donate.team.permissions import ROLES
from donate.web.mail_words import words_of
from donate.web.reading import long_date
from donate.web.staff.articles_words import say_flag, say_status
from donate.web.staff.words import say_role

#: What the history's search offers; a kind is added here when something new has a history.
KINDS_OF_OBJECTS = (
    "api_token", "appeal", "article", "donation", "donor", "donor_email", "donors", "export", "hook", "hook_delivery",
    "import", "job", "letter", "newsroom", "offline_batch", "page", "payout", "period", "placement",
    "recurring_donation", "report", "settings", "staff", "stripe_event",
)  # fmt: skip


def say_kind_of_object(kind: str) -> str:
    """Name what something was done to; a kind nobody found a word for keeps its own name.

    Args:
        kind: As the history keeps it.
    """
    words: dict[str, str] = {
        "api_token": _("Token"),
        "appeal": _("Appeal"),
        "article": _("Story"),
        "donation": _("Gift"),
        "donor": _("Donor"),
        "donor_email": _("Donor’s address"),
        "donors": _("Donors"),
        "export": _("Export"),
        "hook": _("Hook"),
        "hook_delivery": _("Delivery of a hook"),
        "import": _("Import of past gifts"),
        "job": _("Work"),
        "letter": _("Letter"),
        "newsroom": _("Newsroom"),
        "offline_batch": _("Batch of offline gifts"),
        "page": _("Page"),
        "payout": _("Payout"),
        "period": _("Month of the books"),
        "placement": _("Place for asks"),
        "recurring_donation": _("Recurring gift"),
        "report": _("Saved report"),
        "settings": _("Settings"),
        "staff": _("Colleague"),
        "stripe_event": _("Event from Stripe"),
    }
    return words.get(kind, kind.replace("_", " "))


def say_field(name: str) -> str:
    """Name a value that the history keeps; one nobody found a word for keeps its own name.

    Args:
        name: Of ``before`` or ``after``.
    """
    words: dict[str, str] = {
        "addresses": _("Addresses"),
        "amount_minor": _("Sum, in the smallest unit"),
        "article": _("Story"),
        "back_to": _("Back to version"),
        "because": _("Because of"),
        "by": _("By"),
        "change": _("Change"),
        "checked_by": _("Made sure by"),
        "copied_from": _("Copied from"),
        "currency": _("Currency"),
        "days": _("Days"),
        "disabled": _("Disabled"),
        "donor": _("Donor"),
        "donor_email_id": _("Address, by its number"),
        "donor_id": _("Donor, by its number"),
        "ended": _("Sessions ended"),
        "ends_on": _("Last day"),
        "error": _("Kind of error"),
        "events": _("Events"),
        "fields": _("Lines changed"),
        "flag": _("Flag"),
        "format": _("Form of file"),
        "fund_id": _("Fund, by its number"),
        "gift": _("Gift"),
        "gifts": _("Gifts"),
        "held": _("Held back"),
        "jobs": _("Works"),
        "kept_minor": _("Kept, in the smallest unit"),
        "kind": _("Kind"),
        "language": _("Language"),
        "left_minor": _("Left before, in the smallest unit"),
        "method": _("How it came"),
        "name": _("Name"),
        "name_changed": _("Name changed"),
        "named": _("Named"),
        "note": _("Note"),
        "on": _("Switched on"),
        "other": _("The other record"),
        "other_id": _("The other record, by its number"),
        "promise": _("Recurring gift"),
        "reason": _("Reason"),
        "receipt": _("Receipt"),
        "received_on": _("Day it came"),
        "recurring": _("Recurring gifts"),
        "refund": _("Refund"),
        "rhythm": _("How often"),
        "role": _("Role"),
        "rows": _("Rows"),
        "session": _("Session"),
        "state": _("State"),
        "status": _("State"),
        "subscription": _("Subscription at Stripe"),
        "version": _("Version"),
    }
    if name in LETTERS:
        return str(words_of(name).label)
    return words.get(name, name.replace("_", " "))


def say_value(name: str, value: Plain) -> str:
    """Say one value that the history keeps.

    Args:
        name: Of the value.
        value: As it is kept.
    """
    if value is None:
        none: str = _("none")
        return none
    if isinstance(value, bool):
        yes: str = _("yes") if value else _("no")
        return yes
    if name == "role" and value in ROLES:
        return say_role(str(value))
    if name == "ends_on":
        return long_date(date.fromisoformat(str(value)))
    known = {"flag": say_flag, "status": say_status, "by": _say_by, "rhythm": _say_rhythm}.get(name)
    try:
        return known(str(value)) if known is not None else str(value)
    except KeyError:
        return str(value)


def _say_by(by: str) -> str:
    words: dict[str, str] = {
        "authenticator": _("authenticator"),
        "recovery": _("recovery code"),
        "editor": _("an editor"),
        "import": _("its source"),
    }
    return words[by]


def _say_rhythm(rhythm: str) -> str:
    words: dict[str, str] = {"asked": _("only when asked"), "week": _("every week"), "month": _("every month")}
    return words[rhythm]
