"""Being named among the supporters: what the form says of it, and whether a sent form's giver agreed."""

from __future__ import annotations

from donate.members.supporters import agreed_this_year, may_be_named
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.newsroom.supporters import listing_of
from donate.web.give.forms import DonationForm
from donate.web.listing_words import Said, listing_rule, said_on_form
from donate.web.who import member_or_none


def naming_on_form(currency: str) -> Said | None:
    """Give what the form says; none where nobody is named for gifts in a currency.

    Args:
        currency: The form's.
    """
    line = _line(currency)
    if line is None:
        return None
    here = member_or_none()
    if here is None:
        return said_on_form(line, 0, is_declined=False)
    is_declined = not may_be_named(here.donor.id)
    return said_on_form(line, agreed_this_year(here.donor.id, currency), is_declined=is_declined)


def is_said_to_member() -> bool:
    """Tell whether the form says more to who is signed in, so that it is drawn for them alone."""
    return listing_of(get_newsroom()) is not None and member_or_none() is not None


def agreed(form: DonationForm, currency: str) -> tuple[str, int | None]:
    """Give the words and the sum kept with a gift whose giver was told and did not stop it; nothing of anybody else.

    A form that named another sum than is set by now, or none, has told its reader nothing that holds.

    Args:
        form: As sent.
        currency: Its currency.
    """
    line = _line(currency)
    if line is None or form.anonymous.data or form.listing.data != str(line.minor):
        return "", None
    return listing_rule(line), line.minor


def _line(currency: str) -> Money | None:
    listing = listing_of(get_newsroom())
    return listing.line_in(currency) if listing is not None else None
