"""What is said of the page of supporters where somebody gives: before they pay, in words kept with the gift."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from donate.money import Money, show_in_text
from donate.newsroom.supporters import FISCAL, Listing
from donate.web.language import current_language


@dataclass(frozen=True)
class Said:
    """What a form says beside the box that keeps a name away.

    Args:
        line: The sum that names a giver.
        rule: The sentence that always stands there, and is kept with the gift.
        so_far: What a member who is signed in has given towards it, in words; empty of anybody else.
        so_far_minor: The same in minor units.
        is_declined: Whether the member has said that they must not be named.
    """

    line: Money
    rule: str
    so_far: str = ""
    so_far_minor: int = 0
    is_declined: bool = False

    @property
    def reached_typed(self) -> str:
        """Say that a typed amount reaches the line in a year."""
        return str(_("In a year this reaches it: your name will stand there, unless you tick this."))

    def reached_by(self, gift: Money, times: int) -> str:
        """Say that a gift reaches the line; empty where it does not.

        Args:
            gift: Without the covered fee.
            times: How often it is given in a year.
        """
        year = Money(gift.minor * times, gift.currency)
        if self.is_declined or year.currency != self.line.currency or year.minor + self.so_far_minor < self.line.minor:
            return ""
        if times == 1:
            return reached_once()
        words: str = _(
            "Twelve of these come to %(sum)s, which reaches it: your name will stand there, unless you tick this.",
            sum=_shown(year),
        )
        return words


def listing_rule(line: Money) -> str:
    """Say who is named, as it stands on the form and is kept with the gift.

    Args:
        line: The sum that names a giver, in the form's currency.
    """
    words: str = _(
        "Whoever gives %(sum)s or more in a year is named on our page of supporters, without the sum. Tick this, and "
        "your name is not.",
        sum=_shown(line),
    )
    return words


def reached_once() -> str:
    """Say that the gift reaches the line."""
    return str(_("This gift reaches it: your name will stand there, unless you tick this."))


def said_on_form(line: Money, so_far_minor: int, *, is_declined: bool) -> Said:
    """Give all that a form says of being named.

    Args:
        line: As above.
        so_far_minor: What a member has given towards it this year; 0 of anybody else.
        is_declined: Whether the member has said that they must not be named.
    """
    if is_declined:
        return Said(line, listing_rule(line), _("You asked us not to name you, and we don’t."), is_declined=True)
    if not so_far_minor:
        return Said(line, listing_rule(line))
    so_far = _("This year you have given %(sum)s that counts.", sum=_shown(Money(so_far_minor, line.currency)))
    return Said(line, listing_rule(line), so_far, so_far_minor)


def say_lines(listing: Listing) -> str:
    """Say the sums that name a giver, one a currency."""
    shown = [_shown(each) for each in listing.lines]
    if len(shown) == 1:
        return shown[0]
    return str(_("%(sums)s or %(last)s", sums=", ".join(shown[:-1]), last=shown[-1]))


def say_year(listing: Listing) -> str:
    """Say what a year is."""
    return str(_("our financial year") if listing.year == FISCAL else _("a calendar year"))


def naming_box() -> str:
    """Give the words beside the box in a member's account."""
    return str(_("Name me on the page of supporters, in years in which my gifts reach it"))


def _shown(money: Money) -> str:
    return show_in_text(money, current_language())
