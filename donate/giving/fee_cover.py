"""What covering the card fee adds to a gift, in every currency."""

from __future__ import annotations

from decimal import Decimal

from donate.money import Money, gross_up
from donate.payments.units import minimum, round_up

#: The share of a charge that the fee is reckoned with; the real one is known once the bank has settled.
PERCENT = Decimal(3)
# The fixed part of a card fee, worth about 30 US cents, in ISO minor units.
_FIXED = {
    "USD": 30, "EUR": 30, "GBP": 25, "CAD": 40, "AUD": 45, "CHF": 30, "ILS": 110, "JOD": 210, "AED": 110, "JPY": 45,
    "SEK": 300, "NOK": 300, "DKK": 210, "PLN": 120, "INR": 2600,
}  # fmt: skip


def fixed_part(currency: str) -> Money:
    """Tell the fixed part of a card fee; the least Stripe charges is worth half a dollar, so three fifths of it.

    Args:
        currency: ISO 4217 code.
    """
    return Money(_FIXED.get(currency, minimum(currency).minor * 3 // 5), currency)


def fee_cover(gift: Money) -> Money:
    """Tell what is added so that a gift arrives whole, rounded up to what can be charged.

    Args:
        gift: What should arrive.
    """
    covered = gift + gross_up(gift, PERCENT, fixed_part(gift.currency).minor)
    return round_up(covered) - gift
