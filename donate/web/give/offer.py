"""The amounts a form offers: the appeal's suggestions, and those a typed amount may have meant."""

from __future__ import annotations

from dataclasses import dataclass

from donate.appeals.campaign import Campaign, Presets, campaign_from
from donate.appeals.queries import find_evergreen
from donate.giving.fee_cover import fee_cover
from donate.money import Money

FREQUENCIES = ("once", "month", "year")
#: The page's style sheet knows the labels of so many amounts.
MOST_CHOICES = 8


@dataclass(frozen=True)
class Choice:
    """One amount beside its radio.

    Args:
        name: ``a1``, ``a2`` …: ties the radio to the labels that speak of it.
        gift: What is given.
        fee: What covering the card fee adds.
    """

    name: str
    gift: Money
    fee: Money


@dataclass(frozen=True)
class Offer:
    """All a form offers in one currency.

    Args:
        currency: ISO 4217 code.
        shown_for: The frequency the suggestions belong to; they stay when the reader switches it.
        choices: The suggestions.
        default: The one ticked first; None where nothing is suggested.
        largest: (frequency, the largest amount suggested for it), whichever is shown.
    """

    currency: str
    shown_for: str
    choices: tuple[Choice, ...]
    default: Money | None
    largest: tuple[tuple[str, Money], ...]

    def largest_for(self, frequency: str) -> Money | None:
        """Give the largest amount suggested for a frequency; None where nothing is."""
        return dict(self.largest).get(frequency)


def make_offer(campaign: Campaign | None, currency: str, frequency: str) -> Offer:
    """Gather the amounts offered: the appeal's, else the evergreen one's where it has none in this currency.

    Args:
        campaign: The appeal.
        currency: One of the newsroom's.
        frequency: The one the form opens with.
    """
    offered = _presets(campaign, currency)
    if not offered:
        evergreen = find_evergreen()
        offered = _presets(campaign_from(evergreen), currency) if evergreen is not None else {}
    presets = offered.get(frequency)
    return Offer(
        currency=currency,
        shown_for=frequency,
        choices=choices_of(presets.amounts[:MOST_CHOICES]) if presets else (),
        default=presets.default if presets else None,
        largest=tuple((name, max(each.amounts, key=lambda one: one.minor)) for name, each in offered.items()),
    )


def choices_of(amounts: tuple[Money, ...], after: int = 0) -> tuple[Choice, ...]:
    """Number amounts for the page.

    Args:
        amounts: In the order they stand in.
        after: How many stand before them.
    """
    return tuple(Choice(f"a{at}", gift, fee_cover(gift)) for at, gift in enumerate(amounts, start=after + 1))


def _presets(campaign: Campaign | None, currency: str) -> dict[str, Presets]:
    if campaign is None:
        return {}
    return {frequency: presets for code, frequency, presets in campaign.presets if code == currency}
