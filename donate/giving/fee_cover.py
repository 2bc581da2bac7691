"""What covering the card fee adds to a gift, so that the newsroom receives the whole of it."""

from __future__ import annotations

from decimal import Decimal

from donate.money import Money, gross_up
from donate.payments.units import round_up

#: An estimate a little above what cards cost most accounts; the real fee is booked when Stripe tells it.
PERCENT = Decimal("3")
#: The fixed part in ISO minor units, near 30 US cents.
_FIXED = {
    "USD": 30, "EUR": 25, "GBP": 20, "ILS": 120, "JOD": 220, "AED": 110, "CAD": 30, "AUD": 30, "CHF": 30, "SEK": 300,
    "NOK": 300, "DKK": 180, "JPY": 40, "KWD": 100, "BHD": 120, "OMR": 120, "TND": 900, "EGP": 1500, "TRY": 1000,
}  # fmt: skip
_OTHERWISE = 30


def fixed_minor(currency: str) -> int:
    """Tell the fixed part of the fee in a currency's minor units."""
    return _FIXED.get(currency, _OTHERWISE)


def fee_cover_for(gift: Money) -> Money:
    """Tell what covering the fee adds to a gift: grossed up and rounded up to what can be charged."""
    added = gross_up(gift, PERCENT, fixed_minor(gift.currency))
    return round_up(gift + added) - gift
