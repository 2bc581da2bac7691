"""The form's token: proof that a form came from us, and when, without any cookie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from donate import clock, references

LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Seen:
    """What a token tells.

    Args:
        authentic: We made it for this reference.
        fresh: And within the last day.
        shown_on: The newsroom's day the form was shown on; the authorisation names it.
    """

    authentic: bool
    fresh: bool
    shown_on: date | None


def make_token(reference: str, shown_on: date) -> str:
    """Sign a form's reference with the time and the day it is shown on.

    Args:
        reference: Minted with the form.
        shown_on: By the newsroom's calendar.
    """
    made_at = str(int(clock.real_now().timestamp()))
    day = shown_on.isoformat()
    return ".".join((made_at, day, references.sign("donate-form", reference, made_at, day)))


def read_token(token: str, reference: str) -> Seen:
    """Tell whether a token is ours, how old it is, and what day it names.

    Args:
        token: As posted.
        reference: As posted beside it.
    """
    made_at, _, rest = token.partition(".")
    day, _, key = rest.partition(".")
    if not references.is_reference(reference) or not references.is_signed(key, "donate-form", reference, made_at, day):
        return Seen(authentic=False, fresh=False, shown_on=None)
    age = clock.real_now() - clock.from_epoch(int(made_at))
    return Seen(authentic=True, fresh=age <= LIFE, shown_on=date.fromisoformat(day))
