"""How a colleague stands, and why something can't be done to one, in words."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from donate.errors import StaffRefused
from donate.team.models import Staff
from donate.team.queries import works_here
from donate.web.reading import long_date
from donate.web.staff.words import say_role


def state_of(member: Staff) -> str:
    """Tell how a colleague stands: ``disabled``, ``over`` (their last day), ``invited`` or ``here``."""
    if member.disabled_at is not None:
        return "disabled"
    if not works_here(member):
        return "over"
    return "here" if member.totp_since is not None else "invited"


def say_state(state: str) -> str:
    """Say how a colleague stands.

    Args:
        state: As ``state_of`` tells.
    """
    words: dict[str, str] = {
        "here": _("Works here"),
        "invited": _("Has not come in yet"),
        "over": _("Last day is over"),
        "disabled": _("Disabled"),
    }
    return words[state]


def say_refusal(refused: StaffRefused) -> str:
    """Say why something was not done to a colleague, and what to do instead.

    Args:
        refused: As the verb refused it.
    """
    role, day = refused.values.get("role", ""), refused.values.get("day")
    words: dict[str, str] = {
        "not_yours": _("Your own role has changed meanwhile and does not allow this any more."),
        "own_row": _("This is you. Another owner does this for you."),
        "above_you": _(
            "%(role)s may do more than you, so this is for somebody who may do as much.",
            role=say_role(role) if role else "",
        ),
        "last_owner": _("This is the only owner who can come in. Make somebody else an owner first."),
        "owner_has_no_end": _("An owner has no last day. Leave the day empty, or choose another role."),
        "day_is_over": _(
            "%(day)s is over. Write the last day on which they may still come in.",
            day=long_date(day) if isinstance(day, date) else "",
        ),
        "has_come_in": _("They can ask for a link themselves: at the staff’s sign-in, with their own address."),
    }
    return words[refused.message]


def read_last_day(typed: str) -> tuple[date | None, str]:
    """Read a last day.

    Args:
        typed: As typed; empty is without an end.

    Returns:
        The day, and the sentence that names the repair where it can't be read.
    """
    try:
        return (date.fromisoformat(typed), "") if typed else (None, "")
    except ValueError:
        return None, _("Write a day as year, month and day, such as 2026-03-31.")
